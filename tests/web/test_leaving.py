"""Before an import is taken back its loss is told by number and by name; afterwards it is as it was told."""

from uuid import UUID

from crm.importing import Progress
from projections.scores import what_are_the_scores, which_version
from tests.factories import NOON, a_reply, an_act, bring
from tests.web.conftest import Site
from tests.web.forms import send


def two_imports(site: Site) -> Progress:
    """Ann and Ben were here; the second import brings more of Ann, and Zoe, whom Ben has never met."""
    bring(site.kith, [an_act(by="ann", thread="t1"), an_act(by="ben", thread="t2")])
    second = bring(
        site.kith,
        [
            an_act(by="ann", thread="t2"),
            an_act(by="zoe", thread="t3"),
            a_reply(by="zoe", to="ann", thread="t3", at=NOON),
        ],
    )
    site.engine.catch_up()
    return second


def test_what_would_go_is_told_and_then_goes(site: Site) -> None:
    batch = two_imports(site).batch
    told = site.json(f"/sources/{batch}/taking-back")
    assert told["loss"] == {"interactions": 3, "vanish": 1, "shrink": 1, "threads": 1}
    lines = {one["who"]["name"]: one["loss"] for one in told["touched"]}
    assert (lines["Zoe Example"]["acts"], lines["Zoe Example"]["acts_left"]) == (2, 0)
    assert (lines["Ann Example"]["acts_left"], lines["Ann Example"]["received_left"]) == (1, 0)
    answer = send(site, f"/sources/{batch}/taking-back")
    assert answer.status_code == 303
    names = {one["name"]: one["acts"] for one in site.json("/members")["members"]}
    assert names == {"Ann Example": 1, "Ben Example": 1}
    assert site.json(f"/sources/{batch}")["brought"]["state"] == "back"


def test_scores_move_as_it_was_told(site: Site) -> None:
    batch = two_imports(site).batch
    told = {one["who"]["identity"]: one["score"] for one in site.json(f"/sources/{batch}/taking-back")["touched"]}
    assert {one["who"]["name"] for one in site.json("/scores")["rows"]} == {"Ann Example", "Ben Example", "Zoe Example"}
    assert sorted((one["now"], one["then"]) for one in told.values()) == [(5_000_000, 0), (5_000_000, 2_000_000)]
    send(site, f"/sources/{batch}/taking-back")
    with site.kith.connection() as connection, connection.transaction():
        version = which_version(connection, "advocacy")
        left = {str(one.member): one.points for one in what_are_the_scores(connection, version, [NOON.date()])}
    assert left == {who: one["then"] for who, one in told.items() if one["then"]} | {str(site.who("ben")): 2_000_000}


def test_it_can_be_brought_again_and_all_is_as_before(site: Site) -> None:
    acts = [an_act(by="ann"), a_reply(by="zoe", to="ann")]
    first = bring(site.kith, acts)
    site.engine.catch_up()
    before = site.json("/members")["members"]
    send(site, f"/sources/{first.batch}/taking-back")
    assert site.json("/members")["members"] == []
    assert bring(site.kith, acts).recorded == 2
    site.engine.catch_up()
    assert site.json("/members")["members"] == before


def test_the_page_names_who_vanishes_and_offers_a_way_out(site: Site) -> None:
    batch = two_imports(site).batch
    page = site.page(f"/sources/{batch}/taking-back")
    assert "Zoe Example" in page and "vanishes" in page and "Leave it as it is" in page
    assert site.client.get(f"/sources/{UUID(int=1)}/taking-back").status_code == 404


def test_taking_back_twice_is_refused_with_a_sentence(site: Site) -> None:
    batch = two_imports(site).batch
    send(site, f"/sources/{batch}/taking-back")
    assert "taken back already" in send(site, f"/sources/{batch}/taking-back").text
    assert "Take it back" not in site.page(f"/sources/{batch}/taking-back")
