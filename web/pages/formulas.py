"""The formulas by which members are scored: all of them, and each in its versions, opened to what it gives for what."""

from typing import Any

import msgspec
from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery

from crm.formulas import which_version_counts, which_versions
from crm.scores import formulas
from web.formula_told import AFTER, RINGED, Told, told, which_formula
from web.page import Asked, kith, page
from web.problem import Problem


class Line(msgspec.Struct):
    """A formula: msgids of what it is, where it is from, the version that counts and how many there are."""

    name: str
    label: str
    unit: str
    explained: str
    source: str
    version: int
    versions: int


class Formulas(msgspec.Struct):
    """All formulas, Kith's own first."""

    lines: list[Line]


class OneFormula(msgspec.Struct):
    """A formula in a version; `draft` is the reason that was written for adopting it, if that was not taken."""

    told: Told
    after: tuple[int, ...] = AFTER
    ring: int = RINGED
    draft: str = ""
    problem: Problem | None = None


@get("/scores/formulas", sync_to_thread=True)
def which_formulas(request: Asked) -> Response[Any]:
    """All formulas there are."""
    with kith(request).connection() as connection:
        lines = [
            Line(
                **{field: getattr(of, field) for field in ("name", "label", "unit", "explained", "source")},
                version=which_version_counts(connection, of),
                versions=len(which_versions(connection, of)),
            )
            for of in formulas().values()
        ]
    return page(request, "formulas/index.html", Formulas(lines), rows=lines)


@get("/scores/formulas/{name:str}", sync_to_thread=True)
def one_formula(request: Asked, name: FromPath[str], version: FromQuery[str] = "") -> Response[Any]:
    """A formula in the version that counts, or in an older or proposed one."""
    view = formula_view(request, name, read_version(version))
    rows = [
        {
            "rule": rule.key,
            "for": rule.group,
            **msgspec.structs.asdict(rule.earning),
            **{f"after_{days}": round(left, 6) for days, left in zip(AFTER, rule.left, strict=True)},
        }
        for _, rules in view.told.groups
        for rule in rules
    ]
    return page(request, "formulas/formula.html", view, rows=rows)


def formula_view(request: Asked, name: str, version: int | None = None) -> OneFormula:
    """What the page of a version shows; 404 where there is none."""
    of = which_formula(name)
    with kith(request).connection() as connection:
        return OneFormula(told(connection, of, version))


def read_version(typed: str) -> int | None:
    """The number of a version in an address; 404 for what is none."""
    if typed and not (typed.isdecimal() and len(typed) < 9):
        raise NotFoundException
    return int(typed) if typed else None


ROUTES = [which_formulas, one_formula]
