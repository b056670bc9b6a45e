"""Bytes of mails as text: the charset told is often wrong, missing, or no charset at all.

UTF-8 is tried first where a Western charset or none is told, as text in those hardly ever is valid UTF-8 by chance.
"""

import codecs
import re
from functools import lru_cache

WIDER = {
    "iso8859-1": "cp1252",
    "ascii": "",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "big5": "big5hkscs",
    "iso8859-9": "cp1254",
    "tis-620": "cp874",
}
"""Charsets that people name where they mean the larger one."""

WEST = frozenset(["", "utf-8", "cp1252", "iso8859-15", "cp1254", "iso8859-2", "cp1250"])
"""Charsets whose bytes below 128 are ASCII, and for which UTF-8 may be told wrongly."""

NO_CHARSETS = frozenset(["punycode", "unicode-escape", "raw-unicode-escape", "unicode_escape", "raw_unicode_escape"])
"""What Python can decode, but no mail is written in."""

CONTROLS = bytes(byte for byte in range(32) if byte not in b"\t\n") + b"\x7f"
UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
SPECIALS = "€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ"
MANGLED = re.compile(f"[Â-ô][\x80-¿{SPECIALS}]")
TO_LATIN = {ord(special): 0x80 + place for place, special in enumerate(SPECIALS)}


@lru_cache(maxsize=1000)
def codec_of(charset: str) -> str:
    """Python's name of a charset as mails name it; "" where it tells nothing."""
    name = charset.strip(" \"'").lower().removesuffix("-i")
    if name.startswith("ks_c_5601"):
        return "cp949"
    try:
        found = codecs.lookup(name.removeprefix("x-"))
        b"\xffa".decode(found.name, "replace")
    except (LookupError, ValueError):
        return ""
    if found.name in NO_CHARSETS:
        return ""
    return WIDER.get(found.name, found.name)


def decode(raw: bytes, charset: str = "") -> str:
    """Text without NUL, control signs and halves of surrogate pairs; what cannot be read becomes U+FFFD."""
    codec = codec_of(charset) if charset else ""
    if codec not in WEST:
        try:
            return UNWANTED.sub("", raw.decode(codec))
        except ValueError:
            return decode(raw) if valid(raw) else UNWANTED.sub("", raw.decode(codec, "replace"))
    raw = raw.translate(None, CONTROLS)
    if raw.isascii():
        return raw.decode("ascii")
    try:
        return mended(raw.decode("utf-8"))
    except UnicodeDecodeError:
        return western(raw, codec)


def valid(raw: bytes) -> bool:
    """Whether bytes are UTF-8."""
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def western(raw: bytes, codec: str) -> str:
    """Bytes that are not quite UTF-8: spoilt UTF-8 where most of it still is, else one of the Western charsets."""
    spoilt = raw.decode("utf-8", "replace")
    lost = spoilt.count("\ufffd")
    if codec in ("", "utf-8") and len(spoilt) - len(spoilt.encode("ascii", "ignore")) > 2 * lost:
        return spoilt
    return raw.decode(codec if codec not in ("", "utf-8") else "cp1252", "replace")


def mended(text: str) -> str:
    """Text that was once UTF-8 taken for Latin (“Tráº§n”) as it was; every other text unchanged."""
    if not MANGLED.search(text):
        return text
    try:
        return text.translate(TO_LATIN).encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text
