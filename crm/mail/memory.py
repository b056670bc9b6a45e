"""What this run has seen, in a fixed room: who wrote which mail, who is called what, which subject was begun when.

Archives come in months sorted by name (April before March) or newest first, so all of it is learnt before anything is told.
That is much, so a mail takes some 200 bytes: what is only compared is kept as hashes, and a name that stands twice as one.
"""

from sys import intern

import msgspec

from crm.activity import Who
from crm.mail.mail import Mail
from crm.recent import Recent

MAILS, OTHERS = 50_000, 20_000
"""At least so many of the last mails are remembered, and so many people, names and subjects."""

DEEPEST = 1_000
"""Answers to answers that are followed up to the mail that began them."""

LATE = 120 * 24 * 60 * 60
"""Seconds after a mail within which an answer may come that says only by its subject what it answers."""

LATELY = 12
"""Mails of one subject that are remembered; “Minutes” is written each month."""

SURE, SUBJECT, BEGINNING = 1 << 64, 0xFFFFFFFF << 32, 0xFFFFFFFF
"""The bits of a gist; above them is the moment."""


class Known(msgspec.Struct, gc=False, eq=False):
    """A mail: its key, who wrote it, its gist, what it answers, the first it refers to, the lists it was told of."""

    key: str
    who: Who | None
    gist: int
    parent: str
    root: str
    told: str = ""

    @property
    def at(self) -> int:
        """When it was written, in seconds since 1970."""
        return self.gist >> 65


class Memory:
    """Mails by their keys, people by their accounts and by their names, beginnings by list and subject."""

    def __init__(self) -> None:
        self.mails: Recent[str, Known] = Recent(MAILS)
        self.people: Recent[str, Who] = Recent(OTHERS)
        self.names: Recent[str, Who | str] = Recent(OTHERS)
        self.subjects: Recent[int, tuple[Known, ...]] = Recent(OTHERS)

    def key(self, mail: Mail) -> str:
        """The mail's Message-ID; if another mail of another moment and text has it too, then with its own moment."""
        known = self.mails.get(mail.id)
        if not known or known.at == moment(mail):
            return mail.id
        apart = known.gist ^ gist(mail)
        if not apart & BEGINNING:
            return mail.id
        both_sure = known.gist & SURE and mail.stamp.sure
        return f"{mail.id}#{mail.at:%Y%m%dT%H%M%SZ}" if both_sure or apart & SUBJECT else mail.id

    def learn(self, mail: Mail, who: Who | None) -> Known:
        """Remember a mail and who wrote it."""
        key = self.key(mail)
        writer = self.meet(who) if who else None
        known = self.mails.get(key)
        if known is None:
            parent = self.same(mail.parent)
            root = parent if mail.root == parent else self.same(mail.root)
            known = Known(key, writer, gist(mail), parent, root)
            self.mails.put(key, known)
        if mail.base and not mail.answers:
            subject = hash((mail.own, mail.base))
            before = self.subjects.get(subject) or ()
            if all(one.key != known.key for one in before):
                self.subjects.put(subject, (*before, known)[-LATELY:])
        return known

    def same(self, key: str) -> str:
        """The key, as the very text that is remembered already if it is."""
        known = self.mails.get(key) if key else None
        return known.key if known else key

    def repeats(self, host: str, known: Known) -> bool:
        """Whether a mail of a list was told before; mails come twice where archives overlap or a list sent one again."""
        if host in known.told.split("\n"):
            return True
        known.told = intern(f"{known.told}\n{host}")
        return False

    def meet(self, who: Who) -> Who:
        """Remember a person, the same one if nothing is new; a name that two accounts bear tells them apart no more."""
        before = self.people.get(who.uid)
        who = before if before == who else who
        self.people.put(who.uid, who)
        name = who.name.casefold()
        known = self.names.get(name) if name else ""
        if known is None or (isinstance(known, Who) and known.uid != who.uid):
            self.names.put(name, who if known is None else "")
        return who

    def called(self, name: str) -> Who | None:
        """The only person of that name, if there is just one."""
        found = self.names.get(name.casefold()) if name else None
        return found if isinstance(found, Who) else None

    def has_met(self, name: str) -> bool:
        """Whether anybody of that name writes here, be it one or several."""
        return bool(name) and self.names.get(name.casefold()) is not None

    def begun(self, mail: Mail) -> str:
        """The key of the last mail that began this subject before this mail, not too long ago; else ""."""
        known = self.subjects.get(hash((mail.own, mail.base))) if mail.base else None
        at = moment(mail)
        earlier = [one for one in known or () if at - LATE <= one.at <= at]
        return max(earlier, key=lambda one: one.at).key if earlier else ""

    def thread(self, key: str, parent: str, root: str) -> str:
        """The key of the mail with which the conversation began, as far up as this run knows it."""
        met = {key}
        for _ in range(DEEPEST):
            above = parent if parent and (not root or self.mails.get(parent)) else root
            if not above:
                return key
            if above in met:  # mails that answer one another in a circle
                return min(met)
            known = self.mails.get(above)
            if known is None:
                return above
            met.add(above)
            key, parent, root = above, known.parent, known.root
        return key


def moment(mail: Mail) -> int:
    """When a mail was written, in seconds since 1970."""
    return int(mail.at.timestamp())


def gist(mail: Mail) -> int:
    """When a mail was written and whether that is sure, what about and how its body begins, as one number."""
    written = moment(mail) << 65 | mail.stamp.sure << 64
    return written | (hash(mail.base) & BEGINNING) << 32 | mail.beginning & BEGINNING
