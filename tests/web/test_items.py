"""What the team keeps about a member: written, changed, done, removed, and never lost; and what stands of it in the timeline."""

from datetime import UTC, date, datetime, timedelta

from crm.command import dispatch
from crm.sides import SetSide
from crm.tags import GiveTag
from crm.undoing import Undo
from crm.writing import WriteItem
from projections.items import what_is_open
from tests.factories import NOON, an_act
from tests.web.conftest import Site
from tests.web.forms import said, send


def ann(site: Site) -> str:
    """The address of Ann, who was here as Ben was."""
    site.bring(an_act(by="ann"), an_act(by="ben"))
    return f"/members/{site.who('ann')}"


def kept(site: Site, home: str, which: str = "kept") -> list[dict[str, object]]:
    return site.json(f"{home}/items")[which]  # type: ignore[no-any-return]


def test_a_note_is_kept_and_changed_and_removed_and_brought_back(site: Site) -> None:
    home = ann(site)
    answer = send(site, f"{home}/items", kind="note", text="Nervous about English", next=home)
    assert answer.headers["location"] == home
    assert "The note is kept." in said(site, home)
    (note,) = kept(site, home)
    here = f"{home}/items/{note['item']}"
    assert "Nervous about English" in site.page(here)
    send(site, here, kind="note", text="At ease now", seen=str(note["position"]))
    (note,) = kept(site, home)
    assert note["text"] == "At ease now"
    send(site, f"{here}/removal", kind="note", seen=str(note["position"]))
    assert kept(site, home) == []
    removed = site.json(f"{home}/history")["lines"][0]
    assert removed["before"] == "At ease now"
    send(site, "/undo", position=str(removed["done"]["position"]))
    assert kept(site, home)[0]["text"] == "At ease now"


def test_what_cannot_be_kept_comes_back_with_its_sentence_and_the_draft(site: Site) -> None:
    home = ann(site)
    answer = send(site, f"{home}/items", kind="call", text="Next week", day="2999-01-01")
    assert answer.status_code == 422
    assert "add a task" in answer.text and "Next week</textarea>" in answer.text and 'value="2999-01-01"' in answer.text
    assert kept(site, home) == []


def test_who_was_slower_keeps_theirs_or_their_own(site: Site) -> None:
    home = ann(site)
    send(site, f"{home}/items", kind="note", text="First")
    (note,) = kept(site, home)
    here, seen = f"{home}/items/{note['item']}", str(note["position"])
    send(site, here, kind="note", text="A colleague’s", seen=seen)
    answer = send(site, here, kind="note", text="Mine", seen=seen)
    assert answer.status_code == 409
    assert "A colleague’s" in answer.text and "Mine</textarea>" in answer.text and "Keep theirs" in answer.text
    (note,) = kept(site, home)
    assert f'name="seen" value="{note["position"]}"' in answer.text
    send(site, here, kind="note", text="Mine", seen=str(note["position"]))
    assert [one["text"] for one in kept(site, home)] == ["Mine"]


def test_words_for_a_note_that_a_colleague_removed_are_kept_in_the_form(site: Site) -> None:
    home = ann(site)
    send(site, f"{home}/items", kind="note", text="First")
    (note,) = kept(site, home)
    here, seen = f"{home}/items/{note['item']}", str(note["position"])
    send(site, f"{here}/removal", kind="note", seen=seen)
    answer = send(site, here, kind="note", text="Mine", seen=seen)
    assert answer.status_code == 409
    assert (
        "It was removed" in answer.text and "Keep mine as a new one" in answer.text and "Mine</textarea>" in answer.text
    )


def test_a_task_is_late_then_done_then_not_after_all(site: Site) -> None:
    home = ann(site)
    yesterday = (datetime.now(UTC) - timedelta(days=1)).date()
    send(site, f"{home}/items", kind="task", text="Send the book", day=yesterday.isoformat())
    assert "1 day late" in site.page(f"{home}/profile")
    (task,) = kept(site, home, "due")
    done = f"{home}/items/{task['item']}/done"
    send(site, done, kind="task", done="true")
    assert kept(site, home, "due") == [] and kept(site, home, "done")[0]["done_by"] == "operator"
    assert send(site, done, kind="task", done="true").status_code == 303
    assert "said so already" in said(site, home)
    send(site, done, kind="task", done="false")
    assert len(kept(site, home, "due")) == 1
    newest = site.json(f"{home}/history")["lines"][0]
    assert newest["text"] == "Send the book" and "not done after all" in newest["sentence"]


def test_what_is_open_is_told_of_all_members_the_longest_due_first(site: Site) -> None:
    ann(site)
    first, second = site.who("ann"), site.who("ben")
    dispatch(site.kith, SetSide(member=second, side="team"))
    for member, text, day, owner in (
        (first, "no day", None, None),
        (second, "late", date(2024, 1, 1), None),
        (first, "later", date(2024, 2, 1), second),
    ):
        dispatch(site.kith, WriteItem(member=member, kind="promise", text=text, day=day, owner=owner))
    site.engine.catch_up()
    with site.kith.connection() as connection:
        vault = site.kith.vault
        told = what_is_open(vault, connection)
        assert [one.text for one in told] == ["late", "later", "no day"]
        assert [one.who.name for one in told if one.who] == ["Ben Example", "Ann Example", "Ann Example"]
        assert [one.text for one in what_is_open(vault, connection, until=date(2024, 1, 31))] == ["late"]
        assert [one.text for one in what_is_open(vault, connection, owner=second)] == ["later"]
        assert len(what_is_open(vault, connection, limit=2)) == 2


def test_what_the_team_did_stands_among_what_happened_and_pages_follow_on(site: Site) -> None:
    days = [NOON + timedelta(days=number) for number in range(40)]
    site.bring(*(an_act(by="ann", at=day, key=str(day)) for day in days))
    member = site.who("ann")
    for day in days:
        wish = WriteItem(member=member, kind="call", text=f"Call on {day:%d %B}", day=day.date())
        dispatch(site.kith, wish)
    site.engine.catch_up()
    home, seen, pages = f"/members/{member}", [], 0
    path = home
    while path:
        page = site.page(path)
        seen += [part.split('"')[0] for part in page.split('<li class="entry')[1:] for part in part.split(' id="')[1:2]]
        path = (
            page.split('class="older"><a href="')[1].split('"')[0].replace("&amp;", "&")
            if 'class="older"' in page
            else ""
        )
        pages += 1
    assert pages == 3 and len(seen) == 80 == len(set(seen))
    assert [one["source"] for one in site.csv(home)] == ["team", "forum"] * 40 or [
        one["source"] for one in site.csv(home)
    ] == ["forum", "team"] * 40


def test_the_timeline_shows_an_undone_act_struck_through_and_filters_leave_the_team_out(site: Site) -> None:
    home = ann(site)
    tagged = dispatch(site.kith, GiveTag(member=site.who("ann"), tag="speaker"))
    dispatch(site.kith, Undo(position=tagged))
    dispatch(site.kith, WriteItem(member=site.who("ann"), kind="note", text="Paper"))
    site.engine.catch_up()
    page = site.page(home)
    assert "<del>Operator" not in page and "<del><b>Operator</b> gave the tag <b>speaker</b></del>" in page
    assert 'class="entry noted"' in page and "Paper" in page
    assert "Paper" not in site.page(f"{home}?side=did") and "Paper" in site.page(f"{home}?side=team")
    assert site.page(f"{home}?side=team").count('class="entry') == 2


def test_an_erased_member_has_no_words_left(site: Site) -> None:
    home = ann(site)
    send(site, f"{home}/items", kind="note", text="Nervous about English")
    site.kith.vault.destroy(site.who("ann"))
    for path in (home, f"{home}/items", f"{home}/history"):
        assert "Nervous" not in site.page(path)
