"""Relationships: the strongest pairs lately, any two to choose, and all that passed between two seen from either side."""

import re
from datetime import date, timedelta
from html import unescape
from uuid import uuid4

from crm.activity import Who, Whom
from crm.command import dispatch
from crm.merging import MergeMembers
from projections.relationships import Month
from tests.factories import NOON, a_reply, an_act, someone
from tests.web.conftest import Site
from web.spans import months_before, stretches

DAY = timedelta(days=1)


def between(site: Site, one: str, other: str) -> str:
    return f"/relationships/{site.who(one)}/{site.who(other)}"


def test_an_empty_kith_says_how_relationships_come(site: Site) -> None:
    assert "Relationships appear as soon as something is imported" in site.page("/relationships")


def test_the_strongest_pairs_of_the_last_months_come_first_without_bots(site: Site) -> None:
    robo = Who("9", name="Robo", bot=True)
    site.bring(
        *(a_reply(by="ann", to="ben") for _ in range(2)),
        *(a_reply(by="chi", to="ann") for _ in range(3)),
        *(an_act("replied", who=robo, whom=(Whom(someone("ann"), "replied"),)) for _ in range(5)),
        *(a_reply(by="ben", to="chi", at=NOON - 200 * DAY) for _ in range(9)),
    )
    found = [({pair["one"]["name"], pair["other"]["name"]}, pair["n"]) for pair in site.json("/relationships")["pairs"]]
    assert found == [({"Ann Example", "Chi Example"}, 3), ({"Ann Example", "Ben Example"}, 2)]
    assert site.json("/relationships?months=12")["pairs"][0]["n"] == 9


def test_two_are_chosen_by_parts_of_their_names(site: Site) -> None:
    site.bring(an_act(who=Who("7", name="Nguyễn Thị Lan")), an_act(by="ben"))
    page = site.page("/relationships?one=nguyen&other=ben")
    chosen = re.findall(r'name="([ab])" value="([^"]+)"', page)
    answer = site.client.get("/relationships", params=dict(chosen), follow_redirects=False)
    lan = site.kith.ids.make("identity", "forum", "forum.example", "7")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/relationships/{lan}/{site.who('ben')}")


def test_whoever_is_not_found_is_said_and_the_other_kept(site: Site) -> None:
    site.bring(an_act(by="ben"))
    page = site.page("/relationships?one=zzz&other=ben")
    assert "Nobody is called “zzz”" in page
    assert "Ben Example" in page
    assert "Show what is between them" not in page


def test_a_pair_is_told_in_a_sentence_from_either_side(site: Site) -> None:
    site.bring(
        a_reply(by="ann", to="ben", at=NOON - 40 * DAY),
        a_reply(by="ann", to="ben"),
        a_reply(by="ben", to="ann", at=NOON - DAY),
    )
    assert "2 from Ann Example to Ben Example, 1 back, since Apr 2024" in site.page(between(site, "ann", "ben"))
    assert "1 from Ben Example to Ann Example, 2 back, since Apr 2024" in site.page(between(site, "ben", "ann"))
    ours, theirs = (site.json(between(site, *two)) for two in (("ann", "ben"), ("ben", "ann")))
    assert (ours["given"], ours["received"]) == (
        [{"given": True, "kind": "replied", "role": "replied", "n": 2}],
        [{"given": False, "kind": "replied", "role": "replied", "n": 1}],
    )
    assert [bar["given"] for bar in ours["bars"]] == [bar["received"] for bar in theirs["bars"]] == [1, 1]
    assert [line["entry"]["id"] for line in ours["lines"]] == [line["entry"]["id"] for line in theirs["lines"]]


def test_only_what_passed_between_the_two_is_in_their_stream(site: Site) -> None:
    site.bring(
        a_reply(by="ann", to="ben", key="theirs", at=NOON - DAY),
        a_reply(by="ann", to="chi"),
        an_act("replied", by="chi", whom=(Whom(someone("ann"), "replied"), Whom(someone("ben"), "mentioned"))),
    )
    told = site.json(between(site, "ann", "ben"))
    assert [line["entry"]["id"] for line in told["lines"]] == [str(site.act("theirs"))]
    assert [line["entry"]["id"] for line in told["ends"]] == [str(site.act("theirs"))]
    assert f'href="/interactions/{site.act("theirs")}"' in site.page(between(site, "ann", "ben"))


def test_both_are_named_before_others_who_were_touched(site: Site) -> None:
    touched = tuple(Whom(someone(name), "mentioned") for name in ("chi", "dan", "eve", "fay", "ben"))
    site.bring(an_act("posted", by="ann", whom=touched, place=None))
    page = re.sub(r"<[^>]+>", "", site.page(between(site, "ann", "ben")))
    assert "Ann Example posted, mentioning Ben Example, Chi Example and 3 others" in page


def test_a_long_relationship_follows_page_by_page(site: Site) -> None:
    site.bring(*(a_reply(by="ann", to="ben", at=NOON + timedelta(minutes=n)) for n in range(40)))
    page = site.page(between(site, "ann", "ben"))
    (link,) = re.findall(r'class="older">\s*<a href="([^"]+)"', page)
    part = site.part(unescape(link))
    assert "<html" not in part
    shown = re.findall(r'id="(e\d+)"', page + part)
    assert len(shown) == len(set(shown)) == 40


def test_two_who_never_met_are_told_so(site: Site) -> None:
    site.bring(an_act(by="ann"), an_act(by="ben"))
    assert "Nothing passed between them" in site.page(between(site, "ann", "ben"))


def test_nobody_has_a_relationship_with_nobody_or_oneself(site: Site) -> None:
    site.bring(an_act(by="ann"))
    for address in (
        f"/relationships/{site.who('ann')}/{uuid4()}",
        between(site, "ann", "ann"),
        f"/relationships/{site.who('ann')}/x",
    ):
        site.page(address, 404)
    site.page("/relationships?a=x&b=y", 400)


def test_names_and_words_stay_text(site: Site) -> None:
    evil = Who("666", name="<script>x</script>")
    site.bring(an_act("replied", who=evil, whom=(Whom(someone("ann"), "replied"),), text="<script>y</script>"))
    mallory = site.kith.ids.make("identity", "forum", "forum.example", "666")
    for address in (
        f"/relationships/{site.who('ann')}/{mallory}",
        "/relationships?one=<script>&other=%3Cscript",
        "/relationships",
    ):
        assert "<script>" not in site.page(address)


def test_pairs_and_a_pair_open_in_a_spreadsheet(site: Site) -> None:
    site.bring(a_reply(by="ann", to="ben"))
    assert [row["n"] for row in site.csv("/relationships")] == ["1"]
    assert [row["who"] for row in site.csv(between(site, "ann", "ben"))] == ["Ann Example"]


def test_bars_leave_no_month_out_and_become_years_where_they_would_be_too_many() -> None:
    months = [Month(date(2023, 11, 1), 1, 0), Month(date(2024, 2, 1), 2, 3)]
    assert [(bar.begins, bar.given, bar.received) for bar in stretches(months)] == [
        (date(2023, 11, 1), 1, 0),
        (date(2023, 12, 1), 0, 0),
        (date(2024, 1, 1), 0, 0),
        (date(2024, 2, 1), 2, 3),
    ]
    years = stretches([Month(date(2020, 5, 1), 1, 1), *months])
    assert [(bar.begins.year, bar.given) for bar in years] == [(2020, 1), (2021, 0), (2022, 0), (2023, 1), (2024, 2)]
    assert stretches([]) == []


def test_months_are_counted_back_over_the_year() -> None:
    assert months_before(date(2024, 1, 31), 1) == date(2023, 12, 1)
    assert months_before(date(2024, 1, 31), 0) == date(2024, 1, 1)


def test_what_passed_with_any_account_of_a_member_passed_with_them(site: Site) -> None:
    site.bring(
        a_reply(by="ann", to="ben", at=NOON - DAY),
        a_reply(by="ben", to="ann2"),
        a_reply(by="ann", to="ann2", place=None),
    )
    ann, joined, ben = (site.who(name) for name in ("ann", "ann2", "ben"))
    dispatch(site.kith, MergeMembers(kept=ann, gone=joined))
    site.engine.catch_up()
    assert "1 from Ann Example to Ben Example, 1 back" in site.page(between(site, "ann", "ben"))
    assert [(row["one"], row["other"], row["n"]) for row in site.csv("/relationships")] in (
        [("Ann Example", "Ben Example", "2")],
        [("Ben Example", "Ann Example", "2")],
    )
    moved = {
        f"/relationships/{joined}/{ben}": f"/relationships/{ann}/{ben}",
        f"/relationships/{ben}/{joined}": f"/relationships/{ben}/{ann}",
        f"/relationships/{ann}/{joined}": f"/members/{ann}",
    }
    for asked, told in moved.items():
        answer = site.client.get(asked, follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, told)
