"""Below what a person wrote stand signatures, footers of lists, seals, and notes of what the archive has taken away."""

import re
from typing import NamedTuple

from crm.plain import tidy

NEXT = re.compile(r"\n[^\n]*-{8,} [^\n-]{4,25} -{8,}(?=\n)")
NOTE = re.compile(
    r"\n(?:[^\n]*-{8,} [^\n-]{4,25} -{8,}\n)?[^\n]{10,90}\.\.\.\n((?:[A-Z][\w-]{2,12} ?: ?[^\n]*\n){0,6})U(?:RL|rl) ?: ?[^\n]*"
)
"""What Pipermail leaves of an attachment: a sentence in the list's language, its name and type, where it lies."""

SCRUBBED = re.compile(r"^(?:Name|Subject|Nom|Nome|Nombre|Betreff) ?: *(.+)$", re.MULTILINE)
SKIPPED = re.compile(r"\nSkipped content of type [\w/.+-]{3,60}(?=\n|\Z|-{8})")
SEAL = re.compile(r"^(?:signature\.asc|smime\.p7s|.*\.pgp|not available|unavailable)$", re.IGNORECASE)
SIGNED = re.compile(r"-----BEGIN PGP SIGNED MESSAGE-----\n(?:[\w-]+:[^\n]*\n)*\n?")
SIGNATURE = re.compile(r"-----BEGIN PGP SIGNATURE-----.*?(?:-----END PGP SIGNATURE-----|\Z)", re.DOTALL)
CODED = re.compile(r"^begin [0-7]{3,4} ([^\n]{1,200})\n(?:[ -`]{1,61}\n)+(?:`?\n)?end$", re.MULTILINE)
FOOTER = re.compile(
    r"^(?:_{20,}\n(?=[^\n]*(?:list|@| at )|https?:)"
    r"|-{20,}\n(?:To (?:un)?subscribe|For (?:un)?subscri|Um sich)"
    r"|(?:-=){5,}-?\s*\n|_\._,_\._,_\n|-- \n_{20,}\n"
    r"|Sent from my [^\n]{2,40}$|Get Outlook for [^\n]{2,30}$|Gửi từ [^\n]{2,40} của tôi\.?$|Von meinem [^\n]{2,40} gesendet\.?$)",
    re.MULTILINE,
)
FEET = ("____", "--\nTo ", "--\nFor ", "--\nUm ", "-=-=", "_._,", "Sent from my", "Get Outlook", "Gửi từ", "Von meinem")
"""One of these stands in every text with a footer; looking for them first is much faster."""

DASHES = re.compile(r"\n--( ?)(?=\n|\Z)")
SHORT = 12
"""Lines that may follow two dashes without a blank for these to be a signature's."""


class Bare(NamedTuple):
    """A text as the archive keeps it, without its own notes, and the files that these name."""

    text: str
    files: tuple[str, ...] = ()


def bare(text: str) -> Bare:
    """The text without seals, encoded files and notes about what was taken away."""
    files: list[str] = []
    text = "\n" + text
    if "\nURL" in text or "\nUrl" in text:
        notes = [SCRUBBED.search(note) for note in NOTE.findall(text)]
        files = [note[1].strip() for note in notes if note and not SEAL.match(note[1].strip())]
        text = NOTE.sub("\n", text)
    if "-------- " in text:
        text = SKIPPED.sub("", NEXT.sub("\n", text))
    if "-----BEGIN PGP" in text:
        text = SIGNATURE.sub("", SIGNED.sub("", text))
    if "\nend" in text and "begin " in text:
        files += CODED.findall(text)
        text = CODED.sub("", text)
    return Bare(text, tuple(files))


def unsigned(text: str) -> str:
    """The text up to its signature or footer."""
    if any(foot in text for foot in FEET) and (found := FOOTER.search(text)):
        text = text[: found.start()]
    near = len(text.rsplit("\n", SHORT + 1)[0]) if text.count("\n") > SHORT else 0  # where the last lines begin
    for dashes in DASHES.finditer("\n" + text):
        if dashes[1] or dashes.start() >= near:
            return tidy(text[: max(dashes.start() - 1, 0)])
    return tidy(text)
