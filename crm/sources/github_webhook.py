"""What GitHub's webhooks delivered, kept for later: the same acts as in backups and archives, under the same keys.

A delivery that GitHub repeats keeps its id and adds nothing; what GitHub numbers goes by its own number, wherever it is told.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

import msgspec

from crm.activity import Activity, Refused
from crm.github.dating import Arrival
from crm.github.delivery import Delivery, acts, opened, unfolded
from crm.github.recent import Recent
from crm.github.shapes import Unreadable
from crm.github.signs import SIGNS
from crm.kinds import _
from crm.reading import Glimpse, Inputs, Row, worded
from crm.reading.cutting import Piece
from crm.reading.fields import fields_in
from crm.reading.rows import rows_in

NAME = "github-webhook"
LABEL = _("GitHub webhooks")
HELP = _(
    "Deliveries of a webhook: GitHub's own records of them (…/hooks/ID/deliveries/ID), lines with event, delivery and payload, "
    "or bodies alone."
)
MAKES = (
    "An issue, a pull request, a discussion, each comment and each review becomes the same act as from a backup or an archive.",
    "An edit or a deletion becomes a new look at what was written; who deletes what another wrote has moderated.",
    "A push, a release, a copy, a star, a branch, a page of the wiki becomes an act in its repository; a star taken back is gone.",
    "Whoever is let into a repository, a team or an organisation was invited; whoever does it alone joined.",
    "Whoever is put out of one was moderated; whoever does it alone left.",
    "Blocking somebody in an organisation, and letting them in again, becomes a moderation act towards them.",
    "A public sponsorship becomes an act with thanks to whom it is for; a private one is refused.",
    "Pings, checks, workflows, deployments and settings are passed over: nobody did anything in the community.",
)
CANNOT_KNOW = (
    "When somebody was blocked, let in or put out, if the delivery's date was not kept: then only after or before which moment.",
    "Which entry of a timeline a label or an assignment is: a backup that holds the same one tells it a second time.",
    "Two equal deliveries from one, where neither ids nor dates were kept.",
)


def fits(glimpse: Glimpse) -> int:
    """A sender beside what was done, or an envelope that names the event."""
    fields = {name.lower() for name in fields_in(glimpse)}
    if {"guid", "event"} <= fields and fields & {"request", "delivered_at"}:
        return 97
    if fields & {"payload", "body"} and ("x-github-event" in fields or {"event", "delivery"} <= fields):
        return 97
    if "payload" in fields and "headers" in fields and b'"x-github-event"' in glimpse.head.lower():
        return 97
    if "sender" in fields and fields & {"repository", "organization", "sponsorship"}:
        return 95
    cut_off = b'"node_id"' in glimpse.head and any(fields.issuperset(signs) for _event, signs in SIGNS)
    return 80 if cut_off and fields & {"action", "ref"} and "events" not in fields else 0


def read(inputs: Inputs) -> Iterator[Activity | Refused]:
    """Every act in every delivery, streaming; a thread's opening only once while its words stay the same."""
    recent = Recent()
    for row in inputs.rows():
        if isinstance(row, Refused):
            yield row
        else:
            yield from (
                found for found in of_row(row, inputs.host) if isinstance(found, Refused) or not recent.repeats(found)
            )


def delivered(event: str, delivery: str, body: bytes, host: str = "") -> Iterator[Activity | Refused]:
    """What one delivery tells of that arrives now. `event` and `delivery` are its headers X-GitHub-Event and -Delivery,
    `body` its bytes as they came (JSON or a form), `host` the GitHub it is from where that is not github.com.
    """
    arrival = Arrival(datetime.now(UTC))
    for row in rows_in(f"delivery {delivery}", Piece(1, unfolded(body.strip()))):
        if isinstance(row, Refused):
            yield row
        else:
            yield from readable(row, (Delivery(row.raw, event, delivery, arrival),), host)


def of_row(row: Row, host: str) -> Iterator[Activity | Refused]:
    return readable(row, map(opened, (row.raw,)), host)


def readable(row: Row, deliveries: Iterable[Delivery], host: str) -> Iterator[Activity | Refused]:
    """The acts of deliveries that a row holds; one that lacks something needed is refused with the reason."""
    try:
        for delivery in deliveries:
            yield from acts(delivery, host)
    except msgspec.MsgspecError as fault:
        yield row.refuse(worded(str(fault)))
    except (Unreadable, ValueError, OverflowError, OSError) as lack:
        yield row.refuse(str(lack))
    except RecursionError:
        yield row.refuse("this is nested too deeply to be read")
