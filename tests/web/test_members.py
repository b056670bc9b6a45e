"""Members are found, sorted and narrowed down."""

import re
from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest

from crm.activity import Who, Whom
from tests.factories import NOON, an_act, someone
from tests.web.conftest import Site

DAY = timedelta(days=1)


def names(site: Site, query: str = "") -> list[str]:
    return [member["name"] for member in site.json(f"/members{query}")["members"]]


def test_an_empty_kith_says_how_members_come(site: Site) -> None:
    assert "Nobody is here yet" in site.page("/members")


def test_a_name_is_found_without_its_marks_and_by_its_account(site: Site) -> None:
    site.bring(an_act(who=Who("7", login="lan.nt", name="Nguyễn Thị Lan")), an_act(by="ben"))
    assert names(site, "?q=nguyen+lan") == names(site, "?q=LAN.nt") == ["Nguyễn Thị Lan"]
    page = site.page("/members?q=nguyen")
    assert "1 member, named “nguyen”" in page
    assert "Ben Example" not in page


def test_a_search_while_typing_is_answered_with_the_results_alone(site: Site) -> None:
    site.bring(an_act(by="ann"))
    part = site.part("/members?q=ann")
    assert 'id="results"' in part
    assert "<html" not in part
    assert "Ann Example" in part


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("acts", "ann chi ben"),
        ("recent", "chi ben ann"),
        ("newest", "chi ben ann"),
        ("received", "ben ann chi"),
        ("name", "ann ben chi"),
    ],
)
def test_members_are_ordered_as_asked(site: Site, sort: str, expected: str) -> None:
    thanked = {name: (Whom(someone(name), "thanked"),) for name in ("ann", "ben")}
    site.bring(
        an_act(by="ann", at=NOON - 10 * DAY),
        *(an_act(by="ann", at=NOON - 9 * DAY, whom=thanked["ben"]) for _ in range(3)),
        an_act(by="ben", at=NOON - 8 * DAY, whom=thanked["ann"]),
        an_act(by="ben", at=NOON - 5 * DAY),
        *(an_act(by="chi", at=NOON) for _ in range(3)),
    )
    assert names(site, f"?sort={sort}") == [f"{name.title()} Example" for name in expected.split()]


def test_last_seen_counts_back_from_the_newest_day_of_the_data(site: Site) -> None:
    site.bring(an_act(by="ann", at=NOON), an_act(by="ben", at=NOON - 29 * DAY), an_act(by="chi", at=NOON - 30 * DAY))
    assert set(names(site, "?seen=30")) == {"Ann Example", "Ben Example"}
    assert "seen in the last 30 days before May 31, 2024" in site.page("/members?seen=30")
    assert len(names(site, "?seen=90")) == 3


def test_people_and_bots_can_be_told_apart(site: Site) -> None:
    site.bring(an_act(by="ann"), an_act(who=Who("9", name="Robo", bot=True)))
    assert names(site, "?kind=bot") == ["Robo"]
    assert names(site, "?kind=person") == ["Ann Example"]


def test_nothing_found_names_the_filter_to_drop_and_keeps_the_others(site: Site) -> None:
    site.bring(an_act(by="ann"))
    page = site.page("/members?q=zzz&kind=person")
    assert "Drop the name “zzz”" in page
    assert 'href="/members?kind=person"' in page


def test_a_chosen_filter_is_a_link_that_takes_it_away(site: Site) -> None:
    site.bring(an_act(by="ann"))
    page = site.page("/members?kind=person&q=ann")
    assert re.search(r'<a class="chip" href="/members\?q=ann" aria-current="true">', page)


def test_more_members_than_a_page_follow_under_a_real_link_once_each(site: Site) -> None:
    site.bring(*(an_act(by=f"m{n:03}") for n in range(60)))
    first = site.json("/members?sort=name")
    assert (first["count"], len(first["members"])) == (60, 60)
    page = site.page("/members?sort=name")
    (link,) = re.findall(r'class="older".*?href="([^"]+)"', page, re.DOTALL)
    part = site.part(unescape(link))
    shown = re.findall(r'<tr role="row" data-row id="(m[^"]+)"', page + part)
    assert len(shown) == len(set(shown)) == 60
    assert "older" not in part


def test_the_list_opens_in_a_spreadsheet(site: Site) -> None:
    site.bring(an_act(who=Who("7", name="=SUM(A1)")))
    (row,) = site.csv("/members")
    assert (row["name"], row["acts"]) == ("'=SUM(A1)", "1")


def test_nobodys_page_is_not_found(site: Site) -> None:
    for address in (
        f"/members/{uuid4()}",
        "/members/nobody",
        f"/members/{uuid4()}/relationships",
        f"/members/{uuid4()}/accounts",
    ):
        assert "There is nothing at this address" in site.page(address, 404)
