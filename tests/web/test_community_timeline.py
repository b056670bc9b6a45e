"""The community's timeline tells what happened on all its platforms in one stream."""

import gzip
import json
import lzma
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from html import unescape
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from crm import importing
from crm.activity import Activity, Place
from crm.reading import Inputs
from tests.factories import NOON, a_reply, an_act, someone, take_back
from tests.web.conftest import Site
from tests.web.test_timeline import plain, stream

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ROBOT = replace(someone("robot"), bot=True)


def in_chat(act: Activity) -> Activity:
    """The same on another platform."""
    return replace(act, source="chat", host="chat.example")


def by_robot(**more: Any) -> Activity:
    return replace(an_act("labelled", place=None, **more), who=ROBOT)


def shown(site: Site, query: str = "") -> list[str]:
    """Who did what where, of each entry in its order."""
    told = [line["entry"] for line in site.json(f"/timeline{query}")["lines"]]
    return [f"{(one['who'] or {'name': 'nobody'})['name']} {one['kind']} {one['source']}" for one in told]


def walked(site: Site, address: str) -> list[str]:
    """The pages of a stream one after the other: the first whole, the others as htmx gets them."""
    pages = [site.page(address)]
    while link := re.search(r'class="older">\s*<a href="([^"]+)"', pages[-1]):
        pages.append(site.part(unescape(link[1])))
    return pages


def anchors(pages: list[str]) -> list[int]:
    return [int(found) for page in pages for found in re.findall(r'id="e(\d+)"', page)]


def test_two_platforms_are_one_stream_newest_first_parted_by_days(site: Site) -> None:
    site.bring(
        an_act("asked", by="tuấn", key="q", thread="t", title="Shaders explode", at=NOON - DAY),
        in_chat(an_act(by="ann", at=NOON - DAY + HOUR, place=None)),
        a_reply(by="ann", to="tuấn", thread="t", parent="q", at=NOON),
        a_reply(by="minh", to="ann", thread="t", at=NOON + HOUR),
        in_chat(an_act("joined", by="chi", at=NOON + 2 * HOUR, place=None)),
    )
    page = site.page("/timeline")
    assert stream(page) == [
        "Chi Example joined",
        "Minh Example replied to Ann Example in Shaders explode",
        "Ann Example replied to Tuấn Example",
        "Ann Example posted",
        "Tuấn Example asked: Shaders explode",
    ]
    assert re.findall(r'class="day"><h2><time datetime="([\d-]+)', page) == ["2024-05-31", "2024-05-30"]
    assert f'href="/interactions/{site.act("q")}"' in page


def test_an_empty_kith_says_how_a_stream_begins(site: Site) -> None:
    page = site.page("/timeline")
    assert "Nothing has happened yet" in page
    assert 'href="/sources"' in page


def test_the_stream_is_narrowed_by_kind_source_place_and_days(site: Site) -> None:
    yard = Place("2", "The yard")
    site.bring(
        an_act(by="ann", at=NOON - 3 * DAY),
        in_chat(an_act(by="ben", at=NOON - 2 * DAY, place=None)),
        a_reply(by="chi", to="ann", at=NOON - DAY, place=yard),
        an_act(by="dan", at=NOON, place=yard),
    )
    ann, ben = "Ann Example posted forum", "Ben Example posted chat"
    chi, dan = "Chi Example replied forum", "Dan Example posted forum"
    assert shown(site) == [dan, chi, ben, ann]
    assert shown(site, "?kind=posted") == [dan, ben, ann]
    assert shown(site, "?source=chat") == [ben]
    assert shown(site, "?source=forum&kind=posted") == [dan, ann]
    assert shown(site, "?source=chat&kind=replied") == []
    assert shown(site, "?since=2024-05-29&until=2024-05-30") == [chi, ben]
    place = site.kith.ids.make("place", "forum", "forum.example", "2")
    assert shown(site, f"?place={place}") == [dan, chi]
    assert shown(site, f"?place={place}&kind=replied") == shown(site, f"?place={place}&until=2024-05-30") == [chi]
    assert shown(site, f"?place={place}&source=chat") == []
    assert "In The yard" in plain(site.page(f"/timeline?place={place}"))
    assert f'href="/timeline?place={place}"' in site.page("/timeline")
    assert "There is no entry under all of these filters" in site.page("/timeline?kind=merged")


def test_bots_are_left_out_until_they_are_let_in(site: Site) -> None:
    site.bring(an_act(by="ann", at=NOON - HOUR), by_robot(at=NOON), in_chat(by_robot(at=NOON + HOUR)))
    assert shown(site) == ["Ann Example posted forum"]
    assert "Bots left out 2" in plain(site.page("/timeline"))
    assert 'href="/timeline?who=all"' in site.page("/timeline")
    robots = ["Robot Example labelled chat", "Robot Example labelled forum"]
    assert shown(site, "?who=all") == [*robots, "Ann Example posted forum"]
    assert shown(site, "?who=bots") == robots
    assert shown(site, "?who=bots&source=forum") == robots[1:]
    assert shown(site, "?kind=labelled") == []


def test_where_only_bots_did_anything_the_page_says_so(site: Site) -> None:
    site.bring(by_robot())
    page = site.page("/timeline")
    assert "Only bots so far" in page
    assert 'href="/timeline?who=all"' in page


def test_chips_count_what_choosing_them_would_show(site: Site) -> None:
    site.bring(an_act(), an_act(by="ben"), in_chat(an_act()), a_reply(), by_robot())

    def counts(query: str, field: str) -> dict[str, int | None]:
        return {one["value"]: one["n"] for one in site.json(f"/timeline{query}")[field]}

    assert counts("", "kinds_here") == {"posted": 3, "replied": 1}
    assert counts("", "sources_here") == {"forum": 3, "chat": 1}
    assert counts("?source=chat", "kinds_here") == {"posted": 1}
    assert counts("?who=all", "kinds_here") == {"posted": 3, "replied": 1, "labelled": 1}
    assert counts("?who=bots", "kinds_here") == {"labelled": 1}
    assert set(counts("?since=2024-05-31", "kinds_here").values()) == {None}


def test_what_nobody_is_known_to_have_done_stands_in_the_stream(site: Site) -> None:
    site.bring(an_act(by=None, at=NOON), an_act(by="ann", at=NOON - HOUR))
    assert shown(site) == ["nobody posted forum", "Ann Example posted forum"]
    assert stream(site.page("/timeline"))[0] == "somebody unknown posted in The hall"


@pytest.mark.parametrize("query", ["", "?kind=posted", "?source=forum", "?who=bots", "?place=hall"])
def test_entries_of_one_moment_are_neither_skipped_nor_repeated(site: Site, query: str) -> None:
    acts = [an_act(by=f"m{n % 9}", at=NOON + timedelta(seconds=n // 50), key=f"k{n}") for n in range(140)]
    site.bring(*(replace(act, who=ROBOT) if "bots" in query else act for act in acts))
    hall = str(site.kith.ids.make("place", "forum", "forum.example", "1"))
    pages = walked(site, f"/timeline{query.replace('hall', hall)}")
    found = anchors(pages)
    assert len(found) == len(set(found)) == 140
    assert found == sorted(found, reverse=True)
    assert sum(page.count('class="day"') for page in pages) == 1


def test_the_stream_goes_on_without_javascript_by_a_link(site: Site) -> None:
    site.bring(*(an_act(at=NOON + timedelta(minutes=n)) for n in range(40)))
    first = site.page("/timeline")
    (link,) = re.findall(r'class="older">\s*<a href="([^"]+)"', first)
    second = site.page(unescape(link))
    assert "<html" in second
    assert len(anchors([first, second])) == len(set(anchors([first, second]))) == 40


def test_nothing_private_and_nothing_taken_back_is_shown(site: Site) -> None:
    progress = site.bring(an_act(by="ann", text="My secret"), an_act(by="ben", text="In the open"))
    site.kith.vault.destroy(site.who("ann"))
    for page in (site.page("/timeline"), *(site.client.get(f"/timeline?as={form}").text for form in ("csv", "json"))):
        assert "My secret" not in page
        assert "ann@example.org" not in page
        assert "In the open" in page
    take_back(site.kith, progress)
    site.engine.catch_up()
    assert shown(site) == []


def test_whatever_people_wrote_stays_text(site: Site) -> None:
    evil = Place("9", "<script>alert(1)</script>")
    site.bring(an_act(by="ann", title="<script>", text="{{ 7 * 7 }} %(x)s", place=evil))
    page = site.page("/timeline")
    assert "<script>alert" not in page
    assert "{{ 7 * 7 }} %(x)s" in page


@pytest.mark.parametrize("query", ["before=x", "since=tomorrow", "until=9999-12-31", "place=hall"])
def test_an_address_that_says_nothing_is_answered_kindly(site: Site, query: str) -> None:
    assert "does not fit" in site.page(f"/timeline?{query}", 400)


def test_the_stream_opens_in_a_spreadsheet(site: Site) -> None:
    site.bring(an_act(by="ann", text="One,\nand more."), in_chat(a_reply(by="ben", to="ann", at=NOON + HOUR)))
    rows = site.csv("/timeline")
    assert [(row["who"], row["kind"], row["source"], row["place"]) for row in rows] == [
        ("Ben Example", "replied", "chat", "The hall"),
        ("Ann Example", "posted", "forum", "The hall"),
    ]
    assert rows[1]["text"] == "One,\nand more."
    assert site.client.get("/timeline?as=xlsx").content.startswith(b"PK")


def test_it_is_reached_from_the_menu_and_from_what_came_in_today(site: Site) -> None:
    site.bring(an_act())
    page = site.page("/")
    assert page.index('href="/timeline"') < page.index('href="/members"')
    (link,) = re.findall(r'href="(/timeline\?since=[^"]+)"', page)
    assert len(stream(site.page(unescape(link)))) == 1


def between(path: Path, moment: str, *, of: Any) -> Iterator[str]:
    """The lines of a packed file whose own moment, as `of` reads it, begins like this."""
    with lzma.open(path, "rt") if path.suffix == ".xz" else gzip.open(path, "rt") as opened:
        for line in opened:
            if moment in line and of(json.loads(line)).startswith(moment):
                yield line


def test_the_forum_and_the_repository_of_one_community_interleave(site: Site, data: Path, tmp_path: Path) -> None:
    """Urho3D in March 2015: what the files tell by themselves is what stands on the pages, in the order of time."""
    march = "2015-03"
    forum, repository = tmp_path / "forum.jsonl", tmp_path / "urho3d.gitlog.jsonl"
    topics = between(data / "discourse/urho3d-forum-topics.jsonl.xz", march, of=lambda one: one["created_at"])
    commits = between(data / "git/urho3d.gitlog.jsonl.gz", march, of=lambda one: one["author"]["date"])
    forum.write_text("".join(topics))
    repository.write_text("".join(commits))
    importing.run(site.kith, "discourse", Inputs((str(forum),)))
    importing.run(site.kith, "git", Inputs((str(repository),)))
    site.engine.catch_up()
    told = [line["entry"] for line in site.json("/timeline?since=2015-03-01&until=2015-03-31&who=all")["lines"]]
    moments = [datetime.fromisoformat(one["at"]) for one in told]
    assert all(later >= earlier for later, earlier in pairwise(moments))
    assert len([key for key, _ in groupby(one["source"] for one in told)]) > 20
    pages = walked(site, "/timeline?since=2015-03-01&until=2015-03-31&who=all")
    assert len(anchors(pages)) == len(told)
    named = re.findall(r"(?s)<p class=\"meta\">.*?<span>(.*?)</span>", "".join(pages))
    assert named == [{"discourse": "Discourse forum", "git": "Git history"}[one["source"]] for one in told]
