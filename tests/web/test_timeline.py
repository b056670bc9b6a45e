"""A member's page tells all that happened between them and others, in one stream."""

import re
from datetime import timedelta
from html import unescape

import pytest

from crm.activity import Who, Whom
from crm.command import dispatch
from crm.merging import MergeMembers
from crm.profile import SetField
from crm.sides import SetSide
from tests.factories import NOON, a_mention, a_reply, an_act, someone, take_back
from tests.web.conftest import Site

DAY = timedelta(days=1)
SCRIPT = "<script>alert('x')</script>"


def plain(page: str) -> str:
    """What a reader sees of a page or part, in one line."""
    return re.sub(
        r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", re.sub(r"(?s)<(script|style).*?</\1>", "", page)))
    ).strip()


def stream(page: str) -> list[str]:
    """The sentences of the entries of a page, in their order."""
    return [plain(found) for found in re.findall(r'(?s)<p class="sentence">(.*?)</p>', page)]


def test_a_timeline_reads_as_sentences_newest_first(site: Site) -> None:
    site.bring(
        an_act("asked", by="tuấn", key="q", thread="t", title="Shader variants explode", at=NOON - 2 * DAY),
        an_act("answered", by="ann", whom=(Whom(someone("tuấn"), "replied"),), thread="t", parent="q", at=NOON - DAY),
        a_reply(by="minh", to="ann", at=NOON, place=None),
    )
    page = site.page(f"/members/{site.who('ann')}")
    assert stream(page) == ["Minh Example replied to Ann Example", "Answered Tuấn Example in Shader variants explode"]
    assert page.index("Friday, May 31, 2024") < page.index("Thursday, May 30, 2024")
    assert "Mostly answers, on Forum. Here since May 2024." in plain(page)


def test_neighbours_in_a_thread_name_it_once_and_quote_the_same_words_once(site: Site) -> None:
    site.bring(
        an_act("asked", by="ben", key="q", thread="t", title="How?", text="How is it done?", at=NOON - DAY),
        *(a_reply(by="ann", to="ben", thread="t", parent="q", at=NOON + timedelta(hours=hour)) for hour in (1, 2)),
    )
    page = site.page(f"/members/{site.who('ann')}")
    assert stream(page) == ["Replied to Ben Example in How?", "Replied to Ben Example"]
    assert page.count("How is it done?") == 1


def test_nobody_is_named_twice_in_a_sentence_and_the_member_comes_first(site: Site) -> None:
    touched = (
        Whom(someone("chi"), "replied"),
        *(Whom(someone(name), "mentioned") for name in ("chi", "dan", "eve", "fay", "ann")),
    )
    site.bring(an_act("replied", by="ben", whom=touched, place=None))
    (sentence,) = stream(site.page(f"/members/{site.who('ann')}"))
    assert sentence == "Ben Example replied to Chi Example, mentioning Ann Example, Dan Example and 2 others"


def test_a_timeline_is_narrowed_by_side_kind_other_and_days(site: Site) -> None:
    site.bring(
        an_act("posted", by="ann", at=NOON - 3 * DAY, place=None),
        a_reply(by="ann", to="ben", at=NOON - 2 * DAY, place=None),
        a_reply(by="chi", to="ann", at=NOON - DAY, place=None),
        a_mention(by="ben", of=["ann", "chi"], at=NOON, place=None),
    )
    ann = f"/members/{site.who('ann')}"

    def kinds(query: str) -> list[str]:
        return [f"{line['side']} {line['entry']['kind']}" for line in site.json(ann + query)["lines"]]

    assert kinds("?side=did") == ["did replied", "did posted"]
    assert kinds("?side=received") == ["received posted", "received replied"]
    assert kinds("?kind=replied") == ["received replied", "did replied"]
    assert kinds(f"?other={site.who('ben')}") == ["received posted", "did replied"]
    assert kinds(f"?other={site.who('ben')}&side=did") == ["did replied"]
    assert kinds("?since=2024-05-29&until=2024-05-30") == ["received replied", "did replied"]
    assert kinds("?source=github") == []
    assert "With Ben Example" in plain(site.page(f"{ann}?other={site.who('ben')}"))
    assert "There is no entry under all of these filters" in site.page(f"{ann}?kind=merged")


def test_chips_count_what_choosing_them_would_show(site: Site) -> None:
    site.bring(
        an_act(by="ann"),
        a_reply(by="ann", to="ben"),
        a_reply(by="ben", to="ann"),
        a_mention(by="ben", of=["ann", "ann"]),
    )
    told = site.json(f"/members/{site.who('ann')}?side=received")
    assert {each["value"]: each["n"] for each in told["kinds_here"]} == {"replied": 1, "posted": 1}
    assert {each["value"]: each["n"] for each in told["sides_here"]} == {"did": 2, "received": 2}
    assert len(told["lines"]) == 2


def test_a_long_timeline_goes_on_without_an_entry_twice_or_a_day_begun_again(site: Site) -> None:
    site.bring(*(an_act(by="ann", at=NOON + timedelta(seconds=n // 2)) for n in range(70)))
    address, shown, days = f"/members/{site.who('ann')}", list[str](), 0
    page = site.page(address)
    while True:
        shown += re.findall(r'id="(e\d+)"', page)
        days += page.count('class="day"')
        if not (link := re.search(r'class="older">\s*<a href="([^"]+)"', page)):
            break
        page = site.part(unescape(link[1]))
        assert "<html" not in page
    assert len(shown) == len(set(shown)) == 70
    assert days == 1


@pytest.mark.parametrize(
    "query",
    [
        "before=x",
        "before=1",
        "since=tomorrow",
        "until=9999-12-31",
        "other=ben",
        "before=9e99.1",
        "before=1.99999999999999999999",
    ],
)
def test_an_address_that_says_nothing_is_answered_kindly(site: Site, query: str) -> None:
    site.bring(an_act(by="ann"))
    assert "does not fit" in site.page(f"/members/{site.who('ann')}?{query}", 400)


def test_filters_nobody_knows_show_everything(site: Site) -> None:
    site.bring(an_act(by="ann"))
    assert len(site.json(f"/members/{site.who('ann')}?kind=danced&side=both&since=&other=")["lines"]) == 1


def test_whatever_people_wrote_stays_text(site: Site) -> None:
    evil = Who("666", login=SCRIPT, name=f"Mallory {SCRIPT}", email=f"{SCRIPT}@example.org")
    site.bring(
        an_act(
            "asked", who=evil, key="q", thread="t", title=SCRIPT, text=SCRIPT, link='https://forum.example/"><script>'
        ),
        an_act(
            "replied", by="ann", whom=(Whom(evil, "replied"),), thread="t", parent="q", text="{{ 7 * 7 }} %(x)s {who}"
        ),
    )
    mallory = site.kith.ids.make("identity", "forum", "forum.example", "666")
    addresses = [
        "/members",
        "/members?q=<script>",
        *(
            f"/members/{who}{part}"
            for who in (site.who("ann"), mallory)
            for part in ("", "/relationships", "/accounts")
        ),
    ]
    for page in map(site.page, addresses):
        assert "<script>" not in page
    page = site.page(f"/members/{site.who('ann')}")
    assert "{{ 7 * 7 }} %(x)s {who}" in page
    assert "Mallory &lt;script&gt;" in page


def test_a_link_that_is_no_page_is_not_followed(site: Site) -> None:
    site.bring(an_act(by="ann", key="a", thread="t", link="javascript:alert(1)"))
    for address in (f"/members/{site.who('ann')}", f"/interactions/{site.act('a')}", f"/threads/{site.thread('t')}"):
        assert "javascript:" not in site.page(address)


def test_long_words_are_cut_and_lead_to_the_whole(site: Site) -> None:
    site.bring(an_act(by="ann", key="long", text="A paragraph of words. " * 200))
    page = site.page(f"/members/{site.who('ann')}")
    assert "read all" in page
    assert page.count("A paragraph") < 30
    assert site.page(f"/interactions/{site.act('long')}").count("A paragraph") == 200


def test_an_entry_tells_of_reactions_edits_removal_and_the_source(site: Site) -> None:
    site.bring(
        an_act(by="ann", reactions={"like": 7}, edited_at=NOON + DAY, removed=True, link="https://forum.example/p/1")
    )
    page = site.page(f"/members/{site.who('ann')}")
    for words in ("7 reactions", "edited Jun 1, 2024", "removed at the source"):
        assert words in plain(page)
    assert 'href="https://forum.example/p/1" rel="noopener noreferrer nofollow external"' in page


def test_an_erased_person_leaves_no_words(site: Site) -> None:
    site.bring(an_act(by="ann", text="My secret", key="a"), a_reply(by="ben", to="ann", parent="a"))
    site.kith.vault.destroy(site.who("ann"))
    for address in (f"/members/{site.who('ann')}", f"/members/{site.who('ben')}", f"/interactions/{site.act('a')}"):
        assert "My secret" not in site.page(address)
    assert "This person’s words were erased." in site.page(f"/members/{site.who('ann')}")
    assert "their names are gone for good" in site.page(f"/members/{site.who('ann')}/accounts")


def test_the_people_around_a_member_stand_closest_first(site: Site) -> None:
    site.bring(a_reply(by="ann", to="ben"), a_reply(by="ann", to="chi"), a_reply(by="chi", to="ann"))
    told = site.json(f"/members/{site.who('ann')}/relationships")
    assert [(one["who"]["name"], one["tie"]["given"], one["tie"]["received"]) for one in told["close"]] == [
        ("Chi Example", 1, 1),
        ("Ben Example", 1, 0),
    ]
    page = site.page(f"/members/{site.who('ann')}/relationships")
    assert f'href="/relationships/{site.who("ann")}/{site.who("chi")}"' in page
    assert [row["name"] for row in site.csv(f"/members/{site.who('ann')}/relationships")] == [
        "Chi Example",
        "Ben Example",
    ]


def test_many_people_around_a_member_follow_page_by_page(site: Site) -> None:
    site.bring(*(a_reply(by="ann", to=f"m{n}") for n in range(40)))
    address = f"/members/{site.who('ann')}/relationships"
    page = site.page(address)
    (link,) = re.findall(r'class="older".*?href="([^"]+)"', page, re.DOTALL)
    shown = re.findall(r'<tr role="row" data-row id="(m[^"]+)"', page + site.part(unescape(link)))
    assert len(shown) == len(set(shown)) == 40


def test_an_account_tells_the_names_it_bore(site: Site) -> None:
    site.bring(
        an_act(who=Who("7", login="lan", name="Lan"), at=NOON - DAY),
        an_act(who=Who("7", login="lan", name="Nguyễn Thị Lan"), at=NOON),
    )
    lan = site.kith.ids.make("identity", "forum", "forum.example", "7")
    (held,) = site.json(f"/members/{lan}/accounts")["accounts"]
    assert [each["name"] for each in held["names"]] == ["Nguyễn Thị Lan", "Lan"]
    assert "Nguyễn Thị Lan" in site.page(f"/members/{lan}/accounts")


def test_an_import_taken_back_leaves_no_trace_on_the_pages(site: Site) -> None:
    progress = site.bring(an_act(by="ann", key="a"))
    take_back(site.kith, progress)
    site.engine.catch_up()
    site.page(f"/members/{site.who('ann')}", 404)
    site.page(f"/interactions/{site.act('a')}", 404)


def test_a_timeline_opens_in_a_spreadsheet(site: Site) -> None:
    site.bring(a_reply(by="ann", to="ben", text="Yes,\nit does."))
    (row,) = site.csv(f"/members/{site.who('ann')}")
    assert (row["who"], row["touched"], row["text"], row["side"]) == (
        "Ann Example",
        "Ben Example (replied)",
        "Yes,\nit does.",
        "did",
    )


def test_the_page_of_a_merged_account_is_that_of_its_member(site: Site) -> None:
    site.bring(an_act("asked", by="ann", at=NOON - DAY), a_reply(by="tuấn", to="ben", place=None))
    ann, joined = site.who("ann"), site.who("tuấn")
    dispatch(site.kith, MergeMembers(kept=ann, gone=joined))
    site.engine.catch_up()
    for part in ("", "/relationships", "/accounts"):
        answer = site.client.get(f"/members/{joined}{part}?kind=replied&x=%C4%91", follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, f"/members/{ann}{part}?kind=replied&x=%C4%91")
    page = site.page(f"/members/{ann}")
    assert stream(page) == [
        "Operator found Ann Example and Tuấn Example to be one person",
        "Replied to Ben Example",
        "Asked in The hall",
    ]
    assert "ann" in plain(page)
    assert "tuấn" in plain(page)
    told = site.json(f"/members/{ann}")
    assert [one["login"] for one in told["accounts"]] == ["ann", "tuấn"]
    assert {line["side"] for line in told["lines"] if "side" in line} == {"did"}
    held = [one["account"] for one in site.json(f"/members/{ann}/accounts")["accounts"]]
    assert {(one["identity"], one["login"]) for one in held} == {(str(ann), "ann"), (str(joined), "tuấn")}
    others = site.page(f"/members/{site.who('ben')}")
    assert f'href="/members/{ann}">Ann Example</a></b> replied to' in others
    assert str(joined) not in others


def test_a_colleague_who_bears_a_name_of_the_teams_is_told_as_one(site: Site) -> None:
    site.bring(a_reply(by="ann", to="ben", place=None))
    dispatch(site.kith, SetField(member=site.who("ann"), field="name", value="Ánh <b>"))
    dispatch(site.kith, SetSide(member=site.who("ann"), side="team"))
    site.engine.catch_up()
    page = site.page(f"/members/{site.who('ann')}")
    assert "Ánh &lt;b&gt;" in page
    assert "our team" in plain(page)
    assert stream(site.page(f"/members/{site.who('ben')}")) == ["Ánh <b> replied to Ben Example"]
