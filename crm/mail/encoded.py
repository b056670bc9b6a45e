"""Words in headers come as =?charset?Q?…?=, often cut in the middle of a letter, with blanks inside, or as bare bytes."""

import binascii
import re

from crm.mail.charsets import decode, mended

WORD = re.compile(r"=\?([^?\s*]{1,40})(?:\*[^?\s]*)?\?([bBqQ])\?([^?]*)\?=")
BETWEEN = re.compile(r"\?=\s+=\?")
ALPHABET = re.compile(rb"[A-Za-z0-9+/=\s]*")


def unbase64(raw: bytes) -> bytes:
    """Base64 as far as it is such; a plain footer that a list has put below is left away."""
    written = ALPHABET.match(raw)
    letters = b"".join((written[0] if written else b"").split()).replace(b"=", b"")
    if len(letters) % 4 == 1:
        letters = letters[:-1]
    return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))


def header(raw: bytes) -> str:
    """The value of a header as text on one line."""
    text = decode(raw)
    if "=?" in text:
        text = words(text)
    return " ".join(text.split())


def words(text: str) -> str:
    """The text with its encoded words read; neighbours in one charset are joined before they are decoded."""
    text = BETWEEN.sub("?==?", text)
    parts: list[str] = []
    held, charset, end = b"", "", 0
    for found in WORD.finditer(text):
        if found.start() > end or found[1].lower() != charset:
            parts.append(decode(held, charset))
            parts.append(text[end : found.start()])
            held, charset = b"", found[1].lower()
        coded = found[3].encode("utf-8", "replace")
        held += unbase64(coded) if found[2] in "bB" else binascii.a2b_qp(coded, header=True)
        end = found.end()
    return mended("".join([*parts, decode(held, charset), text[end:]]))
