"""Documents of Orbit's API opened: pages with `data` and `included`, single objects, bodies of its webhooks."""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from crm.activity import Activity, Refused
from crm.orbit.acts import act, entry
from crm.orbit.members import Members
from crm.orbit.shapes import ABSENT, Page, Thing
from crm.reading import Row, decode

OTHERS = frozenset({"activity_type", "organization", "repository", "user", "note", "workspace", "webhook_subscription"})
"""Objects of Orbit that are nobody's act; they and identities are passed over in silence."""

NO_ORBIT = "this is neither an activity nor a member of Orbit; Kith reads answers of its API and its CSV exports"


def read_row(row: Row, members: Members, now: datetime) -> Iterator[Activity | Refused]:
    """What a document tells; its members are learnt first."""
    things = things_of(row)
    if isinstance(things, Refused):
        yield things
        return
    members.meet(things)
    for thing in things:
        try:
            if thing.type == "member":
                yield entry(thing, now)
            elif thing.type.endswith("activity"):
                yield act(thing, members)
            elif thing.type not in OTHERS and not thing.type.endswith("_identity"):
                yield row.refuse(NO_ORBIT)
        except ValueError as reason:
            yield row.refuse(f"{thing.type} {thing.id}: {reason}")


def things_of(row: Row) -> list[Thing] | Refused:
    """All objects in a document, those that are referred to included."""
    page = decode(row, Page)
    if isinstance(page, Refused):
        return page
    if page.data == ABSENT:
        thing = decode(row, Thing)
        return row.refuse(NO_ORBIT) if isinstance(thing, Refused) else [thing]
    inside = msgspec.structs.replace(row, raw=bytes(page.data))
    many = inside.raw.lstrip()[:1] == b"["
    found = decode(inside, list[Thing]) if many else decode(inside, Thing)
    if isinstance(found, Refused):
        return found
    return [*page.included, *(found if isinstance(found, list) else [found])]
