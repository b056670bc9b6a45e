"""Which score a page is about: the formula and version that its address names, and what is told of them."""

from typing import Any, Literal

import msgspec
from litestar.exceptions import NotFoundException
from psycopg import Connection

from crm.errors import Refusal
from crm.formulas import which_version_counts
from crm.scores import formulas
from crm.scores.formula import Central, Level, Weighted
from projections.scores import Version, which_version

Sort = Literal["weighted", "measured", "central"]


class Chosen(msgspec.Struct):
    """A version of a formula in words (msgids): `number` is its version, `counts` that which counts.

    `levels` are the msgids by which it calls its levels; a weighted one has a `ladder` instead, named by the team.
    """

    name: str
    label: str
    unit: str
    explained: str
    source: str
    sort: Sort
    number: int
    counts: int
    levels: dict[str, str]
    words: dict[str, str]
    ladder: tuple[Level, ...]

    @property
    def address(self) -> str:
        """What an address says beside the formula: the version, unless it is the one that counts."""
        return f"version={self.number}" if self.number != self.counts else ""


def read_version(connection: Connection[Any], formula: str, version: str) -> Version:
    """What an address asks for; `version` is a number, empty for the one that counts. 404 where there is none of that name."""
    if formula not in formulas():
        raise NotFoundException
    try:
        return which_version(connection, f"{formula}@{version}" if version else formula)
    except Refusal:
        raise NotFoundException from None


def chosen(connection: Connection[Any], version: Version) -> Chosen:
    """What is told of a version."""
    of = version.formula
    return Chosen(
        name=of.name,
        label=of.label,
        unit=of.unit,
        explained=of.explained,
        source=of.source,
        sort="weighted" if isinstance(of, Weighted) else "central" if isinstance(of, Central) else "measured",
        number=version.number,
        counts=which_version_counts(connection, of),
        levels=dict(getattr(of, "levels", {})),
        words=dict(getattr(of, "words", {})),
        ladder=version.settings.ladder if version.settings else (),
    )
