"""What Savannah knows of a community: answers of its API as JSON, its lists of members and contributors as CSV."""

from collections.abc import Iterator
from datetime import UTC, datetime

from crm.activity import Activity, Refused
from crm.csv.fitting import first_rows
from crm.csv.mixed import Sheet, opened, refused
from crm.errors import Refusal
from crm.kinds import _
from crm.reading import Document, Glimpse, Inputs, Row
from crm.reading.rows import rows_of
from crm.savannah.acts import People
from crm.savannah.objects import NO_SAVANNAH, identity_in, read_row
from crm.savannah.tables import is_list, read_list

NAME = "savannah"
LABEL = _("Savannah")
HELP = _(
    "Identities, conversations, contributions and events of Savannah’s API (JSON), its lists of members (CSV)."
    " Give what comes from each of its sources a --host of its own."
)
MAKES = (
    "A conversation becomes a message that mentions whoever took part in it.",
    "A contribution becomes what its type says (a talk, an answer, …), else a contribution.",
    "An event becomes a gathering, and each of its attendees somebody who attended.",
    "A member of a list becomes an entry in a list, known to be there by when Savannah first saw them.",
)
CANNOT_KNOW = (
    "Which message answers which: Savannah’s API gives no threads.",
    "Notes, gifts, tasks and tags, which only the team sees, and levels, which Kith computes anew.",
    "Which of its sources a number belongs to, unless --host says it.",
)

FIELDS = {b'"speaker"', b'"author"', b'"channel"', b'"participants"', b'"contribution_type"', b'"timestamp"'}
EVENT = {b'"start_timestamp"', b'"end_timestamp"', b'"channel"'}
IDENTITY = {b'"username"', b'"avatar"', b'"company"', b'"tags"'}
HOOK = {b'"event"', b'"hook"', b'"signature"', b'"data"', b'"role"'}


def fits(glimpse: Glimpse) -> int:
    """Sure where its own numbers stand beside its own fields."""
    head = glimpse.head
    if head.lstrip()[:1] in (b"{", b"["):
        if b'"origin_id"' in head and b'"backend_name"' not in head:
            told = sum(field in head for field in FIELDS) >= 3 or any(
                all(field in head for field in fields) for fields in (EVENT, IDENTITY)
            )
            return 92 * told
        return 60 * all(field in head for field in HOOK)
    rows = first_rows(head) if b"," in head[:4096] else []
    return 95 * is_list(rows[0]) if rows else 0


def read(inputs: Inputs) -> Iterator[Activity | Refused]:
    """Everything there is; people in files that are called so are known from the beginning."""
    people, now = People(inputs.host), datetime.now(UTC)
    for document in inputs.ahead(lambda name: "identit" in name.lower()):
        for row in rows_of(document):
            if isinstance(row, Row) and (found := identity_in(row)):
                people.meet(found)
    for document in inputs.documents():
        try:
            yield from _told(document, people, now)
        except Refusal as reason:
            yield refused(document, reason)


def _told(document: Document, people: People, now: datetime) -> Iterator[Activity | Refused]:
    found = opened(document)
    if not isinstance(found, Sheet):
        for row in found:
            yield from [row] if isinstance(row, Refused) else read_row(row, people, now)
    elif found.first and is_list(list(found.first[0].cells)):
        yield from read_list(found, people.host, now)
    elif found.first:
        yield found.first[0].refuse(NO_SAVANNAH)
    else:
        yield from (one for one in found.records if isinstance(one, Refused))
