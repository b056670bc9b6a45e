"""Undo: the button beside each notice, by a form, for whatever was done."""

from crm.command import dispatch
from crm.merging import MergeMembers
from crm.tags import GiveTag
from projections.acts import which_traits
from tests.factories import an_act
from tests.web.conftest import Site
from tests.web.forms import send


def tags(site: Site, name: str) -> list[str]:
    with site.kith.connection() as connection:
        return [one.slot for one in which_traits(connection, site.who(name), "tag:")]


def test_what_was_done_is_undone_and_done_again_by_the_button_of_its_notice(site: Site) -> None:
    site.bring(an_act(by="ann"))
    position = dispatch(site.kith, GiveTag(member=site.who("ann"), tag="mentor"))
    undone = send(site, "/undo", position=str(position), next="/members")
    assert (undone.status_code, undone.headers["Location"]) == (303, "/members")
    assert tags(site, "ann") == []
    notice = site.page("/members")
    again = site.kith.log.recorder.max_notification_id()
    assert "Undone." in notice and f'name="position" value="{again}"' in notice
    assert 'name="next" value="/members"' in notice
    send(site, "/undo", position=str(again))
    assert tags(site, "ann") == ["tag:mentor"]


def test_the_notice_is_shown_once_and_without_a_button_where_nothing_can_be_undone(site: Site) -> None:
    site.bring(an_act(by="ann"))
    send(site, "/undo", position="1", next="/members")
    shown = site.page("/members")
    assert "Only what the team did can be undone" in shown and 'action="/undo"' not in shown
    assert "data-toast" not in site.page("/members")


def test_what_cannot_be_undone_is_told_on_the_page_one_came_from(site: Site) -> None:
    site.bring(an_act(by="ann"))
    tagged = str(dispatch(site.kith, GiveTag(member=site.who("ann"), tag="mentor")))
    send(site, "/undo", position=tagged)
    assert send(site, "/undo", position=tagged, next="/members").headers["Location"] == "/members"
    assert "This was undone already." in site.page("/members")


def test_nobody_is_led_to_another_site(site: Site) -> None:
    site.bring(an_act(by="ann"))
    tagged = dispatch(site.kith, GiveTag(member=site.who("ann"), tag="mentor"))
    answer = send(site, "/undo", position=str(tagged), next="//elsewhere.example")
    assert answer.headers["Location"] == "/"


def test_undoing_a_merge_asks_first_whose_is_what_was_done_since(site: Site) -> None:
    site.bring(an_act(by="ann"), an_act(by="ben"))
    ann, ben = site.who("ann"), site.who("ben")
    merged = dispatch(site.kith, MergeMembers(kept=ann, gone=ben))
    dispatch(site.kith, GiveTag(member=ann, tag="mentor"))
    site.engine.catch_up()
    assert send(site, "/undo", position=str(merged)).headers["Location"] == f"/merges/{merged}"
    assert site.json(f"/merges/{merged}")["stands"]
