"""Suggestions: proposed with reasons, decided by one or by many, remembered, undone as one."""

from typing import Any
from uuid import UUID

import pytest

from crm.activity import Who
from crm.command import dispatch
from crm.merging import MergeMembers
from crm.parting import KeepApart
from tests.factories import an_act
from tests.web.conftest import Site
from tests.web.forms import send, token


def account(uid: str, name: str, email: str) -> Who:
    return Who(uid=uid, login=uid, name=name, email=email)


MAI = [account(f"mai{n}", "Mai Trần", "mai@kith.vn") for n in range(3)]
SAM = [account(f"sam{n}", "Sam Poole", "sam@poole.net") for n in range(2)]


@pytest.fixture
def alike(site: Site) -> dict[str, UUID]:
    """Mai has three accounts with one address, Sam has two; the first did most."""
    site.bring(*(an_act(who=who) for several in (MAI, SAM) for n, who in enumerate(several) for _ in range(4 - n)))
    return {who.uid: site.kith.ids.make("identity", "forum", "forum.example", who.uid) for who in MAI + SAM}


def pairs(site: Site, path: str = "/suggestions") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = site.json(path)["pairs"]
    return found


def logins(site: Site) -> set[frozenset[str]]:
    return {frozenset(one[side]["account"]["login"] for side in ("one", "other")) for one in pairs(site)}


def accounts(site: Site) -> dict[str, int]:
    return {one["login"]: one["accounts"] for one in site.json("/members")["members"]}


def tick(site: Site, *pairs: str, **form: str) -> Any:
    """The answer to the list with these pairs ticked."""
    data = {"_csrf_token": token(site), "pair": list(pairs), **form}
    return site.client.post("/suggestions", data=data, follow_redirects=False)


def test_pairs_are_proposed_with_their_reasons_in_words(site: Site, alike: dict[str, UUID]) -> None:
    assert logins(site) == {
        frozenset(pair) for pair in (("mai0", "mai1"), ("mai0", "mai2"), ("mai1", "mai2"), ("sam0", "sam1"))
    }
    page = site.page("/suggestions")
    assert "Both use the same mail address" in page and "almost certainly" in page
    assert pairs(site, "/suggestions?sure=perhaps") == []
    assert site.csv("/suggestions")[0]["one_source"] == "forum"


def test_whoever_did_more_gives_the_name(site: Site, alike: dict[str, UUID]) -> None:
    pair = f"{alike['sam0']}:{alike['sam1']}"
    assert f'name="merge" value="{pair}"' in site.page("/suggestions")
    assert send(site, "/suggestions", merge=pair).status_code == 303
    assert accounts(site)["sam0"] == 2


def test_what_is_one_member_by_now_is_proposed_no_more_and_others_once(site: Site, alike: dict[str, UUID]) -> None:
    send(site, "/suggestions", merge=f"{alike['mai0']}:{alike['mai1']}")
    assert len([one for one in logins(site) if "mai2" in one]) == 1
    assert {pair["one"]["member"]["accounts"] for pair in pairs(site) if "Mai" in pair["one"]["member"]["name"]} == {2}


def test_who_is_not_the_same_is_remembered_for_whole_members_until_undone(site: Site, alike: dict[str, UUID]) -> None:
    send(site, "/suggestions", apart=f"{alike['mai0']}:{alike['mai1']}")
    assert frozenset(("mai0", "mai1")) not in logins(site)
    dispatch(site.kith, MergeMembers(kept=alike["mai1"], gone=alike["mai2"]))
    site.engine.catch_up()
    assert logins(site) == {frozenset(("sam0", "sam1"))}
    kept = site.json("/suggestions/apart")["pairs"][0]
    assert {kept["one"]["member"], kept["other"]["member"]} == {str(alike["mai0"]), str(alike["mai1"])}
    send(site, "/undo", position=str(kept["position"]), next="/suggestions/apart")
    assert site.json("/suggestions/apart")["pairs"] == []
    assert len(logins(site)) == 2


def test_many_are_merged_in_chains_and_undone_as_one(site: Site, alike: dict[str, UUID]) -> None:
    ticked = [one["one"]["member"]["member"] + ":" + one["other"]["member"]["member"] for one in pairs(site)]
    assert tick(site, *ticked, all="merge").status_code == 303
    assert accounts(site) == {"mai0": 3, "sam0": 2}
    send(site, "/undo", position=str(site.kith.log.recorder.max_notification_id()))
    assert accounts(site) == {who.login: 1 for who in MAI + SAM}


def test_many_are_kept_apart_and_undone_as_one(site: Site, alike: dict[str, UUID]) -> None:
    tick(site, f"{alike['mai0']}:{alike['mai1']}", f"{alike['sam0']}:{alike['sam1']}", all="apart")
    assert len(logins(site)) == 2
    send(site, "/undo", position=str(site.kith.log.recorder.max_notification_id()))
    assert len(logins(site)) == 4


def test_nothing_ticked_and_nonsense_are_refused(site: Site, alike: dict[str, UUID]) -> None:
    nothing = send(site, "/suggestions", all="merge")
    assert nothing.status_code == 422 and "Tick at least one pair" in nothing.text
    assert send(site, "/suggestions", merge="nobody").status_code == 400
    assert send(site, "/suggestions").status_code == 400


def test_a_colleague_who_decided_first_is_named_and_the_ticks_are_kept(site: Site, alike: dict[str, UUID]) -> None:
    seen = str(site.engine.head())
    dispatch(site.kith, MergeMembers(kept=alike["mai0"], gone=alike["mai1"]))
    sam = f"{alike['sam0']}:{alike['sam1']}"
    mai = f"{alike['mai0']}:{alike['mai2']}"
    answer = tick(site, mai, sam, all="merge", seen=seen)
    assert answer.status_code == 409 and "operator changed this" in answer.text
    assert f'value="{sam}" checked' in answer.text
    assert accounts(site)["sam0"] == 1


def test_the_merge_page_of_a_member_offers_who_looks_alike(site: Site, alike: dict[str, UUID]) -> None:
    found = site.json(f"/members/{alike['mai0']}/merge")["alike"]
    assert len(found) == 2
    dispatch(site.kith, KeepApart(one=alike["mai0"], other=alike["mai1"]))
    site.engine.catch_up()
    assert len(site.json(f"/members/{alike['mai0']}/merge")["alike"]) == 1
