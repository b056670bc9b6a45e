"""A mail is a tree of parts; people read one of them, and the others are named.

Python's own parser for mail is general and takes a millisecond for each; this one only walks where the text can be.
"""

import binascii
import re
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from crm.mail.charsets import decode
from crm.mail.encoded import header, unbase64
from crm.mail.headers import ANY, Fields, split
from crm.mail.html import plain

PARAMETER = re.compile(r";\s*([\w*.-]+)\s*=\s*(\"(?:[^\"\\]|\\.)*\"|[^;\s]*)")
SEALS = (
    "application/pgp-signature",
    "application/pkcs7-signature",
    "application/x-pkcs7-signature",
    "application/ms-tnef",
)
DEEPEST, MOST = 10, 500
"""Parts inside parts, and parts of one mail, that are looked at; more is an attack, not a mail."""


class Type(NamedTuple):
    """A header such as Content-Type: its word in small letters, its parameters."""

    word: str
    parameters: dict[str, str]


class Said(NamedTuple):
    """What a part says, and the files that come with it."""

    text: str
    files: tuple[str, ...] = ()


@lru_cache(maxsize=4_000)
def typed(raw: bytes) -> Type:
    """The header read; of a parameter in several pieces all are joined."""
    text = raw.decode("utf-8", "replace")
    pieces: dict[str, dict[str, str]] = {}
    for name, value in PARAMETER.findall(text):
        base, _, number = name.lower().partition("*")
        pieces.setdefault(base, {}).setdefault(number, value)
    parameters = {name: joined(found) for name, found in pieces.items()}
    return Type(text.partition(";")[0].strip().lower(), parameters)


def joined(pieces: dict[str, str]) -> str:
    """A parameter out of its pieces; those whose number ends with “*” are written as in addresses of pages."""
    numbers = sorted(pieces, key=lambda number: int(number.rstrip("*")) if number.rstrip("*").isdecimal() else 0)
    values = [pieces[number].strip('"') for number in numbers]
    charset = ""
    if numbers[0] in ("", "0*") and values[0].count("'") >= 2 and "%" in "".join(values):
        charset, _, values[0] = values[0].split("'", 2)
    whole = b"".join(unquote_to_bytes(value) if charset else value.encode("utf-8", "replace") for value in values)
    return decode(whole, charset) if charset else header(whole)


def said(fields: Fields, body: bytes, depth: int = 0) -> Said:
    """What a part and those inside it say."""
    kind, of = typed(fields.get("content-type", b""))
    if kind.startswith("multipart/") and depth < DEEPEST:
        parts = inside(body, of.get("boundary", ""))
        if parts:
            return of_many(kind, [(one, split(one)) for one in parts], depth)
    disposition, placed = typed(fields.get("content-disposition", b""))
    name = placed.get("filename") or of.get("name", "")
    if disposition == "attachment" or name or not (kind.startswith(("text/", "multipart/")) or "/" not in kind):
        return Said("", () if kind in SEALS else (shown(name, kind, body),))
    text = decode(unpacked(fields, body), of.get("charset", ""))
    if kind == "text/html":
        return Said(plain(text))
    return Said(text if kind in ("", "text/plain", "text") or kind.startswith("multipart/") or "/" not in kind else "")


def of_many(kind: str, parts: list[tuple[bytes, tuple[Fields, bytes]]], depth: int) -> Said:
    """The parts one below the other; of alternatives the plain one, of a page with pictures the page."""
    read: list[tuple[str, Said]] = []
    for raw, (fields, below) in parts:
        if kind == "multipart/related" and "content-id" in fields and read:
            continue
        body = below if fields or ANY.match(raw) else raw
        read.append((typed(fields.get("content-type", b"")).word, said(fields, body, depth + 1)))
    if kind == "multipart/alternative":
        texts = [one for word, one in read if one.text.strip() and word in ("", "text/plain")]
        texts = texts[:1] or [one for _, one in read if one.text.strip()][-1:]
        return Said(texts[0].text if texts else "", tuple(file for _, one in read for file in one.files))
    text = "\n\n".join(one.text for _, one in read if one.text.strip())
    return Said(text, tuple(file for _, one in read for file in one.files))


def inside(body: bytes, boundary: str) -> list[bytes]:
    """The parts between lines of the boundary, up to the one that ends them."""
    line = b"--" + boundary.encode("utf-8", "replace")
    if not boundary:
        first = body.lstrip(b"\n").partition(b"\n")[0].rstrip()
        if not first.startswith(b"--") or len(first) < 6:
            return []
        line = first
    found: list[bytes] = []
    for piece in (b"\n" + body).split(b"\n" + line, MOST)[1:]:
        rest, _, below = piece.partition(b"\n")
        if rest.startswith(b"--"):
            break
        if rest.strip() and found:  # a longer boundary of parts inside this one
            found[-1] += b"\n" + line + piece
        else:
            found.append(below)
    return found


def unpacked(fields: Fields, body: bytes) -> bytes:
    """The bytes of a part as they were before they were made fit for the way."""
    way = fields.get("content-transfer-encoding", b"").strip().lower()
    if way == b"base64":
        return unbase64(body)
    return binascii.a2b_qp(body) if way == b"quoted-printable" else body


def shown(name: str, kind: str, body: bytes) -> str:
    """What to call a file: its name, the subject of a mail that was attached, or its type."""
    if not name and kind == "message/rfc822":
        name = header(split(body)[0].get("subject", b""))
    return " ".join(name.split()) or kind or "?"
