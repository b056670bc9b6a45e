"""Segments on their pages: ready ones, saved ones, who came and who left."""

import re
from datetime import timedelta

from tests.factories import NOON, an_act
from tests.web.conftest import Site
from tests.web.forms import said, send

DAY = timedelta(days=1)


def counts(site: Site) -> dict[str, tuple[str, str, str]]:
    return {row["name"]: (row["count"], row["came"], row["left"]) for row in site.csv("/segments")}


def test_four_are_ready_from_the_first_day(site: Site) -> None:
    site.bring(
        *(an_act(by="ann", at=NOON - n * DAY) for n in (1, 2, 3)),
        *(an_act(by="ben", at=NOON - n * DAY) for n in (35, 40, 50)),
        *(an_act(by="chi", at=NOON - n * DAY) for n in (11, 12, 13)),
        an_act(by="dan", at=NOON),
    )
    assert counts(site) == {
        "New and active": ("2", "1", "0"),
        "Recently quiet": ("1", "1", "0"),
        "Most active this week": ("1", "1", "1"),
        "Our own team": ("0", "0", "0"),
    }
    page = site.page("/segments/most-active")
    assert re.search(r"Who came.*Ann Example.*Who left.*Chi Example", page, re.DOTALL)
    assert [row["change"] for row in site.csv("/segments/most-active")] == ["came", "left"]


def test_a_filter_is_saved_listed_changed_and_removed(site: Site) -> None:
    site.bring(an_act(by="ann"), an_act(by="ben"))
    assert "/segments/new?kind=person" in site.page("/members?kind=person")
    assert "2 fit now" in site.page("/segments/new?kind=person")
    assert send(site, "/segments/new?kind=person", name="Everybody", shared="1").headers["location"] == "/segments"
    assert said(site, "/segments") == "The segment is saved."
    assert counts(site)["Everybody"] == ("2", "2", "0")
    (id,) = re.findall(r'href="/members\?kind=person&amp;segment=([^"]+)"', site.page("/segments"))
    assert "Save changes to “Everybody”" in site.page(f"/members?kind=person&q=ann&segment={id}")
    send(site, f"/segments/new?q=ann&segment={id}", name="Anns", shared="")
    found = site.page(f"/segments/{id}")
    assert "Members: named “ann”." in found
    assert "Only you see this segment." in found
    send(site, f"/segments/new?q=ben&segment={id}", name="Bens", shared="1", new="1")
    assert {"Anns", "Bens"} <= counts(site).keys()
    send(site, f"/segments/{id}/removal")
    page = site.page("/segments")
    assert "Anns" not in page.split("data-toast")[0]
    (position,) = re.findall(r'name="position" value="(\d+)"', page)
    send(site, "/undo", position=position, next="/segments")
    assert "Anns" in counts(site)


def test_what_cannot_be_saved_is_said_beside_the_draft(site: Site) -> None:
    answer = send(site, "/segments/new?sort=name", name="All of them")
    assert answer.status_code == 422
    assert "Choose a filter first" in answer.text
    assert 'value="All of them"' in answer.text


def test_a_segment_that_is_not_there_is_not_found(site: Site) -> None:
    assert "There is nothing at this address" in site.page("/segments/nobody", 404)
