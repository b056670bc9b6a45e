"""Telling what files are by what stands in them; names lie, and people rename what they download.

A source that can be told has `fits(glimpse)`: how surely (0 to 100) one document is of its format. One that opens folders as
a whole (a repository) has `opens(path)`: whether a path is such a folder; what lies inside is then not looked at.
"""

from collections.abc import Iterator, Sequence
from itertools import islice

from crm.errors import Refusal
from crm.reading import Glimpse, Inputs
from crm.reading.packing import Document
from crm.sources import Source, sources

LOOKED_AT = 40
"""Documents that are looked into: an export of many rooms shows its kind in the first few."""

BEGINNING = 1 << 16


def detect(inputs: Inputs) -> list[Source]:
    """The sources that these files may be of, the likeliest first; none where nobody knows them."""
    if whole := [source for source in sources().values() if opens_any(source, inputs.paths)]:
        return whole
    glimpses = list(islice(_glimpses(inputs), LOOKED_AT))
    scores = {source: score(source, glimpses) for source in sources().values() if hasattr(source, "fits")}
    return sorted((source for source in scores if scores[source]), key=lambda source: (-scores[source], source.NAME))


def detected(inputs: Inputs) -> Source:
    """The likeliest source; Refusal where the files are of none."""
    found = detect(inputs)
    if not found:
        known = ", ".join(name for name, source in sources().items() if hasattr(source, "fits"))
        raise Refusal(f"Kith does not recognise these files. Say what they are: {known}.")
    return found[0]


def opens_any(source: Source, paths: Sequence[str]) -> bool:
    return hasattr(source, "opens") and any(source.opens(path) for path in paths)


def score(source: Source, glimpses: Sequence[Glimpse]) -> int:
    """The sum over what was looked at, so that one odd file among many does not decide."""
    return sum(max(0, min(source.fits(glimpse), 100)) for glimpse in glimpses)  # type: ignore[attr-defined]


def _glimpses(inputs: Inputs) -> Iterator[Glimpse]:
    for document in inputs.ahead(lambda _: True):
        if head := _beginning(document):
            yield Glimpse(document.name, head)


def _beginning(document: Document) -> bytes:
    try:
        return document.stream.read(BEGINNING)
    except Refusal:
        return b""
