"""Zulip's own audit log, of which its pages show little: who closed whose account, who made and closed channels.

Its rows about settings and subscriptions are left alone; they are many and tell nothing about the people.
"""

from crm.activity import Activity, Whom
from crm.zulip.clock import moment_of
from crm.zulip.realm import Realm
from crm.zulip.shapes import Logged

CLOSED, REOPENED, MADE, SHUT = 103, 104, 601, 602
NUMBERS: dict[int | str, int] = {
    "user_deactivated": CLOSED,
    "user_reactivated": REOPENED,
    "stream_created": MADE,
    "stream_deactivated": SHUT,
}
OWN = {CLOSED: "user.deactivated", REOPENED: "user.reactivated", MADE: "channel.created", SHUT: "channel.archived"}


def logged(row: Logged, realm: Realm) -> Activity | None:
    """The row as an act, if it is one of a person. ValueError if its moment can't be."""
    event = NUMBERS.get(row.event_type, row.event_type)
    if event not in OWN or row.acting_user is None:
        return None
    room = realm.room(row.modified_stream) if row.modified_stream is not None else None
    if (event in (MADE, SHUT)) != (room is not None) or (room and room.private):
        return None
    actor = realm.people.of(row.acting_user)
    other = realm.people.of(row.modified_user) if row.modified_user is not None else None
    alone = other is None or other.uid == actor.uid
    kind = "created" if event == MADE else "left" if event == CLOSED and alone else "moderated"
    return Activity(
        source="zulip",
        host=realm.host,
        key=f"audit:{row.id}",
        kind=kind,
        own_kind=OWN[int(event)],
        at=moment_of(row.event_time),
        who=actor,
        whom=() if other is None or alone else (Whom(other, "moderated"),),
        place=room.place if room else None,
        link=room.place.link if room else "",
    )
