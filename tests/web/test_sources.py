"""Sources: every import, how far it is, what was refused and why; the sample community goes in and out with a button."""

import re
from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine

from crm.activity import Refused
from crm.importing import Progress
from crm.imports import Import
from tests.factories import an_act, bring, take_back
from tests.waiting import eventually
from tests.web.conftest import Site
from tests.web.forms import said, send
from web.pages import sample


def spoiled(number: int = 1) -> Refused:
    return Refused("forum.jsonl", number, f"Row {number} has no author", b'=HYPERLINK("https://evil.example")')


def test_every_importer_says_what_it_takes_and_what_to_type(site: Site) -> None:
    page = site.page("/sources")
    for name in ("discourse", "git", "github"):
        assert f"scripts/crm import {name} FILE" in page
    assert "import sample" not in page


def test_an_import_tells_its_counts(site: Site) -> None:
    act = an_act()
    site.bring(act)
    progress = bring(site.kith, [act, an_act(), spoiled()])
    site.engine.catch_up()
    told = site.json(f"/sources/{progress.batch}")["brought"]
    assert {name: told[name] for name in ("read", "recorded", "known", "refused", "state")} == {
        "read": 3, "recorded": 1, "known": 1, "refused": 1, "state": "done",
    }  # fmt: skip
    assert site.json("/sources")["imports"][0]["batch"] == str(progress.batch)


def test_refused_rows_show_why_and_where(site: Site) -> None:
    progress = bring(site.kith, [spoiled(7)])
    site.engine.catch_up()
    page = site.page(f"/sources/{progress.batch}")
    assert "Row 7 has no author" in page
    assert "line 7" in page


def test_refused_rows_follow_page_by_page_each_once(site: Site) -> None:
    progress = bring(site.kith, [spoiled(number) for number in range(1, 121)])
    site.engine.catch_up()
    met, path = [], f"/sources/{progress.batch}/refused"
    while path:
        told = site.json(path)
        met += [one["number"] for one in told["refusals"]]
        path = told["older"]
    assert met == list(range(1, 121))


def test_all_refused_rows_come_as_a_table_with_how_they_begin_and_no_formula(site: Site) -> None:
    progress = bring(site.kith, [spoiled(number) for number in range(1, 2101)])
    site.engine.catch_up()
    answer = site.client.get(f"/sources/{progress.batch}/refused?as=csv")
    lines = answer.text.splitlines()
    assert answer.headers["content-type"].startswith("text/csv")
    assert lines[0] == "\ufeffnumber,file,line,reason,raw"
    assert lines[1] == '1,forum.jsonl,1,Row 1 has no author,"\'=HYPERLINK(""https://evil.example"")"'
    assert len(lines) == 2101


def test_refused_rows_lie_sealed_in_the_database(site: Site) -> None:
    bring(site.kith, [spoiled()])
    with site.kith.connection() as connection:
        row = connection.execute("SELECT raw FROM refused_rows").fetchone()
    assert row and b"HYPERLINK" not in bytes(row["raw"])


def test_a_running_import_is_looked_at_again_until_it_is_done(site: Site) -> None:
    seen: list[str] = []

    def watch(progress: Progress) -> None:
        site.engine.catch_up("imports")
        seen.append(site.part(f"/sources/{progress.batch}"))

    progress = bring(site.kith, [an_act()], watch)
    site.engine.catch_up()
    assert seen and all('hx-trigger="every 2s"' in part and "running" in part for part in seen)
    assert all("<noscript>" in part and "<html" not in part for part in seen)
    after = site.part(f"/sources/{progress.batch}")
    assert "every 2s" not in after and "done" in after


def test_an_import_of_which_nothing_was_heard_for_a_minute_counts_as_interrupted(site: Site) -> None:
    run = Import.start("discourse", ("forum.jsonl",))
    site.kith.log.save(run, by="tests")
    site.engine.catch_up()
    assert site.json(f"/sources/{run.id}")["brought"]["state"] == "running"
    with time_machine.travel(run.created_on + timedelta(seconds=61)):
        assert site.json(f"/sources/{run.id}")["brought"]["state"] == "interrupted"
        assert "run the same import again" in site.page(f"/sources/{run.id}")


def test_an_import_taken_back_says_so(site: Site) -> None:
    progress = site.bring(an_act())
    take_back(site.kith, progress)
    site.engine.catch_up()
    assert "taken back" in site.page("/sources")
    assert site.json(f"/sources/{progress.batch}")["brought"]["state"] == "back"


def test_an_import_that_never_was_is_not_found(site: Site) -> None:
    site.page(f"/sources/{uuid4()}", status=404)
    site.page(f"/sources/{uuid4()}/refused", status=404)


def test_the_sample_community_comes_with_one_button_and_goes_with_another(site: Site) -> None:
    begun = send(site, "/sample")
    assert begun.status_code == 303
    assert re.fullmatch(r"/sources/[0-9a-f-]{36}", begun.headers["location"])

    def is_done() -> bool:
        site.engine.catch_up("imports")
        return bool(site.json(begun.headers["location"])["brought"]["state"] == "done")

    eventually(is_done, seconds=60)
    site.engine.catch_up()
    assert "its people are invented" in site.page("/")
    assert site.json("/")["now"]["people"] > 10

    assert send(site, "/sample").headers["location"] == "/"
    assert said(site) == "The sample community is here already."

    assert send(site, "/sample/removal").status_code == 303
    assert said(site) == "The sample community is gone."
    assert site.json("/")["newest"] is None
    assert "its people are invented" not in site.page("/")


@pytest.fixture
def coming_in() -> Iterator[None]:
    """The sample is just being added."""
    with sample._adding:
        yield


@pytest.mark.usefixtures("coming_in")
def test_the_sample_is_neither_added_twice_at_once_nor_removed_before_it_is_in(site: Site) -> None:
    assert send(site, "/sample").headers["location"] == "/sources"
    assert said(site) == "The sample community is being added."
    refused = send(site, "/sample/removal")
    assert refused.status_code == 422
    assert "still coming in" in refused.text
