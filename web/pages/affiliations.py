"""To which organisations a member belonged and when: said, put right, and before that told what would then count for whom."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, URLEncodedBody

from crm.belonging import StateAffiliation
from crm.command import dispatch
from crm.errors import Refusal
from crm.kinds import _
from projections import affiliations, crediting, organisations
from projections.affiliations import Affiliation
from projections.crediting import Move, Span
from projections.members import Member, who_is
from projections.organisations import Organisation
from web.address import read_id
from web.page import Asked, engine, kith, page, redirect
from web.problem import Problem


class Draft(msgspec.Struct):
    """The form. `affiliation` is what is put right, empty for something new; `gone` takes it away; `look` asks what would move.

    `seen` is the act that says what was on the page.
    """

    affiliation: str = ""
    organisation: str = ""
    role: str = ""
    since: str = ""
    until: str = ""
    gone: str = ""
    look: str = ""
    seen: str = ""


class Total(msgspec.Struct):
    """How many acts of all its people count for an organisation, before and after."""

    organisation: UUID
    before: int
    after: int


class Affiliations(msgspec.Struct):
    """A member, where they belong, and a draft of what is to be said; `moves` are what would then count for others."""

    member: Member
    times: list[Affiliation]
    organisations: dict[UUID, Organisation]
    draft: Draft
    right: Affiliation | None
    moves: list[Move] | None = None
    totals: list[Total] = []
    problem: Problem | None = None


@get("/members/{member:uuid}/organisations", sync_to_thread=True)
def which_affiliations(request: Asked, member: FromPath[UUID]) -> Response[Any]:
    """Where a member belongs, a form to say more, and, when asked, what that would change."""
    asked = request.query_params
    view = _view(request, member, Draft(**{name: asked.get(name, "") for name in Draft.__struct_fields__}))
    if view.draft.look or view.draft.gone:
        _look(request, view)
    answer = page(request, "organisations/affiliations.html", view, rows=_rows(view))
    return view.problem.mark(answer) if view.problem else answer


@post("/members/{member:uuid}/organisations", sync_to_thread=True)
def state_affiliation(request: Asked, member: FromPath[UUID], data: URLEncodedBody[Draft]) -> Response[Any]:
    """Say it, or put it right."""
    try:
        position = dispatch(kith(request), _command(member, data))
    except Refusal as refusal:
        view = _view(request, member, data)
        view.problem = Problem.of(refusal)
        return view.problem.mark(page(request, "organisations/affiliations.html", view))
    engine(request).catch_up("acts")
    said = _("It counts no more that they belonged there.") if data.gone else _("It is written down where they belong.")
    return redirect(f"/members/{member}/organisations", said, undo=position)


def _view(request: Asked, member: UUID, draft: Draft) -> Affiliations:
    today = datetime.now(UTC).date()
    with kith(request).connection() as connection:
        known = who_is(connection, member)
        if known is None:
            raise NotFoundException
        times = affiliations.which_affiliations(connection, known.member, today)
        named = organisations.which_organisations(connection)
    right = next((one for one in times if str(one.affiliation) == draft.affiliation), None)
    return Affiliations(known, times, named, _filled(draft, right), right)


def _filled(draft: Draft, right: Affiliation | None) -> Draft:
    """The draft; when something is put right and nothing was typed yet, with what stands."""
    if right is None or draft.organisation:
        return draft
    days = {"since": draft.since or str(right.since or ""), "until": draft.until or str(right.until or "")}
    return msgspec.structs.replace(
        draft, organisation=str(right.organisation), role=right.role, seen=str(right.position), **days
    )


def _look(request: Asked, view: Affiliations) -> None:
    """Let the view tell what would move, or why the draft cannot be."""
    try:
        command = _command(view.member.member, view.draft)
        list(command.decide(kith(request)))
    except Refusal as refusal:
        view.problem = Problem.of(refusal)
        return
    before = [Span(one.organisation, one.since, one.until) for one in view.times]
    after = [Span(one.organisation, one.since, one.until) for one in view.times if one is not view.right]
    after += [Span(command.organisation, command.since, command.until)] if command.kept else []
    with kith(request).connection() as connection:
        view.moves = crediting.what_would_move(connection, view.member.member, before, after)
        touched = list({id: None for move in view.moves for id in (*move.lost, *move.gained)})
        theirs = organisations.how_much_is_theirs(connection, date.max, date.max, organisations=touched)
    for id in touched:
        counts = theirs[id].acts if id in theirs else 0
        change = sum(move.acts * ((id in move.gained) - (id in move.lost)) for move in view.moves)
        view.totals.append(Total(id, counts, counts + change))


def _command(member: UUID, data: Draft) -> StateAffiliation:
    """What the form asks for. Refusal where no organisation was chosen, or a day is none."""
    organisation = read_id(data.organisation)
    if organisation is None:
        raise Refusal(_("Choose an organisation from the list."))
    return StateAffiliation(
        member=member,
        organisation=organisation,
        role=data.role,
        since=_day(data.since),
        until=_day(data.until),
        affiliation=read_id(data.affiliation),
        kept=not data.gone,
        seen=int(data.seen) if data.seen.isdecimal() else None,
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError:
        raise Refusal(_("Write each day as year, month and day, such as 2024-05-31.")) from None


def _rows(view: Affiliations) -> list[dict[str, Any]]:
    """A row for each time, with the name of the organisation."""
    known = view.organisations
    return [
        {"name": known[one.organisation].name if one.organisation in known else "", **msgspec.structs.asdict(one)}
        for one in view.times
    ]


ROUTES = [which_affiliations, state_affiliation]
