"""The pages about ties: the picture of the community and of a member's circle, each beside an equal table, and the audience elsewhere."""

import re
from datetime import UTC, datetime, timedelta
from itertools import combinations
from math import hypot

import pytest

from crm.command import dispatch
from crm.merging import MergeMembers
from crm.sides import SetSide
from tests.factories import a_reply, an_act
from tests.web.conftest import Site
from tests.web.forms import said, send

JANUARY = datetime(2024, 1, 15, 12, tzinfo=UTC)

LINK = re.compile(r'<a class="dot[^"]*" href="/members/([0-9a-f-]{36})"')
ROW = re.compile(r'<tr role="row" data-row id="m([0-9a-f-]{36})"')


@pytest.fixture
def community(site: Site) -> Site:
    """Two groups of three, in which each answers each, and Ann who answers one of the second."""
    groups = (("ann", "ben", "chi"), ("dan", "eve", "fay"))
    acts = [a_reply(by=one, to=two, at=JANUARY) for group in groups for one, two in combinations(group, 2)]
    site.bring(*acts, a_reply(by="ann", to="dan", at=JANUARY.replace(month=2)), an_act(by="gus", at=JANUARY))
    return site


def drawn(page: str) -> list[str]:
    return LINK.findall(page)


def listed(page: str) -> list[str]:
    return ROW.findall(page)


# The network


def test_everybody_in_the_picture_stands_in_the_table_in_the_same_order(community: Site) -> None:
    page = community.page("/network")
    assert drawn(page) == listed(page)
    assert set(drawn(page)) == {str(community.who(name)) for name in ("ann", "ben", "chi", "dan", "eve", "fay")}
    assert page.count("<line ") == 7


def test_a_picture_is_the_same_each_time(community: Site) -> None:
    first, second = (community.json("/network") for _ in range(2))
    assert first == second
    assert len({(one["x"], one["y"]) for one in first["rows"]}) == 6


def test_nobody_in_a_picture_covers_another(community: Site) -> None:
    rows = community.json("/network")["rows"]
    for one, two in combinations(rows, 2):
        assert hypot(one["x"] - two["x"], one["y"] - two["y"]) >= one["r"] + two["r"]


def test_groups_are_called_after_those_in_their_middle_and_have_a_letter_everywhere(community: Site) -> None:
    view = community.json("/network")
    assert [(one["letter"], one["people"]) for one in view["groups"]] == [("A", 3), ("B", 3)]
    letters = {one["who"]["name"].split()[0]: one["letter"] for one in view["rows"]}
    assert letters["Ann"] == letters["Ben"] == letters["Chi"] != letters["Dan"] == letters["Eve"]
    page = community.page("/network")
    assert page.count('<span class="letter tone-') == 6 + 2
    assert "Around <a href=" in page


def test_the_day_is_that_of_the_newest_entry_unless_the_address_names_one(community: Site) -> None:
    assert "As of Feb 15, 2024, the day of the newest entry." in community.page("/network")
    before = community.page("/network?on=2024-01-31")
    assert "as it was on Jan 31, 2024" in before
    assert before.count("<line ") == 6
    assert f"/members/{community.who('ann')}/circle?on=2024-01-31" in before
    assert "Nobody had a tie yet" in community.page("/network?on=2024-01-14")
    community.page("/network?on=yesterday", status=400)


def test_colleagues_are_left_out_and_merged_accounts_are_one(community: Site) -> None:
    dispatch(community.kith, SetSide(member=community.who("fay"), side="team"))
    dispatch(community.kith, MergeMembers(kept=community.who("ann"), gone=community.who("ben")))
    community.engine.catch_up()
    page = community.page("/network")
    assert set(drawn(page)) == {str(community.who(name)) for name in ("ann", "chi", "dan", "eve")}
    assert drawn(page) == listed(page)


def test_a_file_holds_what_everybody_measures(community: Site) -> None:
    rows = {row["name"]: row for row in community.csv("/network")}
    assert rows["Ann Example"]["ties"] == "3"
    assert float(rows["Ann Example"]["degree"]) == pytest.approx(3 / 5)
    assert float(rows["Ann Example"]["betweenness"]) == pytest.approx(6 / 10)
    assert sum(float(row["pagerank"]) for row in rows.values()) == pytest.approx(1, abs=1e-4)


def test_what_explores_is_loaded_only_where_it_is_asked_for(community: Site) -> None:
    plain, explored = community.page("/network"), community.page("/network?explore=1&on=2024-02-01")
    assert "cytoscape" not in plain
    assert "vendor/cytoscape/cytoscape.min.js" in explored
    assert 'data-source="/network?on=2024-02-01&amp;as=json"' in explored
    assert drawn(explored) == listed(explored)
    # Cytoscape writes a style element of its own, which our policy forbids, unless there is something with this id.
    assert explored.index('id="__________cytoscape_stylesheet"') < explored.index("cytoscape.min.js")


def test_an_empty_kith_says_how_a_network_comes_about(site: Site) -> None:
    assert "The network appears when people answer" in site.page("/network")


# A circle


def test_everybody_in_the_picture_of_a_circle_stands_in_its_table(community: Site) -> None:
    page = community.page(f"/members/{community.who('ann')}/circle")
    middle, *around = drawn(page)
    assert middle == str(community.who("ann"))
    assert around == listed(page)
    assert set(around) == {str(community.who(name)) for name in ("ben", "chi", "dan")}
    assert page.count('<line class="spoke') == 3
    assert page.count("<line ") == 3 + 1


def test_a_circle_is_told_as_of_a_day(community: Site) -> None:
    ann = community.who("ann")
    view = community.json(f"/members/{ann}/circle?on=2024-01-31")
    assert (view["reach"], view["ties"], view["turns_to"], view["heard_by"], view["beyond"]) == (2, 2, 2, 0, 0)
    assert community.json(f"/members/{ann}/circle")["beyond"] == 2
    assert "No ties on that day" in community.page(f"/members/{ann}/circle?on=2024-01-14")


def test_the_circle_of_an_account_is_that_of_its_member(community: Site) -> None:
    ann, ben = community.who("ann"), community.who("ben")
    dispatch(community.kith, MergeMembers(kept=ann, gone=ben))
    community.engine.catch_up()
    answer = community.client.get(f"/members/{ben}/circle?on=2024-02-15", follow_redirects=False)
    assert answer.headers["location"] == f"/members/{ann}/circle?on=2024-02-15"
    assert {one["who"]["member"] for one in community.json(f"/members/{ann}/circle")["rows"]} == {
        str(community.who("chi")),
        str(community.who("dan")),
    }


def test_who_has_no_tie_is_shown_where_to_look(community: Site) -> None:
    page = community.page(f"/members/{community.who('gus')}/circle")
    assert "Nobody is around them now" in page
    community.page("/members/018f2d3c-7f3a-8b1e-9c55-0123456789ab/circle", status=404)


# The audience elsewhere


def figures(site: Site, on: str = "") -> list[tuple[str, int, str]]:
    view = site.json(f"/members/{site.who('ann')}/circle?on={on}")
    return [(one["platform"], one["figure"], one["day"]) for one in view["figures"]]


def observed(site: Site, **form: str) -> str:
    answer = send(
        site, f"/members/{site.who('ann')}/circle", **{"platform": "X", "figure": "1", "day": "2024-02-01", **form}
    )
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def test_figures_are_shown_with_their_days_the_latest_first_and_as_of_a_day(community: Site) -> None:
    where = observed(community, platform="youtube ", figure="1 200", day="2024-01-20")
    assert where == f"/members/{community.who('ann')}/circle"
    assert said(community, where) == "The figure is written down."
    observed(community, platform="YouTube", figure="1,500", day="2024-02-10", link="https://example.org/@ann")
    observed(community, platform="Mastodon", figure="0", day="2024-02-14")
    assert figures(community, "2024-02-15") == [
        ("Mastodon", 0, "2024-02-14"),
        ("YouTube", 1500, "2024-02-10"),
        ("YouTube", 1200, "2024-01-20"),
    ]
    assert figures(community, "2024-02-09") == [("YouTube", 1200, "2024-01-20")]
    assert figures(community, "2024-01-19") == []
    observed(community, platform="Bluesky", figure="7", day=datetime.now(UTC).date().isoformat())
    assert figures(community)[0][:2] == ("Bluesky", 7)
    page = community.page(where)
    assert '<a href="https://example.org/@ann" rel="noopener noreferrer nofollow external">YouTube' in page
    assert "Feb 10, 2024" in page


def test_a_figure_is_put_right_by_another_of_that_day_and_undone_like_any_act(community: Site) -> None:
    observed(community, figure="10")
    where = observed(community, platform="x", figure="20")
    assert figures(community, "2024-02-15") == [("X", 20, "2024-02-01")]
    undo = re.search(r'action="/undo">.*?name="position" value="(\d+)"', community.page(where))
    assert undo
    send(community, "/undo", position=undo[1], next=where)
    assert figures(community, "2024-02-15") == [("X", 10, "2024-02-01")]


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"figure": "-5"}, "An audience cannot be smaller than nobody"),
        ({"figure": "12k"}, "Write the figure in digits"),
        ({"figure": "9" * 5000}, "Write the figure in digits"),
        ({"figure": "9" * 30}, "more people than there are"),
        ({"figure": "1.2"}, "Write the figure in digits"),
        ({"day": (datetime.now(UTC) + timedelta(days=3)).date().isoformat()}, "This day is still to come"),
        ({"day": "1066-10-14"}, "there was no such platform yet"),
        ({"day": "last week"}, "This is no day"),
        ({"platform": "  "}, "Say on which platform"),
        ({"platform": "P" * 41}, "in forty letters or fewer"),
        ({"platform": "P\x00"}, "in forty letters or fewer"),
        ({"link": "javascript:alert(1)"}, "A link begins with https://"),
        ({"link": "https://example.org/" + "a" * 500}, "This link is too long"),
    ],
)
def test_a_figure_that_cannot_be_is_told_why_and_the_draft_is_kept(
    community: Site, form: dict[str, str], sentence: str
) -> None:
    ann = community.who("ann")
    kept = {"platform": "Zalo", "figure": "77", "day": "2024-02-01", "link": ""}
    answer = send(community, f"/members/{ann}/circle", **(kept | form))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert '<details class="add" open>' in answer.text
    assert f'value="{(kept | form)["figure"]}"' in answer.text
    assert figures(community, "2024-02-15") == []


def test_the_figures_of_merged_accounts_are_those_of_one_member(community: Site) -> None:
    send(community, f"/members/{community.who('ben')}/circle", platform="X", figure="5", day="2024-02-01")
    dispatch(community.kith, MergeMembers(kept=community.who("ann"), gone=community.who("ben")))
    community.engine.catch_up()
    assert figures(community, "2024-02-15") == [("X", 5, "2024-02-01")]
    assert "wrote down how many follow them" in community.page(f"/members/{community.who('ann')}/history")
