"""Above a quote mail programs put whom it is of, in the language and the manner of each: “On …, Anna Ng wrote:”."""

import re
from typing import NamedTuple

from crm.mail.address import DOMAIN, LOCAL, whole

SAYS = re.compile(
    r"(?:wrote|writes?|said|replied|answered|schrieb(?:en)?|a écrit|écrit|escribi[oó]|escreveu|ha scritto|scrisse"
    r"|schreef|skrev|kirjoitti|napisał(?:\(a\)|a)?|pisze|пишет|писал\w*|написал\w*|đã viết|viết)\b|写道|寫道|のメッセージ"
)
DATED = re.compile(r"(?:On|At|Am|Le|El|Em|Il|Op|Den|På|Dnia|W dniu|Vào|Ngày|Lúc|Quoting|---|\d)[^\n]*\d", re.IGNORECASE)
ADDRESS = re.compile(rf"[<(\[]?((?:mailto:)?{LOCAL}(?:@| at ){DOMAIN})[>)\]]?", re.IGNORECASE)
WHEN = re.compile(
    r"^.*(?:\d{1,2}[:.h]\d\d(?:[:.]\d\d)?(?: ?[AaPp]\.?[Mm]\.?)?(?: ?\(?[A-Z]{2,5}\)?[+-]?[\d:]*| ?[+-]\d{4})*|\b\d{4}|-\d\d)"
    r"(?=[\s,])[,\s]*"
)
TALLEST = 4
"""Lines over which a mail program spreads the words above a quote."""


class Source(NamedTuple):
    """Whom a quote names: a whole address or "", a name or ""."""

    name: str
    address: str


def introduction(above: str) -> tuple[str, str]:
    """The text above a quote parted from the words that introduce the quote; these "" where there are none."""
    lines = above.rstrip().rsplit("\n", TALLEST)
    if above.endswith("\n\n\n") or not lines[-1].rstrip().endswith((":", "：", "...", "…")):
        return above, ""
    last = " ".join(lines[-1].split())
    alone = introduces(last)
    height = 1 if alone and not last.startswith("<") else dated(lines) or int(alone)
    if not height:
        return above, ""
    return "\n".join(lines[: len(lines) - height]), " ".join(" ".join(lines[len(lines) - height :]).split())


def introduces(line: str) -> bool:
    """Whether one line is what a mail program puts above a quote: somebody, mostly with address or date, “wrote:”."""
    says, told = SAYS.search(line), ADDRESS.search(line)
    if DATED.match(line):
        return bool(says or told)
    begins = line[0].isupper() or line[0] in "*<>\"'[" or (told is not None and told.start() == 0)
    return begins and bool(told or (says and len(line.split()) <= 6))


def dated(lines: list[str]) -> int:
    """How many of the last lines together are such words that begin with a date; 0 for none."""
    for height in range(2, min(TALLEST, len(lines)) + 1):
        told = lines[-height:]
        if not told[0].strip() or sum(map(len, told)) > 400:
            return 0
        words = " ".join(" ".join(told).split())
        if DATED.match(words) and (SAYS.search(words) or ADDRESS.search(words)):
            return height
    return 0


def named(words: str) -> Source:
    """Whom an introduction names."""
    found = ADDRESS.search(words)
    address = whole(found[1].removeprefix("mailto:")) if found else ""
    rest = ADDRESS.sub(" ", words)
    says = SAYS.search(rest)
    before, behind = (rest[: says.start()], rest[says.end() :]) if says else (rest, "")
    name = " ".join(WHEN.sub("", before).split()).strip(" ,;:*<>()[]\"'-")
    if not name or name.casefold() in ("quoting", "on", "am", "le"):
        name = " ".join(behind.split()).strip(" ,;:*<>()[]\"'-")
    return Source(name.removeprefix("Quoting ").strip()[:100], address)
