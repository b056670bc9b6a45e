"""What was saved from Orbit before it closed: answers of its API as JSON, its list of members and activities as CSV."""

from collections.abc import Iterator
from datetime import UTC, datetime

from crm.activity import Activity, Refused
from crm.csv.fitting import first_rows
from crm.csv.mixed import Sheet, opened, refused
from crm.errors import Refusal
from crm.kinds import _
from crm.orbit.members import Members
from crm.orbit.pages import NO_ORBIT, read_row, things_of
from crm.orbit.tables import is_activities, is_members, read_activities, read_members
from crm.reading import Document, Glimpse, Inputs, Row
from crm.reading.rows import rows_of

NAME = "orbit"
LABEL = _("Orbit")
HELP = _(
    "Pages of activities and members from Orbit’s API (JSON), its export of members and tables of activities (CSV)."
)
MAKES = (
    "A message, an issue or a tweet becomes a message; an answer to it becomes a reply to whoever wrote it.",
    "A pull request becomes a proposed change or a merge, a star a star, an arrival in a channel an arrival.",
    "An activity of a type that a workspace made itself becomes what its word says, else it counts as “did”.",
    "A member becomes an entry in a list, known to be there by their first activity.",
)
CANNOT_KNOW = (
    "Weights, levels, love and reach: Kith computes its own.",
    "Notes of the team, tags and companies.",
    "What an answer answers, unless the activities were asked for with include_referenced_activities=true.",
    "A member’s other accounts: each member is one account of Orbit here, and can be linked with others.",
)

MARKS = (b'"orbit_url"', b'"activity_type"', b'"member"', b'_identity"', b'_activity"')


def fits(glimpse: Glimpse) -> int:
    """Sure where Orbit's own addresses or columns stand; likely for activities in the columns of its import."""
    head = glimpse.head
    if head.lstrip()[:1] in (b"{", b"["):
        return 95 if b'"orbit_url"' in head and sum(mark in head for mark in MARKS) > 1 else 0
    rows = first_rows(head) if b"," in head[:4096] else []
    if not rows:
        return 0
    return 95 if is_members(rows[0]) else 70 * is_activities(rows[0])


def read(inputs: Inputs) -> Iterator[Activity | Refused]:
    """Every activity and every member; members of files that are called so are known from the beginning."""
    members, now = Members(), datetime.now(UTC)
    for document in inputs.ahead(lambda name: "member" in name.lower()):
        _meet(document, members)
    for document in inputs.documents():
        try:
            yield from _told(document, members, now)
        except Refusal as reason:
            yield refused(document, reason)


def _meet(document: Document, members: Members) -> None:
    for row in rows_of(document):
        things = things_of(row) if isinstance(row, Row) else row
        if not isinstance(things, Refused):
            members.meet(things)


def _told(document: Document, members: Members, now: datetime) -> Iterator[Activity | Refused]:
    found = opened(document)
    if not isinstance(found, Sheet):
        for row in found:
            yield from [row] if isinstance(row, Refused) else read_row(row, members, now)
        return
    headings = list(found.first[0].cells) if found.first else []
    if is_members(headings):
        yield from read_members(found.records, found.first, now)
    elif is_activities(headings):
        yield from read_activities(found.records, found.first, now)
    elif headings:
        yield found.first[0].refuse(NO_ORBIT)
    else:
        yield from (one for one in found.records if isinstance(one, Refused))
