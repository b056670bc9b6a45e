"""Merging, splitting, moving on the page: told before it is done, undone on any day, kind when two decide at once."""

import re
from uuid import UUID

import pytest

from crm.command import dispatch
from crm.merging import MergeMembers
from crm.parting import KeepApart
from crm.profile import SetField
from crm.tags import GiveTag
from crm.writing import FinishItem, WriteItem
from projections.acts import which_traits
from tests.factories import an_act
from tests.web.conftest import Site
from tests.web.forms import send


@pytest.fixture
def people(site: Site) -> dict[str, UUID]:
    """Ann did one thing, Ben two, Chi three; the team says something of Ann and Ben."""
    site.bring(*(an_act(by=name) for number, name in enumerate(("ann", "ben", "chi"), 1) for _ in range(number)))
    found = {name: site.who(name) for name in ("ann", "ben", "chi")}
    dispatch(site.kith, GiveTag(member=found["ann"], tag="mentor"))
    dispatch(site.kith, GiveTag(member=found["ben"], tag="speaker"))
    dispatch(site.kith, SetField(member=found["ann"], field="place", value="Huế"))
    dispatch(site.kith, SetField(member=found["ben"], field="place", value="Vinh"))
    site.engine.catch_up()
    return found


def head(site: Site) -> int:
    return site.kith.log.recorder.max_notification_id() or 0


def accounts(site: Site, member: UUID) -> int:
    with site.kith.connection() as connection:
        row = connection.execute("SELECT accounts FROM members WHERE member = %(id)s", {"id": member}).fetchone()
    return row["accounts"] if row else 0


def said(site: Site, member: UUID) -> set[str]:
    with site.kith.connection() as connection:
        return {one.slot.partition(":")[0] + ":" + str(one.value) for one in which_traits(connection, member)}


def test_the_other_is_found_by_name_and_never_the_member_itself(site: Site, people: dict[str, UUID]) -> None:
    found = site.json(f"/members/{people['ann']}/merge?q=example")["found"]
    assert {one["member"] for one in found} == {str(people["ben"]), str(people["chi"])}
    assert f"other={people['ben']}" in site.page(f"/members/{people['ann']}/merge?q=ben")


def test_both_are_shown_beside_each_other_with_what_will_show(site: Site, people: dict[str, UUID]) -> None:
    view = site.json(f"/members/{people['ann']}/merge?other={people['ben']}")["preview"]
    assert (view["kept"]["acts"], view["gone"]["acts"], view["together"]["acts"]) == (1, 2, 3)
    assert view["together"]["name"] == "Ann Example" and view["together"]["tags"] == ["mentor", "speaker"]
    place = next(row for row in view["rows"] if row["label"] == "Where they live")
    assert [place[side]["words"] for side in ("kept", "gone", "shown")] == ["Huế", "Vinh", "Vinh"]
    page = site.page(f"/members/{people['ann']}/merge?other={people['ben']}")
    assert f"/members/{people['ben']}/merge?other={people['ann']}" in page


def test_a_merge_shows_at_once_and_its_notice_undoes_it(site: Site, people: dict[str, UUID]) -> None:
    home = f"/members/{people['ann']}"
    answer = send(site, f"{home}/merge", other=str(people["ben"]), reason="Same avatar", seen=str(head(site)))
    assert (answer.status_code, answer.headers["Location"]) == (303, home)
    assert accounts(site, people["ann"]) == 2
    assert f'name="position" value="{head(site)}"' in site.page("/members")
    send(site, "/undo", position=str(head(site)))
    assert (accounts(site, people["ann"]), accounts(site, people["ben"])) == (1, 1)


def test_who_is_one_member_already_is_told_so(site: Site, people: dict[str, UUID]) -> None:
    send(site, f"/members/{people['ann']}/merge", other=str(people["ben"]))
    again = send(site, f"/members/{people['ann']}/merge", other=str(people["ben"]), reason="Once more")
    assert again.status_code == 422 and "one member already" in again.text and "Once more" in again.text
    itself = send(site, f"/members/{people['chi']}/merge", other=str(people["chi"]))
    assert itself.status_code == 422 and "merged with themselves" in itself.text


def test_the_page_of_whoever_was_merged_leads_to_the_member(site: Site, people: dict[str, UUID]) -> None:
    send(site, f"/members/{people['ann']}/merge", other=str(people["ben"]))
    answer = site.client.get(f"/members/{people['ben']}/merge?q=chi", follow_redirects=False)
    assert answer.headers["Location"] == f"/members/{people['ann']}/merge?q=chi"
    assert site.client.get(f"/members/{UUID(int=7)}/merge").status_code == 404


def test_a_colleague_who_was_faster_is_named_and_the_draft_is_kept(site: Site, people: dict[str, UUID]) -> None:
    seen = str(head(site))
    dispatch(site.kith, MergeMembers(kept=people["chi"], gone=people["ben"]))
    answer = send(site, f"/members/{people['ann']}/merge", other=str(people["ben"]), reason="Same avatar", seen=seen)
    assert answer.status_code == 409
    assert "operator changed this" in answer.text and "Same avatar" in answer.text
    assert accounts(site, people["ann"]) == 1
    newer = re.search(r'name="seen" value="(\d+)"', answer.text)
    assert newer and int(newer[1]) == head(site)


def test_that_somebody_kept_them_apart_is_said_before_they_are_merged(site: Site, people: dict[str, UUID]) -> None:
    dispatch(site.kith, KeepApart(one=people["ann"], other=people["ben"], reason="Met both"))
    site.engine.catch_up()
    page = site.page(f"/members/{people['ann']}/merge?other={people['ben']}")
    assert "not the same person" in page and "Met both" in page
    assert "not the same person" not in site.page(f"/members/{people['ann']}/merge?other={people['chi']}")


def after_a_merge(site: Site, people: dict[str, UUID]) -> int:
    """Ben was merged into Ann; a task was written and done since, and a tag given. The position of the merge."""
    ann = people["ann"]
    merged = dispatch(site.kith, MergeMembers(kept=ann, gone=people["ben"], reason="Same avatar"))
    dispatch(site.kith, WriteItem(member=ann, kind="task", text="Ask for a talk"))
    with site.kith.connection() as connection:
        site.engine.catch_up("members", "acts")
        item = UUID(which_traits(connection, ann, "task:")[0].slot.removeprefix("task:"))
    dispatch(site.kith, FinishItem(member=ann, kind="task", item=item))
    dispatch(site.kith, GiveTag(member=ann, tag="hosts"))
    site.engine.catch_up()
    return merged


def test_before_a_merge_is_undone_it_is_told_what_goes_back_and_what_is_doubtful(
    site: Site, people: dict[str, UUID]
) -> None:
    view = site.json(f"/merges/{after_a_merge(site, people)}")
    assert [(side["name"], side["acts"]) for side in view["sides"]] == [("Ann Example", 1), ("Ben Example", 2)]
    assert [side["tags"] for side in view["sides"]] == [["hosts", "mentor"], ["speaker"]]
    assert [(one["text"], len(one["positions"])) for one in view["doubtful"]] == [("", 1), ("Ask for a talk", 2)]
    assert view["reason"] == "Same avatar"


def test_what_is_chosen_moves_along_whole_and_the_rest_stays(site: Site, people: dict[str, UUID]) -> None:
    merged = after_a_merge(site, people)
    task = site.json(f"/merges/{merged}")["doubtful"][1]["position"]
    answer = send(site, f"/merges/{merged}", seen=str(head(site)), **{f"act-{task}": "moves"})
    assert answer.headers["Location"] == f"/members/{people['ann']}"
    moved = said(site, people["ben"])
    assert "done:True" in moved and any(one.startswith("task:") for one in moved)
    assert {one.partition(":")[0] for one in said(site, people["ann"])} == {"tag", "field"}
    send(site, "/undo", position=str(head(site)))
    assert (accounts(site, people["ann"]), said(site, people["ben"])) == (2, set())


def test_what_a_colleague_did_while_somebody_chose_is_shown_first(site: Site, people: dict[str, UUID]) -> None:
    merged = after_a_merge(site, people)
    seen, task = str(head(site)), site.json(f"/merges/{merged}")["doubtful"][1]["position"]
    dispatch(site.kith, GiveTag(member=people["ann"], tag="late"))
    answer = send(site, f"/merges/{merged}", seen=seen, **{f"act-{task}": "moves"})
    assert answer.status_code == 409 and "The tag late was given" in answer.text
    assert re.search(rf'name="act-{task}" value="moves" checked', answer.text)
    assert accounts(site, people["ann"]) == 2


def test_a_merge_that_was_undone_can_be_let_count_again(site: Site, people: dict[str, UUID]) -> None:
    merged = after_a_merge(site, people)
    send(site, f"/merges/{merged}", seen=str(head(site)))
    page = site.page(f"/merges/{merged}")
    assert "undone already" in page
    last = re.search(r'action="/undo".*?name="position" value="(\d+)"', page)
    assert last
    send(site, "/undo", position=last[1])
    assert accounts(site, people["ann"]) == 2
    assert send(site, f"/merges/{merged}").status_code == 303
    assert site.client.get("/merges/1").status_code == 404


def test_what_splitting_an_account_off_comes_to_is_told_and_done(site: Site, people: dict[str, UUID]) -> None:
    dispatch(site.kith, MergeMembers(kept=people["ann"], gone=people["ben"]))
    site.engine.catch_up()
    here = f"/members/{people['ann']}/accounts/{people['ben']}"
    view = site.json(here)
    assert (view["rest"]["acts"], view["alone"]["acts"], view["alone"]["tags"]) == (1, 2, ["speaker"])
    answer = send(site, f"{here}/split", reason="Another Ben", seen=str(head(site)))
    assert answer.headers["Location"] == f"/members/{people['ben']}/accounts"
    assert accounts(site, people["ann"]) == 1
    refused = send(site, f"{here}/split", reason="Another Ben")
    assert refused.status_code == 422 and "does not belong to this member" in refused.text


def test_an_account_moves_to_another_member(site: Site, people: dict[str, UUID]) -> None:
    dispatch(site.kith, MergeMembers(kept=people["ann"], gone=people["ben"]))
    site.engine.catch_up()
    here = f"/members/{people['ann']}/accounts/{people['ben']}"
    assert f"into={people['chi']}" in site.page(f"{here}?q=chi")
    assert site.json(f"{here}?into={people['chi']}")["joined"]["acts"] == 5
    answer = send(site, f"{here}/move", into=str(people["chi"]), seen=str(head(site)))
    assert answer.headers["Location"] == f"/members/{people['chi']}/accounts"
    assert (accounts(site, people["ann"]), accounts(site, people["chi"])) == (1, 2)
    send(site, "/undo", position=str(head(site)))
    assert (accounts(site, people["ann"]), accounts(site, people["chi"])) == (2, 1)


def test_an_account_moved_by_a_colleague_meanwhile_is_not_moved_again(site: Site, people: dict[str, UUID]) -> None:
    seen = str(head(site))
    dispatch(site.kith, MergeMembers(kept=people["ann"], gone=people["ben"]))
    here = f"/members/{people['ben']}/accounts/{people['ben']}"
    answer = send(site, f"{here}/move", into=str(people["chi"]), reason="It is Chi", seen=seen)
    assert answer.status_code == 409 and "operator changed this" in answer.text and "It is Chi" in answer.text


def test_the_accounts_page_tells_each_account_its_names_and_who_joined_them(
    site: Site, people: dict[str, UUID]
) -> None:
    send(site, f"/members/{people['ann']}/merge", other=str(people["ben"]), reason="Same avatar")
    view = site.json(f"/members/{people['ann']}/accounts")
    assert [(one["account"]["login"], one["account"]["acts"]) for one in view["accounts"]] == [("ben", 2), ("ann", 1)]
    assert [one["names"][0]["email"] for one in view["accounts"]] == ["ben@example.org", "ann@example.org"]
    (act,) = view["acts"]
    assert (act["by"], act["reason"], act["stands"]) == ("operator", "Same avatar", True)
    page = site.page(f"/members/{people['ann']}/accounts")
    assert "Ben Example (forum) was merged into Ann Example (forum)" in page.replace("Forum", "forum")
    assert f'href="/merges/{act["position"]}"' in page
    assert f'href="/members/{people["ann"]}/accounts/{people["ben"]}"' in page


def test_what_was_undone_is_told_on_the_accounts_page_and_can_be_restored(site: Site, people: dict[str, UUID]) -> None:
    send(site, f"/members/{people['ann']}/merge", other=str(people["ben"]))
    send(site, "/undo", position=str(head(site)))
    page = site.page(f"/members/{people['ann']}/accounts")
    assert "Restore" in page and f'name="position" value="{head(site)}"' in page


def test_the_accounts_of_whoever_was_merged_are_those_of_the_member(site: Site, people: dict[str, UUID]) -> None:
    send(site, f"/members/{people['ann']}/merge", other=str(people["ben"]))
    answer = site.client.get(f"/members/{people['ben']}/accounts", follow_redirects=False)
    assert answer.headers["Location"] == f"/members/{people['ann']}/accounts"
    assert site.client.get(f"/members/{UUID(int=7)}/accounts").status_code == 404
