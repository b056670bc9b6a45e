"""One mail as its headers tell it, before its list is settled and its body is read."""

import re
from datetime import datetime
from hashlib import sha256

import msgspec

from crm.activity import Who
from crm.mail.dates import Stamp, when
from crm.mail.encoded import header
from crm.mail.headers import Fields, split
from crm.mail.lists import told_by
from crm.mail.mbox import Piece
from crm.mail.subject import peeled
from crm.mail.writers import writer
from crm.reading.cutting import TOO_LONG

ID = re.compile(rb"<([^<>]{1,900})>")
NO_HEADERS = "this is not a mail: it has no headers"
NO_DATE = "this mail can’t be placed in time: neither its date nor the time of its arrival can be read"
LONGEST_SUBJECT = 4_000
LONG = 250
"""Letters of a key; what is longer is shortened to its digest."""


class Mail(msgspec.Struct, gc=False):
    """`own` is the list that the mail itself names; `id`, `parent` and `root` are Message-IDs without brackets.

    `answers` tells that it says it is an answer, by its headers or its subject; `base` is the subject for
    comparing, `mark` the first words in brackets before it.
    """

    fields: Fields
    body: bytes
    sender: bytes
    own: str
    id: str
    stamp: Stamp
    subject: str
    mark: str
    base: str
    answers: bool
    parent: str
    root: str

    @property
    def at(self) -> datetime:
        return self.stamp.at

    @property
    def beginning(self) -> int:
        """What tells this mail's text from that of most others, however its lines are broken."""
        return hash(b"".join(self.body[:500].split()))

    def written_by(self, host: str) -> tuple[Who | None, str]:
        """Who wrote it to that list, and what had to be guessed."""
        return writer(self.fields, host, self.sender)


def opened(piece: Piece, now: datetime) -> Mail | str:
    """The mail, or in a sentence why it is none."""
    if piece.cut:
        return TOO_LONG
    fields, body = split(piece.raw)
    if not fields:
        return NO_HEADERS
    stamp = when(fields, piece.date, now)
    if stamp is None:
        return NO_DATE
    subject = header(fields.get("subject", b"")[:LONGEST_SUBJECT])
    says, marks, bare = peeled(subject)
    named = ids(fields.get("message-id", b"")) or [""]
    chain = [one for one in ids(fields.get("references", b"")) if one != named[0]]
    answered = [one for one in ids(fields.get("in-reply-to", b"")) if one != named[0]]
    parent = (answered or chain[-1:] or [""])[0]
    mail = Mail(
        fields=fields,
        body=body,
        sender=piece.sender,
        own=told_by(fields),
        id=named[0],
        stamp=stamp,
        subject=subject,
        mark=marks[0] if marks else "",
        base=" ".join(bare.casefold().split()),
        answers=bool(parent) or says,
        parent=parent,
        root=chain[0] if chain else "",
    )
    mail.id = mail.id or derived(mail)
    return mail


def ids(raw: bytes) -> list[str]:
    """The Message-IDs in a header, without brackets, blanks and masks; of one without brackets the word with “@”."""
    if not raw:
        return []
    found = ID.findall(raw) or [word for word in raw.split() if b"@" in word and len(word) > 3][:1]
    return [
        shortened("".join(one.replace(b" at ", b"@").decode("utf-8", "replace").split()))
        for one in found
        if one.strip()
    ]


def shortened(key: str) -> str:
    key = key.replace("\0", "")
    return key if len(key) <= LONG else "long:" + digest(key.encode())


def derived(mail: Mail) -> str:
    """A key for a mail without a Message-ID: who, when, what about, what; copies of one mail have the same."""
    who = mail.fields.get("from") or mail.sender
    told = (who, mail.at.isoformat().encode(), mail.base.encode(), b"".join(mail.body.split()))
    return "derived:" + digest(b"\n".join(told))


def digest(raw: bytes) -> str:
    return sha256(raw).hexdigest()[:32]
