"""The page of what a member is good at: sentences with their numbers, links to what they were counted from, any day."""

from datetime import datetime, timedelta
from html import unescape

import pytest

from crm.command import dispatch
from crm.merging import MergeMembers
from crm.profile import SetField
from crm.rhythms import SetRhythm
from crm.sides import SetSide
from crm.writing import WriteItem
from tests.factories import NOON, a_mention, a_reply, an_act
from tests.web.conftest import Site


def ago(days: int) -> datetime:
    return NOON - timedelta(days=days)


@pytest.fixture
def ann(site: Site) -> str:
    """The address of Ann, who answered Ben often until four months ago and once since; he answered twice; Chi came in May."""
    answers = [an_act("answered", by="ann", at=ago(day)) for day in range(120, 150)]
    asked = [a_reply(by="ben", to="ann", at=ago(day), thread="t") for day in (121, 122)]
    site.bring(
        *answers,
        *asked,
        a_reply(by="ann", to="chi", at=ago(30), thread="t"),
        an_act(by="chi", at=ago(31)),
        an_act(by="ben"),
    )
    return f"/members/{site.who('ann')}/strengths"


def test_the_numbers_stand_on_the_page_and_in_the_data(site: Site, ann: str) -> None:
    found = site.json(ann)
    assert (found["year"]["since"], found["year"]["until"]) == ("2023-05-03", "2024-05-01")
    assert found["year"]["areas"]["days"] == 31
    assert found["year"]["reach"] | {"loudest": None} == {
        "heard": 1, "responses": 2, "spoken": 1, "newcomers": 1, "loudest": None,
    }  # fmt: skip
    assert [one["who"]["name"] for one in found["year"]["near"]] == ["Ben Example"]
    page = unescape(site.page(ann))
    assert "In the year up to May 1, 2024, when they did something last." in page
    assert "They did something on 31 days." in page
    lines = {(line["what"], line["name"]): line for line in site.csv(ann)}
    assert lines["area", "helping"]["n"] == "31"
    assert lines["answers", "The hall"]["share"] == str(31 / 33)


def test_a_risk_is_a_sentence_with_its_numbers_and_leads_to_them(site: Site, ann: str) -> None:
    page = unescape(site.page(ann))
    member = site.who("ann")
    assert "1 act in the last 90 days; the year before makes one expect 7." in page
    assert f'href="/members/{member}?side=did&since=2023-03-04&until=2024-05-31"' in page
    assert "Gives 94% of the answers in The hall: 31 of 33 in a year." in page
    assert "&since=2023-06-02&until=2024-05-31" in page
    assert [one["what"] for one in site.json(ann)["risks"]] == ["fading", "carries"]
    site.page(f"/members/{member}?side=did&since=2023-03-04&until=2024-05-31")


def test_who_is_asked_much_more_than_usual_is_overloaded(site: Site) -> None:
    much = [a_reply(by="ben", to="ann", at=ago(day), thread="t") for day in range(20, 44)]
    site.bring(*much, an_act(by="ann", at=ago(25), thread="t"), an_act(by="ben"))
    page = unescape(site.page(f"/members/{site.who('ann')}/strengths"))
    assert "Turned to 24 times in the last 90 days, where 0 would be usual" in page
    assert "58% of what was asked" in page


def test_nothing_that_stands_out_is_told_as_well(site: Site) -> None:
    site.bring(an_act(by="ann"))
    assert "Nothing stands out" in site.page(f"/members/{site.who('ann')}/strengths")


def test_of_another_day_the_page_tells_what_had_happened_by_then(site: Site, ann: str) -> None:
    found = site.json(f"{ann}?on=2024-01-20")
    assert found["year"]["until"] == "2024-01-20"
    assert found["year"]["areas"]["days"] == 18
    assert found["year"]["reach"]["heard"] == 0
    assert found["bond"] is None
    page = site.page(f"{ann}?on=2024-01-20")
    assert "as it was on Jan 20, 2024" in page
    assert "How it is with us" not in page
    assert "They had done nothing by then" in site.page(f"{ann}?on=2020-01-01")
    site.page(f"{ann}?on=someday", 400)


def test_how_it_is_with_the_team_is_told_with_what_is_open(site: Site, ann: str) -> None:
    member = site.who("ann")
    site.bring(a_mention(by="ann", of=["tess"], at=ago(10)), a_reply(by="tess", to="ann", at=ago(40)))
    dispatch(site.kith, SetSide(member=site.who("tess"), side="team"))
    dispatch(site.kith, SetRhythm(member=member, days=7))
    dispatch(site.kith, WriteItem(member=member, kind="promise", text="Send the book"))
    site.engine.catch_up()
    page = unescape(site.page(ann))
    for words in ("yes, since May 21, 2024", "Send the book", "every 7 days", "3 days overdue", "10 days ago"):
        assert words in page, words


def test_hours_are_those_of_their_zone_where_the_profile_names_one(site: Site, ann: str) -> None:
    hours = site.json(ann)["year"]["hours"]
    assert (hours["zone"], hours["known"]) == ("UTC", False)
    assert sum(row[12] for row in hours["counts"]) == 31
    for zone, hour, known in (("Asia/Ho_Chi_Minh", 19, True), ("../etc", 12, False), ("Hà Nội", 12, False)):
        dispatch(site.kith, SetField(member=site.who("ann"), field="zone", value=zone))
        site.engine.catch_up()
        hours = site.json(ann)["year"]["hours"]
        assert (sum(row[hour] for row in hours["counts"]), hours["known"]) == (31, known)
    assert "Hours of UTC" in site.page(ann)


def test_telling_words_lead_to_the_latest_thread(site: Site) -> None:
    threads = [an_act(by="ben", thread=f"x{n}", title=f"Hello {n}", at=ago(9)) for n in range(12)]
    ours = [an_act(by="ann", thread=f"t{n}", title=f"Bóng đổ {n}", at=ago(8 - n)) for n in range(2)]
    site.bring(*threads, *ours)
    page = unescape(site.page(f"/members/{site.who('ann')}/strengths"))
    assert "bóng đổ 2" in page
    assert f'href="/threads/{site.thread("t1")}"' in page


def test_a_merged_account_leads_to_its_member(site: Site, ann: str) -> None:
    dispatch(site.kith, MergeMembers(kept=site.who("ben"), gone=site.who("ann")))
    site.engine.catch_up()
    answer = site.client.get(f"{ann}?on=2024-05-01", follow_redirects=False)
    assert answer.headers["location"] == f"/members/{site.who('ben')}/strengths?on=2024-05-01"


def test_somebody_unknown_has_no_page(site: Site) -> None:
    site.page(f"/members/{site.who('nobody')}/strengths", 404)
