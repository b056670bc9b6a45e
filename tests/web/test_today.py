"""Today tells the last thirty days, or those before the newest entry where all of it is history."""

import re
from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from tests.factories import NOON, a_reply, an_act, someone
from tests.web.conftest import Site

YESTERDAY = datetime.now(UTC) - timedelta(days=1)


def test_an_empty_kith_teaches_how_to_bring_a_community_in(site: Site) -> None:
    page = site.page("/")
    assert "scripts/crm import discourse FILE" in page
    assert 'action="/sample"' in page


def test_a_history_is_looked_back_on_from_its_newest_day_and_says_so(site: Site) -> None:
    site.bring(an_act(at=NOON), an_act(at=NOON - timedelta(days=29)), an_act(at=NOON - timedelta(days=30)))
    told = site.json("/")
    assert (told["newest"], told["since"], told["until"]) == ("2024-05-31", "2024-05-02", "2024-05-31")
    assert (told["now"]["acts"], told["before"]["acts"]) == (2, 1)
    assert "The newest entry is of Friday, May 31, 2024" in site.page("/")


def test_a_living_community_is_told_up_to_today(site: Site) -> None:
    site.bring(an_act(at=YESTERDAY))
    assert site.json("/")["until"] == datetime.now(UTC).date().isoformat()
    assert "The newest entry" not in site.page("/")


def test_each_day_stands_in_the_chart_and_together_they_are_all_acts(site: Site) -> None:
    site.bring(an_act(), an_act(), an_act(at=NOON - timedelta(days=3)))
    days = site.json("/")["by_day"]
    assert len(days) == 30
    assert [n for _, n in days if n] == [1, 2]
    assert site.page("/").count("<title>") >= 30


def test_what_came_in_is_told_by_source_and_by_kind(site: Site) -> None:
    site.bring(an_act("asked"), an_act("asked"), a_reply(), replace(an_act(), source="chat"))
    told = site.json("/")
    assert {one["name"]: one["n"] for one in told["by_source"]} == {"forum": 3, "chat": 1}
    assert told["by_kind"][0] == {"name": "asked", "n": 2}


def test_programs_are_not_counted_among_the_people(site: Site) -> None:
    robot = replace(someone("robot"), bot=True)
    site.bring(an_act(by="ann"), *(replace(an_act(), who=robot) for _ in range(5)))
    told = site.json("/")
    assert told["now"]["people"] == 1
    assert [one["who"]["name"] for one in told["active"]] == ["Ann Example"]
    assert [one["name"] for one in told["newcomers"]] == ["Ann Example"]


def test_only_who_was_first_seen_in_the_thirty_days_is_new(site: Site) -> None:
    site.bring(an_act(by="old", at=NOON - timedelta(days=90)), an_act(by="old"), an_act(by="ben"))
    told = site.json("/")
    assert (told["now"]["people"], told["now"]["newcomers"]) == (2, 1)


def test_the_most_active_stand_first(site: Site) -> None:
    site.bring(an_act(by="ann"), an_act(by="ben"), an_act(by="ben"))
    assert [(one["who"]["name"], one["n"]) for one in site.json("/")["active"]] == [
        ("Ben Example", 2),
        ("Ann Example", 1),
    ]


def test_conversations_show_their_title_who_opened_them_and_how_long_they_are(site: Site) -> None:
    site.bring(
        an_act("asked", thread="t", title="How to <plant> rice?"), a_reply(thread="t", at=NOON + timedelta(hours=1))
    )
    (talk,) = site.json("/")["talks"]
    assert (talk["words"], talk["who"]["name"], talk["n"]) == ("How to <plant> rice?", "Ann Example", 2)
    assert "How to &lt;plant&gt; rice?" in site.page("/")


def test_a_conversation_opened_by_an_erased_person_shows_none_of_their_words(site: Site) -> None:
    site.bring(an_act("asked", thread="t", title="My secret"))
    site.kith.vault.destroy(site.who("ann"))
    page = site.page("/")
    assert "My secret" not in page
    assert "The words were erased" in page


def test_the_days_can_be_taken_along_as_a_table(site: Site) -> None:
    site.bring(an_act())
    lines = site.client.get("/?as=csv").text.splitlines()
    assert lines[0].endswith("day,acts")
    assert lines[-1] == "2024-05-31,1"


def test_the_last_imports_lead_to_their_pages(site: Site) -> None:
    progress = site.bring(an_act())
    assert re.search(rf'href="/sources/{progress.batch}"', site.page("/"))
