"""Archives without headers of a list (Pipermail, HyperKitty, groups.io) tell it only as a whole.

It shows in the address that all mails went to, else in the mark of their subjects, else in the footers below them. All mails
of a list have the same mark, so that any month alone gives the same as all of them.
"""

import re
from collections import Counter

from crm.activity import Who
from crm.mail.address import addresses, whole
from crm.mail.headers import Fields
from crm.mail.lists import dotted
from crm.mail.mail import Mail
from crm.mail.subject import names_a_list

FOOT = re.compile(rb"[> \t]*([\w.+-]{2,80}(?: at |@)[\w.-]{3,80}) mailing list\s")
FOOT_BELOW = re.compile(rb"[^\n]* mailing list *\n[> \t]*([\w.+-]{2,80}(?: at |@)[\w.-]{3,80})\s")
ROOM = 5_000
"""Different addresses and marks that are counted for one document; more are of no use."""

SURE = 3
"""Mails that must have gone to an address before it is taken for a list's, unless the archive has masked it."""


class Silent:
    """Mails that name no list."""

    def __init__(self) -> None:
        self.mails = self.masked = 0
        self.sent: Counter[str] = Counter()
        self.feet: Counter[str] = Counter()
        self.people: set[str] = set()

    def see(self, mail: Mail, who: Who | None) -> None:
        self.mails += 1
        sent = {name: addresses(mail.fields.get(name, b"")) for name in ("to", "cc", "delivered-to")}
        self.masked += bool(sent["to"]) and b"@" not in mail.fields["to"]
        for address in {*sent["to"], *sent["cc"]}:
            count(self.sent, address)
        if len(self.people) < ROOM:
            self.people.update((who.uid if who else "", *sent["delivered-to"]))
        if (place := mail.body.rfind(b" mailing list")) >= 0:
            begin = mail.body.rfind(b"\n", 0, place) + 1
            if foot := FOOT.match(mail.body, begin) or FOOT_BELOW.match(mail.body, begin):
                count(self.feet, whole(foot[1].decode("latin-1")))

    def shared(self) -> str:
        """The address that nearly all went to and that is nobody's who writes here."""
        if self.mails >= SURE or self.masked == self.mails:
            for address, times in self.sent.most_common(3):
                if times >= 0.9 * self.mails and address not in self.people:
                    return dotted(address)
        return ""


class Evidence:
    """What the mails of one document, or of a whole run, show of their list."""

    def __init__(self) -> None:
        self.mails = 0
        self.is_mailbox = False
        self.lists: Counter[str] = Counter()
        self.marks: Counter[str] = Counter()
        self.silent = Silent()

    def see(self, mail: Mail, who: Who | None) -> None:
        """Learn from one mail and who wrote it."""
        self.mails += 1
        self.is_mailbox = self.is_mailbox or bool(mail.sender)
        if mail.mark and names_a_list(mail.mark):
            count(self.marks, mail.mark.casefold())
        if mail.own:
            count(self.lists, mail.own)
        else:
            self.silent.see(mail, who)

    def merge(self, other: "Evidence") -> None:
        """Learn what the mails of another document show."""
        self.mails += other.mails
        self.silent.mails += other.silent.mails
        self.silent.masked += other.silent.masked
        self.silent.people |= other.silent.people if len(self.silent.people) < ROOM else set()
        for mine, its in (
            (self.lists, other.lists), (self.marks, other.marks),
            (self.silent.sent, other.silent.sent), (self.silent.feet, other.silent.feet),
        ):  # fmt: skip
            for what, times in its.items():
                count(mine, what, times)

    def mark(self) -> str:
        """The mark in most subjects, in small letters, or ""."""
        for found, times in self.marks.most_common(1):
            if times >= 0.5 * self.mails:
                return found
        return ""

    def host(self) -> str:
        """The one list that all shows, or ""."""
        if self.lists:
            return next(iter(self.lists)) if len(self.lists) == 1 else ""
        return self.silent.shared() or self.mark() or self.foot()

    def foot(self) -> str:
        """The list that the footers name, if they agree."""
        feet = self.silent.feet
        found, times = next(iter(feet.most_common(1)), ("", 0))
        return dotted(found) if times >= 0.05 * self.mails and times > 0.5 * feet.total() else ""

    def one_of(self, fields: Fields) -> str:
        """Which of the lists seen here a mail that names none was sent to, or ""."""
        sent = (dotted(address) for name in ("to", "cc") for address in addresses(fields.get(name, b"")))
        return next((host for host in sent if host in self.lists), "")


def count(counter: Counter[str], what: str, times: int = 1) -> None:
    """Count it, unless too many different ones are counted already."""
    if what in counter or len(counter) < ROOM:
        counter[what] += times
