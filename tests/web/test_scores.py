"""The list of scores: ranks and points by hand, as of another day, for what, counted anew when more is known."""

from datetime import date, datetime, timedelta

import pytest

from crm.command import dispatch
from crm.levels import SetLevel
from projections.levels import days_that_count
from projections.placing import how_does_one_stand
from projections.scores import which_version
from projections.standings import count, fingerprint
from tests.factories import NOON, a_reply, an_act, rows
from tests.waiting import eventually
from tests.web.conftest import Site


def ago(days: int) -> datetime:
    return NOON - timedelta(days=days)


@pytest.fixture
def forum(site: Site) -> Site:
    """Ann posted a half-life ago, which is 1 point now, and Ben replied today: 1 point each for replying and for being heard."""
    site.bring(an_act(by="ann", at=ago(180)), a_reply(by="ben", to="ann"))
    return site


def listed(site: Site, **asked: str) -> list[tuple[int, str, float, str]]:
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    told = site.csv(f"/scores?{query}")
    return [(int(one["rank"]), one["name"], float(one["points"]), one["level"]) for one in told]


def age(site: Site, minutes: int) -> None:
    """Let all that is counted be so many minutes old."""
    with site.kith.connection() as connection:
        connection.execute("UPDATE countings SET at = at - make_interval(mins => %(n)s)", {"n": minutes})


def test_members_stand_by_points_with_rank_level_and_what_they_are_for(forum: Site) -> None:
    assert listed(forum) == [(1, "Ann Example", 2.0, "Visitor"), (2, "Ben Example", 1.0, "Visitor")]
    (ann, ben) = forum.csv("/scores")
    assert (ann["creating"], ann["heard"], ben["helping"]) == ("1.0", "1.0", "1.0")
    page = forum.page("/scores")
    assert "2 members have a score." in page
    assert "As of May 31, 2024, the day of the newest entry." in page
    assert "Creating 1.0" in page and "Being heard 1.0" in page
    assert f"/members/{forum.who('ann')}/score/advocacy" in page


def test_as_of_a_past_day_only_what_had_happened_counts(forum: Site) -> None:
    assert listed(forum, on=str(ago(180).date())) == [(1, "Ann Example", 2.0, "Visitor")]


@pytest.mark.parametrize(
    ("on", "sentence"),
    [
        ("2999-01-01", "This day is still to come."),
        ("1999-01-01", "Nothing had happened yet on that day."),
        ("soon", "This is no day."),
    ],
)
def test_a_day_that_cannot_be_is_told_at_its_field(forum: Site, on: str, sentence: str) -> None:
    page = forum.page(f"/scores?on={on}", 422)
    assert sentence in page
    assert f'value="{on}" aria-invalid="true" aria-describedby="on-about"' in page
    assert "Ann Example" in page


def test_formulas_and_versions_that_are_not_there_are_not_found(forum: Site) -> None:
    forum.page("/scores?formula=charm", 404)
    forum.page("/scores?version=99", 404)
    forum.page("/scores?version=x", 404)


def test_every_formula_has_its_list(forum: Site) -> None:
    offered = forum.json("/scores")["formulas"]
    for name, label in offered.items():
        assert f'value="{name}" selected>{label}' in forum.page(f"/scores?formula={name}")


def test_how_many_are_on_each_level_is_told_by_points(site: Site) -> None:
    site.bring(*(an_act("spoke", by="ann", at=ago(n)) for n in range(4)), an_act(by="ben"))
    told = {one["level"]: one["n"] for one in site.json("/scores")["distribution"]}
    assert told == {"Champion": 0, "Advocate": 0, "Supporter": 1, "Friend": 0, "Visitor": 1}


def test_a_level_set_by_hand_goes_before_and_is_marked(forum: Site) -> None:
    dispatch(
        forum.kith, SetLevel(member=forum.who("ben"), formula="advocacy", level="Champion", reason="Runs the meetup.")
    )
    forum.engine.catch_up()
    assert [row["by_hand"] for row in forum.csv("/scores")] == ["False", "True"]
    assert listed(forum)[1][3] == "Champion"
    assert "by hand" in forum.page("/scores")


def test_what_is_kept_is_shown_and_counted_anew_once_it_is_older_than_a_minute(forum: Site) -> None:
    assert listed(forum)[0][2] == 2.0
    forum.bring(an_act(by="ann", at=NOON))
    assert listed(forum)[0][2] == 2.0
    age(forum, 2)
    assert listed(forum)[0][2] == 2.0
    assert eventually(lambda: listed(forum)[0][2] == 4.0)


def test_ranks_are_compared_with_those_of_thirty_days_before(site: Site) -> None:
    site.bring(an_act(by="ann", at=ago(40)), an_act(by="ben"), an_act(by="ben"))
    listed(site)
    before = (NOON - timedelta(days=30)).date()
    assert eventually(lambda: site.json("/scores")["before"] == str(before))
    ben, ann = site.json("/scores")["rows"]
    assert (ben["moved"], ben["is_new"]) == (None, True)
    assert (ann["moved"], ann["is_new"]) == (-1, False)
    assert 'aria-label="down"' in site.page("/scores")


def test_the_head_of_a_members_page_tells_the_score_where_it_is_kept(forum: Site) -> None:
    ann = forum.who("ann")
    assert "Advocacy" not in forum.page(f"/members/{ann}")
    with forum.kith.connection() as connection:
        version = which_version(connection, "advocacy")
        count(connection, version, [NOON.date()], forum.engine.head())
        assert how_does_one_stand(connection, version, ann).level == ""  # type: ignore[union-attr]
        count(connection, version, days_that_count(version.settings, NOON.date()), forum.engine.head())  # type: ignore[arg-type]
    page = forum.page(f"/members/{ann}")
    assert "Advocacy 2.0 · Visitor" in page
    assert f'href="/members/{ann}/score/advocacy">why?' in page
    assert "Advocacy 2.0" not in forum.page(f"/members/{ann}?on={ago(180).date()}")


def test_the_level_at_the_head_is_by_the_days_that_decide(site: Site) -> None:
    """Four talks make a Supporter; at the end of May only two of the three days that decide are looked at first."""
    site.bring(*(an_act("spoke", by="ann", at=ago(31 + n)) for n in range(4)), an_act(by="ben"))
    with site.kith.connection() as connection:
        version = which_version(connection, "advocacy")
        days = days_that_count(version.settings, date(2024, 5, 31))  # type: ignore[arg-type]
        assert days == [date(2024, 3, 31), date(2024, 4, 30), date(2024, 5, 31)]
        count(connection, version, days[1:], site.engine.head())
        assert how_does_one_stand(connection, version, site.who("ann")).level == ""  # type: ignore[union-attr]
        count(connection, version, days, site.engine.head())
        assert how_does_one_stand(connection, version, site.who("ann")).level == "Supporter"  # type: ignore[union-attr]


def test_one_counting_of_a_version_and_day_is_kept(forum: Site) -> None:
    listed(forum)
    listed(forum)
    with forum.kith.connection() as connection:
        version = fingerprint(which_version(connection, "advocacy"))
    kept = rows(
        forum.kith, "SELECT day FROM countings WHERE version = %(version)s AND day = '2024-05-31'", version=version
    )
    assert len(kept) == 1
