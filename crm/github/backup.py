"""Issues and pull requests as the REST API gives them: alone, or with their timeline as backups keep them.

One entry that cannot be read is refused by itself, with the line of its document.
"""

from collections.abc import Iterator
from typing import TypeVar

import msgspec

from crm.activity import Activity, Refused, Who
from crm.github import talk, timeline
from crm.github.people import acquainted, who
from crm.github.place import Repo, locate
from crm.github.shapes import Account, Document, Item, Remark, Ticket, Unreadable, given
from crm.github.thread import Thread
from crm.reading import Row, decode

R = TypeVar("R", bound=Remark)

_ticket = msgspec.json.Decoder(Ticket).decode
_remark = msgspec.json.Decoder(Remark).decode
_parts = msgspec.json.Decoder(list[msgspec.Raw]).decode


def backup(document: Document, row: Row, host: str) -> Iterator[Activity | Refused]:
    """`{"issue"|"pull": …, "events": […], "comments": […]}`; comments are those on lines, if any."""
    ticket = _ticket(document.issue if given(document.issue) else document.pull)
    items, broken = readable(document.events, Item, row)
    remarks, spoilt = readable(document.comments, Remark, row)
    thread = Thread(
        place_of(ticket, host), ticket, acquainted(accounts(ticket, items, remarks)), authors(items, remarks)
    )
    yield from broken + spoilt
    yield talk.opened(thread)
    for item in items:
        try:
            yield from timeline.entry(thread, item)
        except Unreadable as lack:
            yield row.refuse(f"in the timeline of number {ticket.number}: {lack}")
    for remark in remarks:
        try:
            yield written(thread, remark)
        except Unreadable as lack:
            yield row.refuse(f"among the comments of number {ticket.number}: {lack}")


def alone(row: Row, host: str) -> Iterator[Activity]:
    """One issue or pull request without its timeline: its opening, and how it ended if it tells by whom."""
    ticket = _ticket(row.raw)
    thread = Thread(place_of(ticket, host), ticket, acquainted((ticket.user,)))
    yield talk.opened(thread)
    if ticket.merged_by:
        yield from timeline.merged(thread, Item(event="merged", actor=ticket.merged_by, created_at=ticket.merged_at))
    if ticket.closed_by:
        yield from timeline.closed(thread, Item(event="closed", actor=ticket.closed_by, created_at=ticket.closed_at))


def comment(row: Row, address: str, host: str) -> Iterator[Activity]:
    """One comment or review by itself. Its page's `address` tells form and thread, not who opened it."""
    found = locate(address, host)
    if found is None:
        raise Unreadable(f"“{address}” is not an address of a comment on GitHub")
    (repo, number), remark = found, _remark(row.raw)
    if "#commitcomment-" in address:
        yield talk.commit_commented(repo, remark, acquainted((remark.user,)))
    else:
        yield written(Thread(repo, Ticket(number, html_url=address.partition("#")[0])), remark)


def written(thread: Thread, remark: Remark) -> Activity:
    """A comment on a line is told by the lines it shows, a review by its state."""
    if remark.diff_hunk is not None or remark.pull_request_review_id:
        return talk.line_commented(thread, remark)
    if remark.state:
        return talk.reviewed(thread, remark)
    return talk.commented(thread, remark)


def place_of(ticket: Ticket, host: str) -> Repo:
    found = locate(ticket.html_url, host) or locate(ticket.url, host)
    if found is None:
        raise Unreadable(f"number {ticket.number} does not say in which repository it is")
    return found[0]


def readable(parts: msgspec.Raw, shape: type[R], row: Row) -> tuple[list[R], list[Refused]]:
    """Those of a list that can be read, and a refusal for each other."""
    raws = _parts(parts) if given(parts) else []
    found = [decode(Row(row.file, row.line, bytes(raw)), shape) for raw in raws]
    return (
        [part for part in found if not isinstance(part, Refused)],
        [part for part in found if isinstance(part, Refused)],
    )


def accounts(ticket: Ticket, items: list[Item], remarks: list[Remark]) -> Iterator[Account | None]:
    """Everybody the document names with an id."""
    yield ticket.user
    for item in items:
        yield from (item.actor, item.user, item.assignee, item.requested_reviewer)
    for remark in remarks:
        yield remark.user


def authors(items: list[Item], remarks: list[Remark]) -> dict[str, Who | None]:
    """Who wrote each comment on a line and each review, by its key."""
    lines = [remark for item in items for remark in item.comments] + remarks
    wrote = {f"reviewcomment:{remark.id}": who(remark.user) for remark in lines}
    return wrote | {f"review:{item.id}": who(item.user) for item in items if item.event == "reviewed"}
