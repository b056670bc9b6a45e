"""The timeline as text: now, and as it was by either clock."""

from datetime import timedelta
from typing import Any

import pytest

from crm.command import dispatch
from crm.installation import Installation
from crm.merging import MergeMembers
from crm.tags import GiveTag
from projections.engine import Engine
from projections.past import how_was_it_with
from tests.crm.conftest import Shell
from tests.factories import NOON, a_reply, an_act, bring, opened, someone


def who(kith: Installation, name: str) -> Any:
    return kith.ids.make("identity", "forum", "forum.example", someone(name).uid)


def test_a_member_had_done_what_had_happened_and_what_was_known_by_then(kith: Installation) -> None:
    ann, ben = who(kith, "ann"), who(kith, "ben")
    bring(kith, [an_act(by="ann", at=NOON), an_act(by="ann", at=NOON + timedelta(days=9))])
    first = kith.log.recorder.max_notification_id()
    bring(kith, [an_act(by="ann", at=NOON), a_reply(by="ben", to="ann", at=NOON + timedelta(days=1))])
    before = kith.log.recorder.max_notification_id()
    dispatch(kith, MergeMembers(kept=ann, gone=ben))
    Engine(kith).catch_up()
    with kith.connection() as connection:

        def then(**clock: Any) -> tuple[int, int, int]:
            past = how_was_it_with(connection, ann, [ann, ben], clock.get("known"), clock.get("until"))
            return past.acts, past.received, len(past.accounts)

        assert then() == (4, 0, 2)  # what one account did to the other, they did
        assert then(known=first) == (2, 0, 1)
        assert then(known=before) == (3, 1, 1)
        assert then(until=NOON + timedelta(days=2)) == (3, 0, 2)
        assert then(until=NOON) == (0, 0, 2)


def test_the_typed_timeline_holds_what_the_team_did_and_looks_back(shell: Shell) -> None:
    with opened(shell.environment["CRM_DATABASE_URL"], shell.home) as kith:
        bring(kith, [an_act(by="ann", at=NOON), an_act(by="ann", at=NOON + timedelta(days=9), text="Later.")])
        dispatch(kith, GiveTag(member=who(kith, "ann"), tag="speaker"))
        ann = str(who(kith, "ann"))
    told, _ = shell.type("timeline", ann)
    assert "The tag speaker was given" in told
    found = shell.ask("timeline", ann, "--as-of", f"{NOON:%Y-%m-%d}")
    assert (found["member"]["acts"], len(found["entries"]), found["team"]) == (1, 1, [])
    found = shell.ask("timeline", ann, "--known-at", "2001-01-01T00:00")
    assert (found["member"]["acts"], found["entries"]) == (0, [])


@pytest.mark.parametrize("clock", ["--as-of", "--known-at"])
def test_a_day_that_is_none_is_refused(shell: Shell, clock: str) -> None:
    _, said = shell.type("timeline", "ann", clock, "yesterday", code=2)
    assert "takes a" in said
