"""The lists of care, the forms that go with them, and the morning on the page of today."""

import re
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from crm.command import dispatch
from crm.rhythms import SetRhythm
from crm.sides import SetSide
from crm.stages import DefineStage
from crm.tags import GiveTag
from crm.watching import Watch
from crm.writing import WriteItem
from tests.factories import NOON, a_mention, a_reply, an_act
from tests.web.conftest import Site
from tests.web.forms import send


def ago(days: int) -> datetime:
    return NOON - timedelta(days=days)


@pytest.fixture
def team(site: Site) -> Site:
    """A site on which Tess is a colleague, and Ann had to do with her forty days ago."""
    site.bring(an_act(by="zoe"), a_reply(by="tess", to="ann", at=ago(40), text="Welcome!"))
    dispatch(site.kith, SetSide(member=site.who("tess"), side="team"))
    site.engine.catch_up()
    return site


def stands(site: Site, tab: str) -> list[str]:
    return [row["who"]["name"] for row in site.json(f"/care?tab={tab}")["rows"]]


def test_a_due_member_is_told_with_the_days_the_rhythm_and_the_last_contact(team: Site) -> None:
    send(team, f"/members/{team.who('ann')}/rhythm", days="30", next="/care")
    page = team.page("/care")
    assert "40 days since the last contact; wanted every 30 days" in page
    assert re.search(r'href="/interactions/[0-9a-f-]{36}">Apr 21, 2024</a>', page)
    assert "The rhythm is set." in page


def test_a_contact_written_down_in_the_form_counts_at_once_and_can_be_undone(team: Site) -> None:
    dispatch(team.kith, SetRhythm(member=team.who("ann"), days=30))
    team.engine.catch_up()
    assert stands(team, "due") == ["Ann Example"]
    ann = str(team.who("ann"))
    assert "Ann Example" in team.page(f"/care/contact?member={ann}&kind=call")
    answer = send(team, "/care/contact", member=ann, kind="call", text="About spring", day="2024-05-30", next="/care")
    assert (answer.status_code, answer.headers["location"]) == (303, "/care")
    assert stands(team, "due") == []
    undo = re.search(r'action="/undo">.*?name="position" value="(\d+)"', team.page("/care"))
    assert undo
    send(team, "/undo", position=undo[1], next="/care")
    assert stands(team, "due") == ["Ann Example"]


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"text": " "}, "Write something first"),
        ({"text": "Kept draft", "day": "2999-01-01"}, "still to come"),
        ({"text": "Kept draft", "day": "yesterday"}, "Write the day as"),
        ({"text": "Kept draft", "kind": "note"}, "Choose whether it was"),
    ],
)
def test_a_contact_that_cannot_be_is_told_why_and_the_draft_is_kept(
    team: Site, form: dict[str, str], sentence: str
) -> None:
    answer = send(team, "/care/contact", **{"member": str(team.who("ann")), "kind": "call", **form})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert form["text"] in answer.text


def test_two_colleagues_who_set_a_rhythm_are_told_of_each_other_and_the_choice_is_kept(team: Site) -> None:
    ann = team.who("ann")
    dispatch(team.kith, SetRhythm(member=ann, days=30))
    team.engine.catch_up()
    answer = send(team, f"/members/{ann}/rhythm", days="7", seen="0")
    assert answer.status_code == 409
    assert "operator changed this" in answer.text
    assert "What stands now: every 30 days." in answer.text
    assert '<option value="7" selected>' in answer.text
    (seen,) = re.findall(r'name="seen" value="(\d+)"', answer.text)
    assert send(team, f"/members/{ann}/rhythm", days="7", seen=seen).status_code == 303


def test_what_is_no_number_is_no_rhythm(team: Site) -> None:
    assert send(team, f"/members/{team.who('ann')}/rhythm", days="often").status_code == 422
    assert send(team, "/care/rhythms", tag="speaker", days="0").status_code == 422


def test_who_waits_for_an_answer_stands_with_the_words(team: Site) -> None:
    team.bring(a_mention(by="ann", of=["tess"], at=ago(10), text="May I host in Huế?"))
    assert stands(team, "owed") == ["Ann Example"]
    page = team.page("/care?tab=owed")
    assert "Waiting for Tess Example’s answer for 10 days" in page
    assert "May I host in Huế?" in page


def test_words_of_an_erased_person_are_not_shown(team: Site) -> None:
    team.bring(a_mention(by="ann", of=["tess"], at=ago(10), text="My secret"))
    team.kith.vault.destroy(team.who("ann"))
    assert "My secret" not in team.page("/care?tab=owed")


def test_who_is_being_lost_is_told_by_their_own_habit(team: Site) -> None:
    team.bring(*(an_act(by="ben", at=ago(41 + 6 * n)) for n in range(6)))
    assert "Usually back within 6 days; quiet for 41 days" in team.page("/care?tab=lost")


def test_who_is_contacted_too_often_is_told_with_how_often(team: Site) -> None:
    team.bring(*(a_mention(by="tess", of=["ben"], at=ago(n)) for n in (5, 9, 12)))
    assert "The team turned to them 3 times within 30 days, without an answer" in team.page("/care?tab=often")


def test_a_member_is_watched_and_not_any_more(team: Site) -> None:
    path = f"/members/{team.who('ann')}/watch"
    send(team, path, on="1", next="/care?tab=watched")
    assert stands(team, "watched") == ["Ann Example"]
    send(team, path, on="", next="/care?tab=watched")
    assert stands(team, "watched") == []


def test_rhythms_are_set_by_stage_and_by_tag(team: Site) -> None:
    dispatch(team.kith, GiveTag(member=team.who("ann"), tag="speaker & host"))
    dispatch(team.kith, DefineStage(name="Regular"))
    team.engine.catch_up()
    regular, tag = team.json("/care/rhythms")["scopes"]
    assert send(team, "/care/rhythms", tag=tag["name"], days="14").status_code == 303
    assert send(team, "/care/rhythms", stage=regular["stage"], days="90").status_code == 303
    assert [one["days"] for one in team.json("/care/rhythms")["scopes"]] == [90, 14]
    assert "as for the tag speaker &amp; host" in team.page("/care")


def test_a_list_can_be_taken_along(team: Site) -> None:
    dispatch(team.kith, SetRhythm(member=team.who("ann"), days=30))
    team.engine.catch_up()
    (row,) = team.csv("/care")
    assert (row["name"], row["days"], row["due_on"]) == ("Ann Example", "30", "2024-05-21")


def test_without_a_colleague_the_page_says_how_to_name_one(site: Site) -> None:
    site.bring(an_act())
    assert "Nobody is marked as a colleague yet" in site.page("/care")
    assert "Tell Kith who of the members are colleagues" in site.page("/")


def test_nobody_is_written_to_who_is_not_there(team: Site) -> None:
    nobody = UUID(int=1)
    team.page(f"/care/contact?member={nobody}", status=404)
    assert send(team, f"/members/{nobody}/watch", on="1").status_code == 422


def test_the_morning_tells_what_waits_with_its_reasons(team: Site) -> None:
    team.bring(
        an_act("asked", by="ben", thread="t", title="Where do we meet?", at=ago(5)),
        *(an_act(by="chi", at=ago(41 + 6 * n)) for n in range(6)),
    )
    dispatch(team.kith, SetRhythm(member=team.who("ann"), days=30))
    dispatch(team.kith, WriteItem(member=team.who("zoe"), kind="promise", text="Introduce her to Minh"))
    dispatch(team.kith, Watch(member=team.who("zoe")))
    team.engine.catch_up()
    page = team.page("/")
    for words in (
        "Introduce her to Minh",
        "Asked 5 days ago; nobody answered",
        "Where do we meet?",
        "40 days since the last contact",
        "Usually back within 6 days; quiet for 41 days",
        "Here for the first time",
    ):
        assert words in page, words


def test_what_changed_is_counted_from_where_it_was_read(team: Site) -> None:
    assert "Say when you have read this page" in team.page("/")
    head = str(team.json("/")["head"])
    assert send(team, "/today/read", position=head).status_code == 303
    assert "Nothing changed since you looked" in team.page("/")
    team.bring(an_act(by="ben"), an_act(by="chi"))
    dispatch(team.kith, GiveTag(member=team.who("ben"), tag="new"))
    team.engine.catch_up()
    assert team.json("/")["morning"]["since"]["entries"] == 2
    page = team.page("/")
    assert "2 new entries" in page
    assert "1 act of the team" in page


def test_nothing_later_than_the_log_can_have_been_read(team: Site) -> None:
    assert send(team, "/today/read", position="999999").status_code == 422


def test_a_promise_is_kept_from_the_morning_and_all_of_them_can_be_seen(team: Site) -> None:
    for number in range(7):
        dispatch(team.kith, WriteItem(member=team.who("ann"), kind="promise", text=f"Promise {number}"))
    team.engine.catch_up()
    assert len(team.json("/")["morning"]["items"]) == 5
    assert 'href="/?tasks=all"' in team.page("/")
    first = team.json("/?tasks=all")["morning"]["items"][0]
    send(team, f"/members/{team.who('ann')}/items/{first['item']}/done", kind="promise", next="/")
    assert [one["text"] for one in team.json("/?tasks=all")["morning"]["items"]] == [
        f"Promise {n}" for n in range(1, 7)
    ]
