"""System: projections, the ledger and its proofs, and the log itself, event by event."""

import json
from typing import Any

import msgspec
import pytest

from crm.checkpoint import open_note, read_verifier_key
from crm.merkle import verify_inclusion
from projections import log
from projections.projection import Window
from tests.factories import a_reply, an_act, bring
from tests.waiting import eventually
from tests.web.conftest import Site
from tests.web.forms import said, send


def verified(site: Site) -> Any:
    """What the page says of a verification once it ended."""
    assert send(site, "/system/verification").headers["location"] == "/system#ledger"

    def ended() -> Any:
        report = site.json("/system")["report"]
        return report if report and report["ended_at"] else None

    return eventually(ended)


def tamper(site: Site, change: str) -> None:
    """Change the log behind its guard, as somebody with the database in hand could."""
    with site.kith.connection() as connection:
        connection.execute("ALTER TABLE kith_events DISABLE TRIGGER kith_events_guard")
        connection.execute(change)  # type: ignore[arg-type]
        connection.execute("ALTER TABLE kith_events ENABLE TRIGGER kith_events_guard")


def test_every_projection_stands_at_the_end_of_the_log(site: Site) -> None:
    site.bring(an_act())
    told = site.json("/system")
    assert {one["name"] for one in told["projections"]} == set(site.engine.projections)
    assert {(one["position"], one["state"]) for one in told["projections"]} == {(told["size"], "live")}
    assert "every 2s" not in site.page("/system")


def test_those_that_lag_behind_say_how_far(site: Site) -> None:
    site.bring(an_act())
    before = site.engine.head()
    bring(site.kith, [an_act()])
    assert f"{site.engine.head() - before} behind" in site.page("/system")


def test_a_stopped_projection_tells_why_and_at_which_event_and_can_try_again(site: Site) -> None:
    sound = site.engine.projections["days"]

    def broken(_: Window) -> None:
        raise ValueError("no such day")

    site.engine.projections["days"] = msgspec.structs.replace(sound, fold=broken)
    site.bring(an_act())
    (stopped,) = [one for one in site.json("/system")["projections"] if one["state"] == "stopped"]
    page = site.page("/system")
    assert "ValueError: no such day" in page
    assert f'href="/system/log/{stopped["failed_at"]}"' in page

    send(site, "/system/projections/days/retry")
    assert said(site) == "It stopped at the same event again."

    site.engine.projections["days"] = sound
    send(site, "/system/projections/days/retry")
    assert said(site) == "It goes on."
    site.engine.catch_up()
    assert site.json("/")["now"]["acts"] == 1


def test_a_projection_nobody_knows_cannot_be_retried(site: Site) -> None:
    assert send(site, "/system/projections/nothing/retry").status_code == 404


def test_an_intact_log_is_verified_and_its_checkpoint_kept(site: Site) -> None:
    site.bring(an_act(), an_act())
    report = verified(site)
    size = site.engine.head()
    assert report["verdict"][:2] == [True, size]
    assert [(one["ours"], one["size"]) for one in site.json("/system")["checkpoints"]] == [(True, size)]
    assert f"{size} events agree with their hashes" in site.page("/system")


def test_a_changed_event_is_found_and_linked(site: Site) -> None:
    site.bring(an_act(), an_act())
    tamper(site, "UPDATE kith_events SET recorded_by = 'somebody else' WHERE notification_id = 3")
    assert verified(site)["verdict"][0] is False
    page = site.page("/system")
    assert "not intact" in page
    assert 'href="/system/log/3"' in page


def test_the_checkpoint_is_signed_by_the_key_that_the_page_shows(site: Site) -> None:
    site.bring(an_act())
    told = site.json("/system")
    found = open_note(site.client.get("/system/checkpoint").text, *read_verifier_key(told["key"]))
    assert (found.size, found.root.hex()) == (told["size"], told["root"])


def test_where_the_data_lies_is_told_without_a_password(site: Site) -> None:
    database = site.json("/system")["database"]
    assert database["home"] == str(site.kith.settings.home)
    assert "password" not in json.dumps(database)


def test_the_log_is_read_newest_first_to_its_first_event_each_once(site: Site) -> None:
    site.bring(*(an_act() for _ in range(120)))
    met, path = [], "/system/log"
    while path:
        told = site.json(path)
        met += [one["position"] for one in told["rows"]]
        path = told["older"]
    assert met == list(range(site.engine.head(), 0, -1))


def test_the_log_is_filtered_by_topic_and_by_whom(site: Site) -> None:
    site.bring(an_act())
    assert {one["topic"] for one in site.json("/system/log?topic=import.started")["rows"]} == {"import.started"}
    assert {one["by"] for one in site.json("/system/log?by=import+brought")["rows"]} == {"import brought"}
    page = site.page("/system/log?topic=import.started&by=nobody")
    assert "No event fits" in page
    assert 'href="/system/log?by=nobody"' in page


def test_a_rare_topic_in_a_long_log_is_found_page_by_page(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "REACH", 5)
    site.bring(*(an_act() for _ in range(20)))
    met, path = [], "/system/log?topic=import.started"
    while path:
        told = site.json(path)
        met += [one["position"] for one in told["rows"]]
        path = told["older"]
    assert met == [1]


def test_a_position_typed_leads_to_its_event(site: Site) -> None:
    answer = site.client.get("/system/log/go?position=7", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/system/log/7")


def test_every_sentence_of_the_log_is_filled_in(site: Site) -> None:
    site.bring(an_act(), a_reply())
    page = site.page("/system/log")
    assert "The import of  from Brought began" in page
    assert "An account on Forum was seen" in page
    assert "{" not in page.partition('id="rows"')[2].partition("</tbody>")[0]


def position_of(site: Site, topic: str) -> int:
    return int(site.json(f"/system/log?topic={topic}")["rows"][0]["position"])


def test_an_event_is_shown_as_stored_and_its_words_only_under_decrypted(site: Site) -> None:
    site.bring(an_act(text="Only for you"))
    path = f"/system/log/{position_of(site, 'interaction.recorded')}"
    told = site.json(path)
    stored = json.loads(told["as_stored"])
    assert stored["kind"] == "posted"
    assert stored["sealed"].split()[1] == "bytes:"
    assert "Only for you" not in told["as_stored"] + json.dumps(told["columns"])
    assert told["personal"]["opened"]["text"] == "Only for you"
    page = site.page(path)
    assert page.index("Decrypted for you") < page.index("Only for you") < page.index("As it is stored")
    assert f'href="/interactions/{stored["id"]}"' in page


def test_what_was_erased_or_damaged_is_said_to_be(site: Site) -> None:
    site.bring(an_act(text="Gone", by="ann"), an_act(text="Spoiled", by="ben"))
    ben, ann = (one["position"] for one in site.json("/system/log?topic=interaction.recorded")["rows"])
    site.kith.vault.destroy(site.who("ann"))
    assert "Erased: the key of this person was destroyed" in site.page(f"/system/log/{ann}")
    tamper(
        site,
        f"""UPDATE kith_events AS e SET originator_id = o.originator_id, originator_version = 9, state = overlay(state
        placing uuid_send(o.originator_id) from position(uuid_send(e.originator_id) in state))
        FROM (SELECT originator_id FROM kith_events WHERE notification_id = {ann}) AS o WHERE notification_id = {ben}""",
    )
    assert "Damaged: this was changed after it was sealed" in site.page(f"/system/log/{ben}")


def test_an_event_that_cannot_be_read_can_still_be_looked_at(site: Site) -> None:
    site.bring(an_act())
    position = position_of(site, "interaction.recorded")
    tamper(site, f"UPDATE kith_events SET state = 'nonsense' WHERE notification_id = {position}")
    assert "Something called interaction.recorded, which cannot be read here" in site.page(f"/system/log/{position}")
    assert "which cannot be read here" in site.page("/system/log")


def test_each_event_is_proven_to_be_in_the_ledger(site: Site) -> None:
    site.bring(*(an_act() for _ in range(8)))
    root = site.json("/system")["root"]
    for position in range(1, site.engine.head() + 1):
        proof = site.client.get(f"/system/log/{position}/proof").json()
        hashes = [bytes.fromhex(one) for one in proof["hashes"]]
        leaf, index, size = bytes.fromhex(proof["leaf"]), proof["index"], proof["size"]
        assert (index, size, proof["root"]) == (position - 1, site.engine.head(), root)
        assert verify_inclusion(leaf, index, size, hashes, bytes.fromhex(root))


def test_a_position_that_is_not_there_is_not_found(site: Site) -> None:
    for position in ("0", "999", "9" * 30):
        site.page(f"/system/log/{position}", status=404)
        site.page(f"/system/log/{position}/proof", status=404)
