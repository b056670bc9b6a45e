"""When something happened that a webhook tells of: no body has a date of its own.

What can be told from the body alone comes first, because it is the same however often a delivery is repeated. Else it was
just before the delivery; and where nobody kept its date, all that is known is after which moment it was.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import NamedTuple

import msgspec

from crm.activity import Precision
from crm.github.body import Body
from crm.github.shapes import Repository, Unreadable


class Arrival(msgspec.Struct, frozen=True):
    """When a delivery came, if that was kept; `again` when GitHub was asked to repeat it."""

    at: datetime | None = None
    again: bool = False


class Dated(NamedTuple):
    at: datetime
    precision: Precision


def dated(event: str, body: Body, arrival: Arrival) -> Dated:
    """The best that is known of the moment of an event. Unreadable for a date that cannot be."""
    told = TOLD.get(event, by_ticket)(body)
    return Dated(told, "instant") if told else arrived(body, arrival)


def arrived(body: Body, arrival: Arrival) -> Dated:
    """The moment as the delivery tells it, else the last change of anything that the body holds."""
    if arrival.at:
        return Dated(arrival.at, "by" if arrival.again else "instant")
    if latest := newest((by_ticket(body), changed(body.repository))):
        return Dated(latest, "since")
    return Dated(datetime.now(UTC).replace(microsecond=0), "by")


def by_ticket(body: Body) -> datetime | None:
    """The last change of whatever was written or is written about: it is what the event tells of."""
    ticket, remark, review = body.issue or body.pull_request or body.discussion, body.comment, body.review
    moments = [
        *((ticket.created_at, ticket.updated_at) if ticket else ()),
        *((remark.created_at, remark.updated_at) if remark else ()),
        *((review.submitted_at, review.updated_at) if review else ()),
    ]
    return newest(moments)


def by_push(body: Body) -> datetime | None:
    return moment(body.repository.pushed_at) if body.repository else None


def by_star(body: Body) -> datetime | None:
    """A star that is given or taken back touches its repository."""
    return body.starred_at or (moment(body.repository.updated_at) if body.repository else None)


def by_fork(body: Body) -> datetime | None:
    return moment(body.forkee.created_at) if body.forkee else None


def by_release(body: Body) -> datetime | None:
    return body.release.published_at if body.release else None


def by_sponsorship(body: Body) -> datetime | None:
    return body.sponsorship.created_at if body.sponsorship and body.action == "created" else None


TOLD: dict[str, Callable[[Body], datetime | None]] = {
    "push": by_push,
    "create": by_push,
    "delete": by_push,
    "star": by_star,
    "watch": by_star,
    "public": by_star,
    "fork": by_fork,
    "release": by_release,
    "sponsorship": by_sponsorship,
}


def changed(repository: Repository | None) -> datetime | None:
    """The last thing known to have happened to a repository."""
    if repository is None:
        return None
    return newest(map(moment, (repository.created_at, repository.updated_at, repository.pushed_at)))


def newest(moments: Iterable[datetime | None]) -> datetime | None:
    return max(filter(None, moments), default=None)


def moment(told: datetime | int | None) -> datetime | None:
    """A date of a repository, in seconds or not. Unreadable for one that cannot be."""
    if not isinstance(told, int):
        return told
    try:
        return datetime.fromtimestamp(told, UTC)
    except (OverflowError, OSError, ValueError):
        raise Unreadable(f"{told} cannot be a date in seconds since 1970") from None
