"""Effects: what people did before and after a gift, a call, an event, an invitation, beside similar people without it."""

from datetime import date, timedelta
from typing import Any

import msgspec
from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery

from projections.days import when_was_the_last_day
from projections.effects import FEW, KINDS, SPAN, Effect, Touched, what_did_it_do
from projections.identities import Identity, what_are_they_called
from web.address import read_offset
from web.page import Asked, kith, page, wanted, with_query

PAGE = 50


class Row(msgspec.Struct):
    """Somebody for whom it was done, those who are like them, and where their days around it are told."""

    who: Identity | None
    touched: Touched
    similar: list[Identity]
    href: str


class Effects(msgspec.Struct):
    """All kinds, each without its people; `today` is the newest day of the data, None where there are none."""

    today: date | None
    effects: list[Effect]
    span: int = SPAN
    few: int = FEW


class OneEffect(msgspec.Struct):
    """One kind, and its people from the latest on."""

    today: date | None
    effect: Effect
    rows: list[Row]
    older: str | None
    span: int = SPAN
    few: int = FEW


@get("/effects", sync_to_thread=True)
def what_worked(request: Asked) -> Response[Any]:
    """What followed on each kind of thing that was done."""
    with kith(request).connection() as connection:
        today = when_was_the_last_day(connection)
        found = [what_did_it_do(connection, kind, today) for kind in KINDS] if today else []
    view = Effects(today, [msgspec.structs.replace(one, people=[]) for one in found])
    return page(request, "effects/index.html", view, rows=[_summary(one) for one in view.effects])


@get("/effects/{kind:str}", sync_to_thread=True)
def what_did_this_do(request: Asked, kind: FromPath[str], offset: FromQuery[str] = "") -> Response[Any]:
    """What followed on one kind, and on whom it was counted."""
    if kind not in KINDS:
        raise NotFoundException
    start = read_offset(offset)
    with kith(request).connection() as connection:
        today = when_was_the_last_day(connection)
        effect = what_did_it_do(connection, kind, today or date.min)
        limit = PAGE if wanted(request) == "html" else len(effect.people)
        shown = effect.people[start : start + limit]
        called = what_are_they_called(connection, [who for one in shown for who in (one.member, *one.similar)])
    rows = [
        Row(called.get(one.member), one, [called[who] for who in one.similar if who in called], _days(one))
        for one in shown
    ]
    older = with_query(request, offset=start + limit) if start + limit < len(effect.people) else None
    view = OneEffect(today, msgspec.structs.replace(effect, people=[]), rows, older)
    return page(request, "effects/effect.html", view, rows=[_line(row) for row in rows])


def _days(one: Touched) -> str:
    """Their timeline from the first day that was counted to the last."""
    around = timedelta(days=SPAN)
    return f"/members/{one.member}?side=did&since={one.day - around}&until={one.day + around}"


def _summary(one: Effect) -> dict[str, Any]:
    acts = one.acts
    return {
        "kind": one.kind,
        "times": one.times,
        "members": one.members,
        "before": acts and acts.touched.before,
        "after": acts and acts.touched.after,
        "similar_before": acts and acts.similar.before,
        "similar_after": acts and acts.similar.after,
        "difference": acts and acts.difference,
        "low": acts and acts.low,
        "high": acts and acts.high,
        "verdict": one.verdict,
    }


def _line(row: Row) -> dict[str, Any]:
    one = row.touched
    changes = {name: getattr(one, name) for name in ("acts", "days", "similar_acts", "similar_days")}
    numbers = {f"{name}_{when}": getattr(each, when) for name, each in changes.items() for when in ("before", "after")}
    return {"name": row.who.name if row.who else "", "member": one.member, "day": one.day, **numbers}


ROUTES = [what_worked, what_did_this_do]
