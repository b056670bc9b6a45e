"""A thread is read from its beginning; each entry has an address of its own, with what was seen of it over time."""

import re
from datetime import timedelta
from html import unescape
from uuid import uuid4

from crm.activity import Whom
from crm.command import dispatch
from crm.merging import MergeMembers
from tests.factories import NOON, a_reply, an_act, someone
from tests.web.conftest import Site

HOUR = timedelta(hours=1)


def talk(site: Site, answers: int = 2) -> None:
    """A question and answers to it, an hour apart."""
    site.bring(
        an_act(
            "asked",
            by="ann",
            key="q",
            thread="t",
            title="How is it done?",
            text="I wonder.",
            link="https://forum.example/t/1",
        ),
        *(
            a_reply(
                by=f"m{n}", to="ann", key=f"a{n}", thread="t", parent="q", text=f"Answer {n}.", at=NOON + HOUR * (n + 1)
            )
            for n in range(answers)
        ),
    )


def test_a_thread_reads_from_its_beginning_with_who_took_part(site: Site) -> None:
    talk(site)
    page = site.page(f"/threads/{site.thread('t')}")
    assert page.index("I wonder.") < page.index("Answer 0.") < page.index("Answer 1.")
    assert "<h1>How is it done?</h1>" in page
    assert "3 entries, 3 people" in page
    assert 'href="https://forum.example/t/1"' in page
    assert "The hall" in page
    assert {voice["who"]["name"] for voice in site.json(f"/threads/{site.thread('t')}")["voices"]} == {
        "Ann Example",
        "M0 Example",
        "M1 Example",
    }


def test_the_opening_words_are_not_quoted_again_under_each_answer(site: Site) -> None:
    talk(site)
    assert site.page(f"/threads/{site.thread('t')}").count("I wonder.") == 1


def test_what_somebody_unknown_said_stands_in_the_thread_too(site: Site) -> None:
    site.bring(an_act(by=None, thread="t", title="Lost", text="Who am I?"))
    page = site.page(f"/threads/{site.thread('t')}")
    assert "Who am I?" in page
    assert "somebody unknown" in page
    assert site.json(f"/threads/{site.thread('t')}")["how_many"] == 0


def test_a_long_thread_follows_page_by_page(site: Site) -> None:
    talk(site, 50)
    page = site.page(f"/threads/{site.thread('t')}")
    (link,) = re.findall(r'class="older">\s*<a href="([^"]+)"', page)
    part = site.part(unescape(link))
    shown = re.findall(r'id="(e\d+)"', page + part)
    assert len(shown) == len(set(shown)) == 51
    assert "from its beginning" in site.page(unescape(link))


def test_a_thread_opens_in_a_spreadsheet(site: Site) -> None:
    talk(site)
    assert [row["text"] for row in site.csv(f"/threads/{site.thread('t')}")] == ["I wonder.", "Answer 0.", "Answer 1."]


def test_unknown_addresses_are_not_found(site: Site) -> None:
    for address in (f"/threads/{uuid4()}", "/threads/t", f"/interactions/{uuid4()}", "/interactions/1"):
        site.page(address, 404)
    talk(site)
    site.page(f"/threads/{site.thread('t')}?after=x", 400)


def test_words_stay_text(site: Site) -> None:
    site.bring(
        an_act("asked", by="ann", key="q", thread="t", title="<script>t</script>", text="<script>q</script>"),
        a_reply(by="ben", to="ann", key="a", thread="t", parent="q", text="<img src=x onerror=alert(1)>"),
    )
    for address in (f"/threads/{site.thread('t')}", f"/interactions/{site.act('q')}", f"/interactions/{site.act('a')}"):
        page = site.page(address)
        assert "<script>" not in page
        assert "<img" not in page


def test_an_entry_shows_what_it_answers_and_what_answers_it(site: Site) -> None:
    talk(site)
    question, answer = site.page(f"/interactions/{site.act('q')}"), site.page(f"/interactions/{site.act('a1')}")
    assert question.index("What answers it") < question.index("Answer 0.") < question.index("Answer 1.")
    assert answer.index("In answer to") < answer.index("I wonder.") < answer.index("Answer 1.")
    assert "What answers it" not in answer
    assert answer.index("Who it touched") < answer.index("answered</dd>")


def test_an_entry_leads_to_its_place_in_the_thread(site: Site) -> None:
    talk(site, 50)
    told = site.json(f"/interactions/{site.act('a45')}")
    address, _, anchor = told["in_thread"].partition("#")
    page = site.page(address)
    assert re.findall(r'id="(e\d+)"', page)[0] == anchor
    assert "Answer 45." in page
    assert "Answer 44." not in page


def test_an_entry_tells_how_it_was_seen_to_change(site: Site) -> None:
    site.bring(an_act(by="ann", key="a", text="Frist!"))
    site.bring(an_act(by="ann", key="a", text="First!", revision=1, edited_at=NOON + HOUR))
    site.bring(
        an_act(by="ann", key="a", text="First!", revision=1, edited_at=NOON + HOUR, reactions={"like": 2}, removed=True)
    )
    looks = site.json(f"/interactions/{site.act('a')}")["looks"]
    assert [(look["reworded"], look["removed"], look["reactions"]) for look in looks] == [
        (False, False, {}),
        (True, False, {}),
        (False, True, {"like": 2}),
    ]
    page = site.page(f"/interactions/{site.act('a')}")
    for words in (
        "first recorded",
        "with other words, edited May 31, 2024",
        "removed at the source",
        "2 reactions",
        "First!",
    ):
        assert words in page
    assert "Frist!" not in page


def test_a_moderation_act_keeps_the_word_of_its_source(site: Site) -> None:
    site.bring(an_act("moderated", by="ann", key="m", whom=(Whom(someone("ben"), "moderated"),)))
    assert "Ann Example</a></b> moderated" in site.page(f"/interactions/{site.act('m')}")
    assert "<span>moderated</span>" in site.page(f"/members/{site.who('ben')}")


def test_somebody_with_two_accounts_took_part_once(site: Site) -> None:
    talk(site)
    dispatch(site.kith, MergeMembers(kept=site.who("m0"), gone=site.who("m1")))
    site.engine.catch_up()
    told = site.json(f"/threads/{site.thread('t')}")
    assert {(voice["who"]["name"], voice["n"]) for voice in told["voices"]} == {("M0 Example", 2), ("Ann Example", 1)}
    assert told["how_many"] == 2
