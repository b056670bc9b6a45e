"""What each projection remembers of what people did."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import msgspec
import pytest
from psycopg import Connection

from crm.activity import Place, Who, Whom
from crm.command import dispatch
from crm.installation import Installation
from crm.merging import MergeMembers
from crm.profile import SetField
from crm.sides import SetSide
from crm.undoing import Undo
from projections import (
    brought,
    days,
    happenings,
    identities,
    imports,
    leaving,
    meetings,
    members,
    places,
    relationships,
    stretches,
    threads,
    timeline,
)
from projections.engine import Engine
from projections.members import Wish
from projections.timeline import Filter
from tests.factories import HALL, NOON, a_mention, a_reply, an_act, bring, someone, take_back

DAY = timedelta(days=1)


def who(kith: Installation, name: str) -> UUID:
    return kith.ids.make("identity", "forum", "forum.example", someone(name).uid)


@pytest.fixture
def connection(kith: Installation) -> Connection:
    with kith.connection() as connection:
        yield connection


def told(kith: Installation, *found: object) -> None:
    """These acts were imported and every projection knows of them."""
    bring(kith, found)  # type: ignore[arg-type]
    Engine(kith).catch_up()


def merged(kith: Installation, name: str, other: str) -> tuple[UUID, UUID]:
    """The team found these two to be one person, and every projection knows: the member, and the account that joined them."""
    kept, gone = who(kith, name), who(kith, other)
    dispatch(kith, MergeMembers(kept=kept, gone=gone))
    Engine(kith).catch_up()
    return kept, gone


def test_a_member_is_counted_for_what_they_did_and_for_each_act_that_touched_them(
    kith: Installation, connection: Connection
) -> None:
    told(
        kith,
        an_act(by="ann", at=NOON),
        a_reply(by="ben", to="ann", at=NOON + DAY),
        a_mention(by="ben", of=["ann", "ann", "ben"], at=NOON + 2 * DAY),
        a_reply(by=None, to="ben", at=NOON - DAY),
    )
    ann, ben = (members.who_is(connection, who(kith, name)) for name in ("ann", "ben"))
    assert (ann.acts, ann.received, ann.first_at, ann.last_at) == (1, 2, NOON, NOON + 2 * DAY)
    assert (ben.acts, ben.received, ben.first_at) == (2, 1, NOON - DAY)
    assert members.how_many_members(connection) == 2


def test_members_are_found_by_any_part_of_their_name_without_its_marks(
    kith: Installation, connection: Connection
) -> None:
    told(kith, an_act(who=Who("1", "dungnt", "Nguyễn Tiến Dũng")), an_act(who=Who("2", "a_b", "100% Bot", bot=True)))

    def found(**wish: str) -> list[str]:
        return [one.login for one in members.which_members(connection, Wish(**wish))]

    assert found(q="dung nguyen") == found(q="Tiến") == found(kind="person") == ["dungnt"]
    assert found(q="%") == found(q="100%") == found(q="a_b") == found(kind="bot") == ["a_b"]
    assert found(q="axb") == found(source="elsewhere") == []


@pytest.mark.parametrize(
    ("sort", "order"),
    [("acts", ["ben", "ann"]), ("name", ["ann", "ben"]), ("newest", ["ann", "ben"]), ("no such", ["ben", "ann"])],
)
def test_members_come_in_the_order_asked_for(
    kith: Installation, connection: Connection, sort: str, order: list[str]
) -> None:
    told(kith, an_act(by="ann", at=NOON), an_act(by="ben", at=NOON - DAY), an_act(by="ben", at=NOON - DAY))
    assert [one.login for one in members.which_members(connection, Wish(sort=sort))] == order


def test_an_account_is_called_what_it_was_called_last_whenever_that_was_read(
    kith: Installation, connection: Connection
) -> None:
    newer = an_act(who=msgspec.structs.replace(someone("ann"), name="Ann Married"), at=NOON + DAY)
    told(kith, newer, an_act(by="ann", at=NOON))
    ann = who(kith, "ann")
    assert identities.what_are_they_called(connection, [ann])[ann].name == "Ann Married"


def test_a_source_that_tells_only_a_number_does_not_take_a_name_away(
    kith: Installation, connection: Connection
) -> None:
    told(kith, an_act(who=Who("7", "mai", "Mai Lê")), an_act(who=Who("7"), at=NOON + DAY))
    identity = kith.ids.make("identity", "forum", "forum.example", "7")
    assert identities.what_are_they_called(connection, [identity])[identity].name == "Mai Lê"


def test_a_timeline_holds_each_act_once_for_whoever_did_it_and_whoever_it_touched_newest_first(
    kith: Installation, connection: Connection
) -> None:
    told(
        kith,
        an_act(by="ann", at=NOON),
        a_mention(by="ben", of=["ann", "ann", "ben"], at=NOON + DAY),
        a_reply(by="ann", to="ben", at=NOON + 2 * DAY),
    )
    ann, ben = who(kith, "ann"), who(kith, "ben")
    assert [(row.at, row.role) for row in timeline.what_happened(connection, [ann], Filter())] == [
        (NOON + 2 * DAY, ""),
        (NOON + DAY, "mentioned"),
        (NOON, ""),
    ]
    assert [row.role for row in timeline.what_happened(connection, [ben], Filter())] == ["replied", ""]
    assert [row.at for row in timeline.what_happened(connection, [ann], Filter(side="did", other=ben))] == [
        NOON + 2 * DAY
    ]
    assert [row.at for row in timeline.what_happened(connection, [ann], Filter(kind="posted", until=NOON + DAY))] == [
        NOON
    ]


def test_a_long_timeline_is_paged_without_a_row_twice_or_never(kith: Installation, connection: Connection) -> None:
    told(kith, *(an_act(by="ann", at=NOON + DAY * (n // 4)) for n in range(30)))
    ann, paged, wanted = who(kith, "ann"), list[int](), Filter()
    while page := timeline.what_happened(connection, [ann], wanted, limit=7):
        paged += [row.position for row in page]
        wanted = Filter(before=page[-1].at, position=page[-1].position)
    assert paged == [row.position for row in timeline.what_happened(connection, [ann], Filter())]
    assert len(paged) == 30


def test_a_tie_counts_what_passed_in_either_direction_and_none_to_oneself(
    kith: Installation, connection: Connection
) -> None:
    told(kith, a_reply(by="ann", to="ben"), a_mention(by="ben", of=["ann", "ann"]), a_reply(by="ann", to="ann"))
    ann, ben = who(kith, "ann"), who(kith, "ben")
    today = NOON.date()
    (tie,) = relationships.who_is_close(connection, [ann], today)
    assert (tie.other, tie.given, tie.received) == (ben, 1, 1)
    (mirrored,) = relationships.who_is_close(connection, [ben], today)
    assert (mirrored.given, mirrored.received, mirrored.closeness) == (1, 1, tie.closeness)
    assert len(meetings.where_did_they_meet(connection, [ben], [ann])) == 2
    assert relationships.how_many_ties(connection, [ann]) == 1


def test_closeness_halves_in_a_year(kith: Installation, connection: Connection) -> None:
    told(kith, a_reply(by="ann", to="ben", at=datetime(2024, 5, 1, tzinfo=UTC)))
    ann = who(kith, "ann")
    now, later = (
        relationships.who_is_close(connection, [ann], day)[0].closeness for day in (date(2024, 5, 1), date(2025, 5, 1))
    )
    assert now == 1
    assert later == pytest.approx(0.5)


def test_a_thread_is_opened_by_its_earliest_act_whenever_that_was_read(
    kith: Installation, connection: Connection
) -> None:
    told(kith, a_reply(thread="t", at=NOON + DAY, place=None), a_reply(thread="t", at=NOON + 2 * DAY))
    told(kith, an_act(thread="t", at=NOON, key="first"))
    (found,) = threads.which_threads_are_new(connection)
    assert (found.interactions, found.first_at, found.last_at) == (3, NOON, NOON + 2 * DAY)
    assert found.place == kith.ids.make("place", "forum", "forum.example", HALL.key)
    assert [row.at for row in timeline.what_was_said(connection, found.thread)] == [NOON, NOON + DAY, NOON + 2 * DAY]
    assert timeline.what_was_said(connection, found.thread)[0].position == found.opener


def test_a_place_is_called_what_it_was_called_in_what_was_read_last(kith: Installation, connection: Connection) -> None:
    told(kith, an_act(place=Place("1", "Old")), an_act(place=Place("1", "New")))
    place = kith.ids.make("place", "forum", "forum.example", "1")
    assert places.what_are_places_called(connection, [place])[place].name == "New"


def test_days_count_acts_of_people_only_and_know_the_last(kith: Installation, connection: Connection) -> None:
    bot = Who("robot", "robot", bot=True)
    told(
        kith,
        an_act(by="ann"),
        an_act(by="ann", at=NOON + DAY),
        *(an_act(who=bot) for _ in range(3)),
        a_reply(by="ben", to="ann"),
    )
    today = NOON.date()
    lately = stretches.how_was_it(connection, today, today + DAY)
    assert [(one.member, one.n) for one in lately.active] == [(who(kith, "ann"), 2), (who(kith, "ben"), 1)]
    assert (lately.now, lately.before) == (stretches.Stretch(6, 2, 2), stretches.Stretch(0, 0, 0))
    after = stretches.how_was_it(connection, today + DAY, today + DAY)
    assert (after.now, after.before) == (stretches.Stretch(1, 1, 0), stretches.Stretch(5, 2, 2))
    assert [row["n"] for row in days.how_much_happened(connection, today, today)] == [5]
    assert {row["kind"]: row["n"] for row in days.what_kinds_happened(connection, today, today + DAY)} == {
        "posted": 5,
        "replied": 1,
    }
    assert days.when_was_the_last_day(connection) == today + DAY


def test_an_import_is_listed_with_what_came_of_it_and_that_it_was_taken_back(
    kith: Installation, connection: Connection
) -> None:
    progress = bring(kith, [an_act(), an_act()])
    take_back(kith, progress)
    Engine(kith).catch_up()
    (found,) = imports.which_imports(connection)
    assert (found.batch, found.read, found.recorded) == (progress.batch, 2, 2)
    assert found.taken_back_at is not None
    assert members.how_many_members(connection) == 0


def test_somebody_touched_who_never_did_anything_is_a_member_too(kith: Installation, connection: Connection) -> None:
    told(kith, an_act(by=None, whom=(Whom(someone("ann"), "thanked"),)))
    ann = members.who_is(connection, who(kith, "ann"))
    assert (ann.acts, ann.received, ann.name) == (0, 1, "Ann Example")


def test_a_merged_member_has_one_timeline_in_which_each_act_stands_once(
    kith: Installation, connection: Connection
) -> None:
    told(
        kith,
        an_act(by="ann", at=NOON),
        a_reply(by="ann", to="ann2", at=NOON + DAY),
        a_mention(by="ben", of=["ann", "ann2"], at=NOON + 2 * DAY),
        a_reply(by="ann2", to="ben", at=NOON + 3 * DAY),
    )
    ann, other = merged(kith, "ann", "ann2")
    accounts = members.which_identities(connection, ann)
    assert accounts == [ann, other]
    happened = timeline.what_happened(connection, accounts, Filter())
    assert [(row.at, row.role) for row in happened] == [
        (NOON + 3 * DAY, ""),
        (NOON + 2 * DAY, "mentioned"),
        (NOON + DAY, ""),
        (NOON, ""),
    ]
    received = timeline.what_happened(connection, accounts, Filter(side="received"))
    assert [row.at for row in received] == [NOON + 2 * DAY]
    with_ben = timeline.what_happened(connection, accounts, Filter(other=who(kith, "ben")))
    assert [row.at for row in with_ben] == [NOON + 3 * DAY, NOON + 2 * DAY]
    counts = timeline.what_kinds(connection, accounts)
    assert (sum(each.did for each in counts), sum(each.received for each in counts)) == (3, 1)
    assert [(row["day"], row["n"]) for row in days.which_days(connection, accounts, NOON.date())] == [
        ((NOON + n * DAY).date(), 1) for n in (0, 1, 3)
    ]


def test_a_merged_member_is_one_for_those_they_have_to_do_with_and_nobody_to_themselves(
    kith: Installation, connection: Connection
) -> None:
    told(
        kith,
        a_reply(by="ann", to="ann2"),
        a_reply(by="ben", to="ann"),
        a_reply(by="ben", to="ann2", at=NOON + DAY),
        a_reply(by="ann2", to="ben", thread="t", at=NOON + 2 * DAY),
        an_act(by="ann", thread="t"),
    )
    ann, _ = merged(kith, "ann", "ann2")
    ben, today = who(kith, "ben"), NOON.date()
    accounts = members.which_identities(connection, ann)
    (tie,) = relationships.who_is_close(connection, accounts, today)
    assert (tie.other, tie.given, tie.received, tie.share) == (ben, 1, 2, 1)
    (mirrored,) = relationships.who_is_close(connection, [ben], today)
    assert (mirrored.other, mirrored.given, mirrored.received) == (ann, 2, 1)
    assert relationships.who_is_close(connection, [ben], today, others=accounts) == [mirrored]
    assert relationships.how_many_ties(connection, accounts) == relationships.how_many_ties(connection, [ben]) == 1
    (pair,) = relationships.which_pairs(connection, today.replace(day=1), today)
    assert {pair.member, pair.other} == {ann, ben}
    assert pair.given + pair.received == 1  # the rest was in June
    assert relationships.which_months(connection, accounts, [ben]) == [
        relationships.Month(date(2024, 5, 1), 0, 1),
        relationships.Month(date(2024, 6, 1), 1, 1),
    ]
    met = meetings.where_did_they_meet(connection, [ben], accounts)
    assert len(met) == 3
    assert meetings.which_meetings_are_first_and_last(connection, [ben], accounts) == [met[-1], met[0]]
    assert [(way.given, way.n) for way in meetings.what_passed(connection, [ben], accounts)] == [(True, 2), (False, 1)]
    (voice, *others) = timeline.who_took_part(connection, threads.which_threads_are_new(connection)[0].thread)
    assert (voice.member, voice.n, voice.voices, others) == (ann, 2, 1, [])


def test_pages_of_a_merged_timeline_hold_each_row_once(kith: Installation, connection: Connection) -> None:
    told(
        kith,
        *(an_act(by="ann" if n % 3 else "ann2", at=NOON + DAY * (n // 4)) for n in range(30)),
        *(a_mention(by="ben", of=["ann", "ann2"], at=NOON + DAY * n) for n in range(6)),
    )
    ann, _ = merged(kith, "ann", "ann2")
    accounts, paged, wanted = members.which_identities(connection, ann), list[int](), Filter()
    while page := timeline.what_happened(connection, accounts, wanted, limit=7):
        paged += [row.position for row in page]
        wanted = Filter(before=page[-1].at, position=page[-1].position)
    assert paged == [row.position for row in timeline.what_happened(connection, accounts, Filter())]
    assert len(paged) == len(set(paged)) == 36


def test_a_merged_member_is_one_among_the_most_active_and_not_new_again(
    kith: Installation, connection: Connection
) -> None:
    told(kith, an_act(by="ann", at=NOON - DAY), an_act(by="ann"), an_act(by="ann2"), an_act(by="ben"))
    today = NOON.date()
    apart = stretches.how_was_it(connection, today, today)
    assert (apart.now.people, apart.now.newcomers) == (3, 2)
    ann, _ = merged(kith, "ann", "ann2")
    lately = stretches.how_was_it(connection, today, today)
    assert [(one.member, one.n) for one in lately.active] == [(ann, 2), (who(kith, "ben"), 1)]
    assert (lately.now.people, lately.now.newcomers) == (2, 1)


def test_after_a_merge_is_undone_everything_is_told_as_before(kith: Installation, connection: Connection) -> None:
    told(kith, a_reply(by="ann", to="ann2"), a_reply(by="ben", to="ann2"), a_mention(by="ben", of=["ann", "ann2"]))
    asked = [who(kith, name) for name in ("ann", "ann2", "ben")]

    def everything() -> object:
        told_of = [members.which_identities(connection, one) for one in asked]
        return (
            told_of,
            [timeline.what_happened(connection, accounts, Filter()) for accounts in told_of],
            [relationships.who_is_close(connection, accounts, NOON.date()) for accounts in told_of],
            members.which_members(connection, Wish()),
            stretches.how_was_it(connection, NOON.date(), NOON.date()),
            identities.what_are_they_called(connection, asked),
        )

    before = everything()
    merge = dispatch(kith, MergeMembers(kept=asked[0], gone=asked[1]))
    Engine(kith).catch_up()
    assert everything() != before
    dispatch(kith, Undo(position=merge))
    Engine(kith).catch_up()
    assert everything() == before


def test_a_merged_member_is_found_by_any_of_their_accounts(kith: Installation, connection: Connection) -> None:
    told(kith, an_act(by="ann"), msgspec.structs.replace(an_act(by="minh"), source="chat", host="chat.example"))
    minh = kith.ids.make("identity", "chat", "chat.example", someone("minh").uid)
    ann = who(kith, "ann")
    dispatch(kith, MergeMembers(kept=ann, gone=minh))
    Engine(kith).catch_up()
    for wish in (Wish(q="minh"), Wish(q="ann"), Wish(source="chat"), Wish(source="forum"), Wish(sort="name")):
        (found,) = members.which_members(connection, wish)
        assert (found.member, found.name, found.accounts, found.acts) == (ann, "Ann Example", 2, 2)
        assert members.how_many_members(connection, wish) == 1
    assert members.who_is(connection, minh) == members.who_is(connection, ann) == found
    called = identities.what_are_they_called(connection, [minh])[minh]
    assert (called.member, called.name, called.login, called.source) == (ann, "Ann Example", "minh", "chat")


def test_a_member_whose_own_import_was_taken_back_is_called_by_another_account(
    kith: Installation, connection: Connection
) -> None:
    progress = bring(kith, [an_act(by="ann")])
    told(kith, an_act(by="ben"))
    ann, _ = merged(kith, "ann", "ben")
    take_back(kith, progress)
    Engine(kith).catch_up()
    found = members.who_is(connection, ann)
    assert found is not None
    assert (found.name, found.acts) == ("Ben Example", 1)
    assert identities.what_are_they_called(connection, [ann])[ann].name == "Ben Example"


def test_the_name_the_team_wrote_down_is_what_a_member_is_called_and_found_by(
    kith: Installation, connection: Connection
) -> None:
    told(kith, an_act(by="ann"), an_act(by="ben"))
    ann = who(kith, "ann")
    dispatch(kith, SetField(member=ann, field="name", value="Đỗ Thị Ánh"))
    Engine(kith).catch_up()
    assert identities.what_are_they_called(connection, [ann])[ann].name == "Đỗ Thị Ánh"
    for q in ("do anh", "ann"):
        assert [one.name for one in members.which_members(connection, Wish(q=q))] == ["Đỗ Thị Ánh"]


def test_what_the_team_says_of_somebody_outranks_what_the_source_does(
    kith: Installation, connection: Connection
) -> None:
    robot = Who("robot", "robot", bot=True)
    told(kith, an_act(by="ann"), an_act(by="ann2"), an_act(by="ben"), an_act(who=robot))
    ann, _ = merged(kith, "ann", "ann2")
    taken_for_a_bot = kith.ids.make("identity", "forum", "forum.example", "robot")
    dispatch(kith, SetSide(member=ann, side="team"))
    dispatch(kith, SetSide(member=who(kith, "ben"), side="bot"))
    dispatch(kith, SetSide(member=taken_for_a_bot, side="person"))
    Engine(kith).catch_up()

    def listed(kind: str) -> list[UUID]:
        return [one.member for one in members.which_members(connection, Wish(kind=kind))]

    assert (listed("team"), listed("bot"), listed("person")) == ([ann], [who(kith, "ben")], [taken_for_a_bot])
    lately = stretches.how_was_it(connection, NOON.date(), NOON.date())
    assert [one.member for one in lately.active] == [taken_for_a_bot]
    assert (lately.now.people, lately.now.newcomers) == (1, 1)
    assert len(happenings.what_happened_here(connection, happenings.Wish())) == 3
    assert len(happenings.what_happened_here(connection, happenings.Wish(who="bots"))) == 1
    assert identities.what_are_they_called(connection, [who(kith, "ann2")])[who(kith, "ann2")].side == "team"


def test_a_timeline_is_told_as_it_was_known_at_a_position(kith: Installation, connection: Connection) -> None:
    told(kith, an_act(by="ann"))
    ann = who(kith, "ann")
    (first,) = timeline.what_happened(connection, [ann], Filter())
    told(kith, an_act(by="ann", at=NOON - DAY))
    assert timeline.what_happened(connection, [ann], Filter(known=first.position)) == [first]
    assert len(timeline.what_happened(connection, [ann], Filter())) == 2
    assert timeline.what_happened(connection, [ann], Filter(known=0)) == []


def test_what_taking_an_import_back_would_change_is_told_by_member(kith: Installation, connection: Connection) -> None:
    told(kith, an_act(by="ann"))
    progress = bring(kith, [an_act(by="ann2"), an_act(by="ann2"), a_reply(by="ben", to="ann")])
    ann, _ = merged(kith, "ann", "ann2")
    assert leaving.what_would_go(connection, progress.batch) == leaving.Loss(3, vanish=1, shrink=1, threads=0)
    losses = {one.member: (one.acts, one.acts_left) for one in leaving.whom_it_would_touch(connection, progress.batch)}
    assert losses == {ann: (3, 1), who(kith, "ben"): (1, 0)}
    found = brought.what_did_it_bring(connection, progress.batch)
    assert found is not None
    assert found.members == 2
    assert {one.member for one in members.which_members(connection, Wish(batch=progress.batch))} == set(losses)
