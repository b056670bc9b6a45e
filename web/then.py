"""A member's page as of a day, by either clock, and what is different now."""

from typing import Any

import msgspec
from psycopg import Connection

from crm.kinds import _
from projections.past import Past, how_was_it_with
from projections.profile import Profile
from web.about import About
from web.clocks import Clocks


class Difference(msgspec.Struct):
    """Something that was otherwise then; `what` is a msgid."""

    what: str
    then: str | int
    now: str | int


class Then(msgspec.Struct):
    """The past of a member as it is shown; `changed` is told once both are known."""

    clocks: Clocks
    past: Past
    changed: list[Difference] = []


def then(connection: Connection[Any], head: About, clocks: Clocks) -> Then:
    """The member as they were."""
    past = how_was_it_with(connection, head.member.member, head.accounts, clocks.position, clocks.until)
    return Then(clocks, past)


def as_then(head: About, past: Past) -> About:
    """The head of the page with the numbers of the past; who they are called is told as now."""
    member = msgspec.structs.replace(
        head.member,
        accounts=len(past.accounts),
        acts=past.acts,
        received=past.received,
        first_at=past.first_at or head.member.first_at,
        last_at=past.last_at or head.member.first_at,
    )
    return msgspec.structs.replace(head, member=member, accounts=past.accounts, kinds=past.kinds)


def differences(head: About, now: Profile, past: Past, before: Profile) -> list[Difference]:
    """All that was otherwise, in the order in which the page shows it."""
    pairs: list[tuple[str, str | int, str | int]] = [
        (_("Acts"), past.acts, head.member.acts),
        (_("Received"), past.received, sum(each.received for each in head.kinds)),
        (_("Accounts"), len(past.accounts), len(head.accounts)),
        (_("Stage"), before.stage.shown(), now.stage.shown()),
        (_("Looked after by"), before.owner.shown(), now.owner.shown()),
        (_("Tags"), _tags(before), _tags(now)),
    ]
    said = {one.key: one for one in before.fields}
    pairs += [(one.label, said[one.key].shown() if one.key in said else "", one.shown()) for one in now.fields]
    return [Difference(*pair) for pair in pairs if pair[1] != pair[2]]


def _tags(profile: Profile) -> str:
    return ", ".join(sorted(one.slot.partition(":")[2] for one in profile.tags))
