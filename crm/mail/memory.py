"""What this run has seen, in a fixed room: who wrote which mail, who is called what, which subject was begun when.

Archives come in months sorted by name (April before March) or newest first, so all of it is learnt before anything is told.
"""

from datetime import datetime, timedelta

import msgspec

from crm.activity import Who
from crm.mail.dates import Stamp
from crm.mail.mail import Mail
from crm.recent import Recent

ROOM = 50_000
DEEPEST = 1_000
"""Answers to answers that are followed up to the mail that began them."""

LATE = timedelta(days=120)
"""How long after a mail an answer may come that says only by its subject what it answers."""

LATELY = 12
"""Mails of one subject that are remembered; “Minutes” is written each month."""


class Known(msgspec.Struct, frozen=True, gc=False):
    """A mail: who wrote it, when, its subject and how its body begins (as hashes), what it answers, the first it refers to."""

    who: Who | None
    stamp: Stamp
    base: int
    beginning: int
    parent: str = ""
    root: str = ""


class Begun(msgspec.Struct, frozen=True, gc=False):
    """A mail that began a subject."""

    at: datetime
    key: str


class Memory:
    """Mails by their keys, people by their accounts and by their names, beginnings by list and subject."""

    def __init__(self) -> None:
        self.mails: Recent[str, Known] = Recent(ROOM)
        self.told: Recent[str, bool] = Recent(ROOM)
        self.people: Recent[str, Who] = Recent(ROOM)
        self.names: Recent[str, Who | str] = Recent(ROOM)
        self.subjects: Recent[str, tuple[Begun, ...]] = Recent(ROOM)

    def key(self, mail: Mail) -> str:
        """The mail's Message-ID; if another mail of another moment and text has it too, then with its own moment."""
        known = self.mails.get(mail.id)
        if not known or known.stamp.at == mail.at or known.beginning == mail.beginning:
            return mail.id
        both_sure = known.stamp.sure and mail.stamp.sure
        return f"{mail.id}#{mail.at:%Y%m%dT%H%M%SZ}" if both_sure or known.base != hash(mail.base) else mail.id

    def learn(self, mail: Mail, who: Who | None) -> str:
        """Remember a mail and who wrote it; its key."""
        key = self.key(mail)
        if who:
            self.meet(who)
        if self.mails.get(key) is None:
            self.mails.put(key, Known(who, mail.stamp, hash(mail.base), mail.beginning, mail.parent, mail.root))
        if mail.base and not mail.answers:
            subject, begun = f"{mail.own}\n{mail.base}", Begun(mail.at, key)
            known = self.subjects.get(subject) or ()
            if begun not in known:
                self.subjects.put(subject, (*known, begun)[-LATELY:])
        return key

    def repeats(self, host: str, key: str) -> bool:
        """Whether a mail of a list was told before; mails come twice where archives overlap or a list sent one again."""
        name = f"{host}\n{key}"
        if self.told.get(name):
            return True
        self.told.put(name, True)
        return False

    def meet(self, who: Who) -> None:
        """Remember a person; a name that two accounts bear tells them apart no more."""
        self.people.put(who.uid, who)
        name = who.name.casefold()
        known = self.names.get(name) if name else ""
        if known is None or (isinstance(known, Who) and known.uid != who.uid):
            self.names.put(name, who if known is None else "")

    def called(self, name: str) -> Who | None:
        """The only person of that name, if there is just one."""
        found = self.names.get(name.casefold()) if name else None
        return found if isinstance(found, Who) else None

    def has_met(self, name: str) -> bool:
        """Whether anybody of that name writes here, be it one or several."""
        return bool(name) and self.names.get(name.casefold()) is not None

    def begun(self, mail: Mail) -> str:
        """The key of the last mail that began this subject before this mail, not too long ago; else ""."""
        known = self.subjects.get(f"{mail.own}\n{mail.base}") if mail.base else None
        earlier = [one for one in known or () if mail.at - LATE <= one.at <= mail.at]
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
