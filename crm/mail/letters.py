"""The mails of a file: of a mailbox with many, or the one that a file of a Maildir or an .eml is."""

from collections.abc import Iterator
from typing import Any

from crm.errors import Refusal
from crm.mail.headers import looks_like_a_mail
from crm.mail.mbox import Cutter, Piece, begins_mailbox
from crm.reading import Document
from crm.reading.cutting import LONGEST

BOM = b"\xef\xbb\xbf"
NEITHER = "this is neither a mailbox (it does not begin with a “From ” line) nor a mail (it has no “From:”, “Date:”, “Subject:”)"
EMPTY = "the file is empty"


def is_mailbox(head: bytes) -> bool:
    """Whether a text holds many mails, each below a line that begins with “From ”."""
    return begins_mailbox(head.removeprefix(BOM))


def is_mail(head: bytes) -> bool:
    """Whether a text is one mail."""
    return looks_like_a_mail(head.removeprefix(BOM))


def letters(document: Document) -> Iterator[Piece]:
    """The mails in their order. Refusal where the file holds none or cannot be read on."""
    stream: Any = document.stream
    head = stream.peek(1 << 16)
    if is_mailbox(head):
        yield from Cutter(stream).pieces()
    elif is_mail(head):
        raw = stream.read(LONGEST + 1)
        yield Piece(1, b"", b"", raw.removeprefix(BOM).lstrip(b"\r\n"), cut=len(raw) > LONGEST)
    else:
        raise Refusal(NEITHER if head.strip() else EMPTY)
