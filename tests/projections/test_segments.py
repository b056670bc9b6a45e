"""Whom conditions fit: now, as it was by either clock, and who came and left between."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qsl
from uuid import UUID

import pytest

from crm import conditions
from crm.activity import Activity, Who
from crm.affiliations import AffiliationStated
from crm.command import dispatch
from crm.doing import do
from crm.fields import DefineField
from crm.installation import Installation
from crm.merging import MergeMembers
from crm.organisations import OrganisationNamed
from crm.owners import SetOwner
from crm.profile import SetField
from crm.sides import SetSide
from crm.stages import DefineStage
from crm.staging import SetStage
from crm.tags import GiveTag
from crm.undoing import Undo
from projections.engine import Engine
from projections.offered import what_is_offered
from projections.segments import Asked, how_many_fit, how_they_changed, which_members_fit, who_came_and_left
from projections.then import Moment, then, where_did_the_log_end
from tests.factories import NOON, a_reply, an_act, bring, opened, someone

DAY = timedelta(days=1)
TODAY = NOON.date()
WISHES = (
    "",
    "kind=person&sort=name",
    "seen=30",
    "new=20",
    "quiet=10",
    "acts=2",
    "acts=2&within=15&sort=lately",
    "tag=mentor",
    "q=ann",
)


def who(kith: Installation, name: str) -> UUID:
    return kith.ids.make("identity", "forum", "forum.example", someone(name).uid)


def fit(kith: Installation, query: str, today: date = TODAY, moment: Moment | None = None) -> list[str]:
    """The first words of the names of the members that fit."""
    return [name for name, *_ in told(kith, query, today, moment)]


def told(kith: Installation, query: str, today: date = TODAY, moment: Moment | None = None) -> list[tuple[object, ...]]:
    """Name and numbers of each member that fits, once it is counted as often as it is listed."""
    Engine(kith).catch_up()
    with kith.connection() as connection:
        asked = Asked(conditions.read(dict(parse_qsl(query))), today, then(connection, moment) if moment else None)
        found = which_members_fit(connection, asked)
        assert how_many_fit(connection, asked, 100) == len(found)
    return [
        (one.name.split()[0], one.accounts, one.acts, one.received, one.first_at, one.last_at, one.lately)
        for one in found
    ]


@pytest.fixture
def community(kith: Installation) -> Installation:
    """Ann was here long ago and lately, Ben lately only, Chi long ago only; Robo is a program."""
    robot = Who("9", login="robo", name="Robo", bot=True)
    bring(
        kith,
        [
            *(an_act(by="ann", at=NOON - n * DAY) for n in (200, 100, 3, 2, 1)),
            *(an_act(by="ben", at=NOON - n * DAY) for n in (5, 4)),
            a_reply(by="ben", to="chi", at=NOON),
            an_act(by="chi", at=NOON - 40 * DAY),
            an_act(who=robot, at=NOON - 60 * DAY),
        ],
    )
    return kith


FOUND = {
    "": "Ann Ben Chi Robo",
    "sort=name": "Ann Ben Chi Robo",
    "sort=newest": "Ben Chi Robo Ann",
    "q=ann": "Ann",
    "q=ROB": "Robo",
    "source=forum&q=exam": "Ann Ben Chi",
    "source=git": "",
    "kind=bot": "Robo",
    "kind=person": "Ann Ben Chi",
    "kind=team": "",
    "seen=3": "Ann Ben Chi",
    "seen=30&kind=person&acts=2": "Ann Ben",
    "new=10": "Ben",
    "quiet=30": "Chi Robo",
    "quiet=100": "",
    "acts=3": "Ann Ben",
    "within=4": "Ann Ben",
    "within=6&acts=3&sort=lately": "Ann Ben",
    "acts=4&within=365": "Ann",
    "tag=mentor": "",
    "stage=none": "Ann Ben Chi Robo",
}


@pytest.mark.parametrize(("query", "expected"), FOUND.items(), ids=FOUND)
def test_what_members_did_is_asked_for(community: Installation, query: str, expected: str) -> None:
    assert sorted(fit(community, query)) == sorted(expected.split())


def test_what_the_team_says_is_asked_for(community: Installation) -> None:
    kith = community
    ann, ben, chi = (who(kith, name) for name in ("ann", "ben", "chi"))
    dispatch(kith, DefineStage(name="Regular"))
    dispatch(kith, SetSide(member=chi, side="team"))
    for member, tag in ((ann, "mentor"), (ann, "speaker"), (ben, "mentor")):
        dispatch(kith, GiveTag(member=member, tag=tag))
    dispatch(kith, SetOwner(member=ann, owner=chi))
    dispatch(kith, SetField(member=ben, field="name", value="Trần Văn Bền"))
    Engine(kith).catch_up()
    with kith.connection() as connection:
        offered = what_is_offered(connection)
    (stage,) = offered.stages
    dispatch(kith, SetStage(member=ben, stage=UUID(stage)))
    assert (offered.tags, list(offered.colleagues), offered.owned) == (["mentor", "speaker"], [str(chi)], True)
    assert fit(kith, "tag=mentor") == ["Ann", "Trần"]
    assert fit(kith, "tag=speaker,mentor") == ["Ann"]
    assert fit(kith, f"stage={stage}") == fit(kith, "q=tran+ben") == ["Trần"]
    assert fit(kith, f"owner={chi}") == ["Ann"]
    assert fit(kith, "owner=none&kind=person") == ["Trần"]
    assert fit(kith, "kind=team") == ["Chi"]
    assert fit(kith, "watched=1") == []


def test_fields_are_asked_by_their_type(community: Installation) -> None:
    kith = community
    ann, ben, chi = (who(kith, name) for name in ("ann", "ben", "chi"))
    for name, type, choices in (("Talks", "number", ()), ("Shirt", "choice", ("M", "XM")), ("Since", "date", ())):
        dispatch(kith, DefineField(name=name, type=type, choices=choices))  # type: ignore[arg-type]
    Engine(kith).catch_up()
    with kith.connection() as connection:
        field = {one.name: one.field for one in what_is_offered(connection).fields}
    for member, talks, shirt, since in ((ann, "9", "M", "2024-01-31"), (ben, "10", "XM", "2024-02-01")):
        dispatch(kith, SetField(member=member, field=field["Talks"], value=talks))
        dispatch(kith, SetField(member=member, field=field["Shirt"], value=shirt))
        dispatch(kith, SetField(member=member, field=field["Since"], value=since))
    dispatch(kith, SetField(member=chi, field="languages", value="Tiếng Việt, English"))
    assert fit(kith, f"least.{field['Talks']}=10") == fit(kith, f"field.{field['Shirt']}=XM") == ["Ben"]
    assert fit(kith, f"most.{field['Talks']}=9.5") == fit(kith, f"field.{field['Shirt']}=M") == ["Ann"]
    assert fit(kith, f"least.{field['Since']}=2024-01-01&most.{field['Since']}=2024-01-31") == ["Ann"]
    assert fit(kith, "field.languages=tieng viet") == ["Chi"]
    assert fit(kith, f"least.{field['Talks']}=many") == fit(kith, "")


def test_an_organisation_is_asked_on_the_day_that_counts(community: Installation) -> None:
    kith = community
    firm = UUID(int=5)
    spans = {"ann": (None, None), "ben": (None, TODAY), "chi": (TODAY - DAY, TODAY + DAY)}
    acts = [
        do(
            kith,
            AffiliationStated,
            who(kith, name),
            affiliation=UUID(int=number),
            organisation=firm,
            since=since,
            until=until,
        )
        for number, (name, (since, until)) in enumerate(spans.items())
    ]
    kith.log.save(do(kith, OrganisationNamed, organisation=firm, name="Firm"), *acts, by="tests")
    assert fit(kith, f"organisation={firm}") == ["Ann", "Chi"]
    assert fit(kith, f"organisation={firm}", TODAY - 2 * DAY) == ["Ann", "Ben"]


def test_merged_members_fit_by_what_any_of_their_accounts_did(community: Installation) -> None:
    kith = community
    other = Activity(
        source="git",
        host="git.example",
        kind="contributed",
        own_kind="commit",
        key="1",
        at=NOON - DAY,
        who=Who("x", name="Chị Lan"),
    )
    progress = bring(kith, [other])
    lan = kith.ids.make("identity", "git", "git.example", "x")
    dispatch(kith, MergeMembers(kept=who(kith, "chi"), gone=lan))
    for query in ("source=git", "q=chi+lan", f"batch={progress.batch}", "acts=1&within=2&kind=person&source=git"):
        assert fit(kith, query) == ["Chi"], query
    assert "Chi" not in fit(kith, "quiet=30")


def test_by_either_clock_the_list_is_what_it_was(
    new_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Three Kiths: one in which all happened, one that ends on a day, one whose log ended early."""
    early = [an_act(by=name, at=NOON - n * DAY) for name, n in (("ann", 90), ("ann", 20), ("ben", 12), ("chi", 9))]
    late = [
        a_reply(by="ben", to="ann", at=NOON - 2 * DAY),
        an_act(by="dan", at=NOON - DAY),
        an_act(by="chi", at=NOON - 60 * DAY),
    ]
    cut = NOON - 5 * DAY
    with opened(new_database(), tmp_path_factory.mktemp("all")) as kith:
        bring(kith, early)
        dispatch(kith, GiveTag(member=who(kith, "ann"), tag="mentor"))
        dispatch(kith, MergeMembers(kept=who(kith, "ann"), gone=who(kith, "chi")))
        known = {query: told(kith, query) for query in WISHES}
        end = Engine(kith).head()
        bring(kith, late)
        with kith.connection() as connection:
            assert where_did_the_log_end(connection, datetime.now(UTC)) == Engine(kith).head()
        dispatch(kith, Undo(position=end))
        dispatch(kith, GiveTag(member=who(kith, "ben"), tag="mentor"))
        for query in WISHES:
            assert told(kith, query, TODAY, Moment(known=end, said=end, whom=end)) == known[query], query
        whole = {query: told(kith, query, cut.date(), Moment(until=cut)) for query in WISHES}
    with opened(new_database(), tmp_path_factory.mktemp("cut")) as kith:
        bring(kith, [one for one in early + late if one.at < cut])
        for name in ("ann", "ben"):
            dispatch(kith, GiveTag(member=who(kith, name), tag="mentor"))
        for query in WISHES:
            assert sorted(whole[query]) == sorted(told(kith, query, cut.date())), query


def test_who_came_and_who_left_since_is_told(community: Installation) -> None:
    kith = community
    Engine(kith).catch_up()
    wishes = [conditions.read(dict(parse_qsl(query))) for query in ("new=10", "quiet=4&acts=1", "tag=mentor")]
    with kith.connection() as connection:
        week = (TODAY - 7 * DAY, then(connection, Moment(until=NOON - 6.5 * DAY)))
        found = how_they_changed(connection, wishes, TODAY, *week)
        assert [(one.count, one.came, one.left) for one in found] == [(1, 1, 0), (2, 0, 1), (0, 0, 0)]
        assert who_came_and_left(connection, wishes[0], TODAY, *week) == ([who(kith, "ben")], [])
        assert who_came_and_left(connection, wishes[1], TODAY, *week) == ([], [who(kith, "ann")])
