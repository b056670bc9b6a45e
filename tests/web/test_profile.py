"""The profile of a member: each value with who says it, changed in place, undone, and never lost to a colleague who was faster."""

from uuid import UUID

from crm.command import dispatch
from crm.merging import MergeMembers
from crm.profile import SetField
from crm.sides import SetSide
from crm.stages import DefineStage
from crm.staging import SetStage
from crm.tags import GiveTag
from crm.undoing import Undo
from tests.factories import NOON, an_act
from tests.web.conftest import Site
from tests.web.forms import said, send


def ann(site: Site) -> str:
    """The address of Ann, who was here as Ben was."""
    site.bring(an_act(by="ann"), an_act(by="ben"))
    return f"/members/{site.who('ann')}"


def field(site: Site, home: str, key: str) -> dict[str, object]:
    profile = site.json(f"{home}/profile")["profile"]
    fields = [profile["stage"], profile["owner"], profile["side"], *profile["fields"]]
    return next(one for one in fields if one["key"] == key)


def stages(site: Site) -> dict[str, str]:
    return {one["name"]: one["id"] for one in site.json("/settings/stages")["stages"]}


def test_what_a_source_says_is_shown_with_its_name_until_a_colleague_says_otherwise(site: Site) -> None:
    home = ann(site)
    name = field(site, home, "name")
    assert (name["value"], name["source"], name["host"]) == ("Ann Example", "forum", "forum.example")
    assert field(site, home, "contact")["value"] == "ann@example.org"
    assert "from forum.example, seen" in site.page(f"{home}/profile")
    assert send(site, f"{home}/fields/name", value="Anna", seen="0").status_code == 303
    name = field(site, home, "name")
    assert (name["value"], name["by"], name["source"]) == ("Anna", "operator", "")
    site.bring(an_act(by="ann", at=NOON))
    assert field(site, home, "name")["value"] == "Anna"
    assert "set by operator" in site.page(f"{home}/profile")


def test_a_change_is_said_and_undone_where_it_was_made(site: Site) -> None:
    home = ann(site)
    answer = send(site, f"{home}/fields/place", value="Huế", seen="0", next=f"{home}/profile")
    assert answer.headers["location"] == f"{home}/profile"
    assert "Kept." in said(site, f"{home}/profile")
    position = field(site, home, "place")["position"]
    send(site, "/undo", position=str(position), next=f"{home}/profile")
    assert field(site, home, "place")["value"] == ""


def test_what_does_not_fit_comes_back_with_its_sentence_and_the_draft(site: Site) -> None:
    home = ann(site)
    answer = send(site, f"{home}/fields/birthday", value="in May", seen="0")
    assert answer.status_code == 422
    assert "takes a date" in answer.text and 'value="in May"' in answer.text
    answer = send(site, f"{home}/tags", tag="x" * 61)
    assert answer.status_code == 422 and "x" * 61 in answer.text


def test_who_was_slower_sees_what_the_colleague_wrote_beside_their_own(site: Site) -> None:
    home = ann(site)
    send(site, f"{home}/fields/place", value="Huế", seen="0")
    answer = send(site, f"{home}/fields/place", value="Hanoi", seen="0")
    assert answer.status_code == 409
    assert "Operator changed this" in answer.text or "operator changed this" in answer.text
    assert "Huế" in answer.text and "Hanoi" in answer.text and "Keep mine" in answer.text
    seen = field(site, home, "place")["position"]
    assert f'name="seen" value="{seen}"' in answer.text
    assert send(site, f"{home}/fields/place", value="Hanoi", seen=str(seen)).status_code == 303
    assert field(site, home, "place")["value"] == "Hanoi"


def test_stage_owner_and_side_are_chosen_from_what_is_set_up(site: Site) -> None:
    home = ann(site)
    assert "Set up stages" in site.page(f"{home}/profile")
    send(site, "/settings/stages", name="Newcomer", criteria="Said hello twice")
    send(site, "/settings/stages", name="Regular")
    assert send(site, f"{home}/fields/stage", value=stages(site)["Newcomer"], seen="0").status_code == 303
    page = site.page(f"{home}/profile")
    assert 'aria-current="step"' in page and "Said hello twice" in page
    assert "known as a colleague yet" in page
    ben = site.who("ben")
    send(site, f"/members/{ben}/fields/side", value="team", seen="0")
    send(site, f"{home}/fields/owner", value=str(ben), seen="0")
    assert field(site, home, "owner")["person"]["name"] == "Ben Example"  # type: ignore[index]
    assert send(site, f"{home}/fields/owner", value=str(site.who("ann"))).status_code == 422


def test_a_tag_is_given_and_taken_off_and_offered_for_others(site: Site) -> None:
    home = ann(site)
    send(site, f"{home}/tags", tag="Night owl")
    assert 'value="night owl"' in site.page(f"/members/{site.who('ben')}/profile")
    assert send(site, f"{home}/tags", tag="night owl").status_code == 422
    send(site, f"{home}/tags", tag="night owl", gone="true")
    assert site.json(f"{home}/profile")["profile"]["tags"] == []


def test_a_field_that_the_team_made_is_filled_in_and_keeps_what_it_held(site: Site) -> None:
    home = ann(site)
    send(site, "/settings/fields", name="Shirt", type="choices", choices="S\nM\nL")
    (made,) = site.json("/settings/fields")["fields"]
    answer = site.client.post(
        f"{home}/fields/{made['key']}",
        data={"_csrf_token": site.client.cookies["csrftoken"], "value": ["L", "S"], "seen": "0"},
        follow_redirects=False,
    )
    assert answer.status_code == 303
    assert field(site, home, made["key"])["value"] == ["S", "L"]
    send(site, f"/settings/fields/{made['key']}", name="T-shirt", type="choices", choices="S\nM\nL")
    assert field(site, home, made["key"])["label"] == "T-shirt"
    send(site, f"/settings/fields/{made['key']}", name="T-shirt", kept="false")
    assert "T-shirt" not in site.page(f"{home}/profile")
    refused = send(site, "/settings/fields", name="Hat", type="choice", choices="one")
    assert refused.status_code == 422 and 'value="Hat"' in refused.text


def test_a_stage_is_renamed_moved_and_taken_away(site: Site) -> None:
    for name in ("Newcomer", "Regular"):
        send(site, "/settings/stages", name=name)
    regular = stages(site)["Regular"]
    send(site, f"/settings/stages/{regular}/move", later="false")
    assert list(stages(site)) == ["Regular", "Newcomer"]
    send(site, f"/settings/stages/{regular}", name="Regulars", rank="1")
    assert list(stages(site)) == ["Regulars", "Newcomer"]
    assert send(site, "/settings/stages", name="regulars").status_code == 422
    send(site, f"/settings/stages/{regular}", name="Regulars", kept="false")
    assert list(stages(site)) == ["Newcomer"]


def test_the_history_tells_old_and_new_as_of_then(site: Site) -> None:
    home, member = ann(site), site.who("ann")
    dispatch(site.kith, DefineStage(name="Newcomer"))
    site.engine.catch_up()
    stage = UUID(stages(site)["Newcomer"])
    dispatch(site.kith, SetStage(member=member, stage=stage))
    dispatch(site.kith, DefineStage(name="Fresh face", stage=stage, rank=1))
    dispatch(site.kith, SetField(member=member, field="place", value="Huế"))
    moved = dispatch(site.kith, SetField(member=member, field="place", value="Hanoi"))
    dispatch(site.kith, Undo(position=moved))
    dispatch(site.kith, SetField(member=member, field="place", value="Vinh"))
    site.engine.catch_up()
    rows = site.csv(f"{home}/history")
    told = [(row["told"], row["old"], row["new"], row["stands"]) for row in rows]
    assert told == [
        ("Operator changed Where they live from Huế to Vinh", "Huế", "Vinh", "True"),
        ("Operator changed Where they live from Huế to Hanoi", "Huế", "Hanoi", "False"),
        ("Operator wrote down Where they live: Huế", "", "Huế", "True"),
        ("Operator set the stage to Newcomer", "", "Newcomer", "True"),
    ]
    page = site.page(f"{home}/history")
    assert "<del>" in page and "undone by operator" in page and "let it count again" in page


def test_what_is_undone_in_the_history_counts_again_from_there(site: Site) -> None:
    home, member = ann(site), site.who("ann")
    tagged = dispatch(site.kith, GiveTag(member=member, tag="speaker"))
    site.engine.catch_up()
    send(site, "/undo", position=str(tagged), next=f"{home}/history")
    (line,) = site.json(f"{home}/history")["lines"]
    assert not line["done"]["stands"]
    send(site, "/undo", position=str(line["done"]["toggled"]), next=f"{home}/history")
    (line,) = site.json(f"{home}/history")["lines"]
    assert line["done"]["stands"] and site.json(f"{home}/profile")["profile"]["tags"]


def test_before_a_merge_each_had_their_own_old_values(site: Site) -> None:
    home = ann(site)
    first, second = site.who("ann"), site.who("ben")
    dispatch(site.kith, SetField(member=first, field="place", value="Huế"))
    dispatch(site.kith, SetField(member=second, field="place", value="Vinh"))
    dispatch(site.kith, MergeMembers(kept=first, gone=second, reason="Same face"))
    dispatch(site.kith, SetField(member=first, field="place", value="Hanoi"))
    site.engine.catch_up()
    rows = site.csv(f"{home}/history")
    assert [(row["old"], row["new"]) for row in rows if row["act"] == "member.field_set"] == [
        ("Vinh", "Hanoi"),
        ("", "Vinh"),
        ("", "Huế"),
    ]
    (merge,) = [row for row in rows if row["act"] == "members.merged"]
    assert (merge["told"], merge["new"]) == ("Operator found Ann Example and Ben Example to be one person", "Same face")
    answer = site.client.get(f"/members/{second}/history", follow_redirects=False)
    assert answer.headers["location"] == f"{home}/history"


def test_the_history_goes_on_where_its_page_ends(site: Site) -> None:
    home, member = ann(site), site.who("ann")
    for number in range(60):
        dispatch(site.kith, GiveTag(member=member, tag=f"tag {number}"))
    site.engine.catch_up()
    first = site.page(f"{home}/history")
    before = first.split("history?before=")[1].split('"')[0]
    second = site.part(f"{home}/history?before={before}")
    assert first.count("data-row") == 50 and second.count("data-row") == 10
    assert "<html" not in second


def test_a_team_says_who_is_a_colleague(site: Site) -> None:
    home = ann(site)
    dispatch(site.kith, SetSide(member=site.who("ann"), side="team"))
    site.engine.catch_up()
    assert "A colleague of ours" in site.page(f"{home}/profile")
    assert "A colleague of ours" in site.page(f"{home}/history")
