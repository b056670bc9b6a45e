"""A webhook's delivery, however it was kept: GitHub's own record of it, a line of a log, or nothing but its body."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote_plus

import msgspec

from crm.activity import Activity
from crm.github.body import Body
from crm.github.dating import Arrival, arrived, dated
from crm.github.event import Event
from crm.github.hooks import IDLE, told
from crm.github.place import Repo, locate
from crm.github.shapes import Unreadable, given
from crm.github.signs import event_of
from crm.moments import moment
from crm.reading.rows import cleaned

FORM = b"payload="
"""How a body begins that was posted as a form, which hooks still can be told to do."""

MILLISECONDS = 100_000_000_000
"""Numbers above this are no seconds: as such they would be in the year 5138."""

Parts = dict[str, msgspec.Raw]

_parts = msgspec.json.Decoder(Parts).decode
_body = msgspec.json.Decoder(Body).decode
_text = msgspec.json.Decoder(str | int | list[str] | None).decode


class Delivery(msgspec.Struct, frozen=True):
    """`event` and `id` are the headers' X-GitHub-Event and X-GitHub-Delivery, empty where they were not kept."""

    body: bytes
    event: str = ""
    id: str = ""
    arrival: Arrival = Arrival()
    host: str = ""


def opened(raw: bytes) -> Delivery:
    """A delivery from what was kept of it: one JSON object. Unreadable says what is missing, MsgspecError what does not fit."""
    parts = lowered(raw)
    if given(request := parts.get("request", msgspec.Raw())):
        asked = lowered(bytes(request))
        return enveloped(parts, asked, lowered(bytes(asked["headers"])) if "headers" in asked else {})
    if "guid" in parts and "delivered_at" in parts:
        raise Unreadable("this list of deliveries lacks what was delivered; save each by itself (…/deliveries/ID)")
    if "payload" in parts or "body" in parts:
        headers = parts.get("headers", msgspec.Raw())
        return enveloped(parts, parts, lowered(bytes(headers)) if given(headers) else parts)
    return Delivery(raw)


def enveloped(record: Parts, letter: Parts, headers: Parts) -> Delivery:
    """A body in an envelope: `record` says when and which, `headers` the same in GitHub's own words."""
    body = bytes(letter.get("payload") or letter.get("body") or b"null")
    return Delivery(
        unpacked(body),
        text(headers, "x-github-event") or text(record, "event", "name"),
        text(headers, "x-github-delivery") or text(record, "guid", "delivery", "delivery_id", "id"),
        Arrival(arrival(record), bytes(record.get("redelivery", b"")) == b"true"),
        text(headers, "x-github-enterprise-host"),
    )


def lowered(raw: bytes) -> Parts:
    """The parts of an object by their names in small letters: headers are written in all ways."""
    return {name.lower(): part for name, part in _parts(raw).items()}


def unpacked(body: bytes) -> bytes:
    """A body that was kept as a text; what is escaped in it was not looked at before."""
    return cleaned(unfolded(msgspec.json.decode(body, type=str).encode())) if body.startswith(b'"') else body


def unfolded(body: bytes) -> bytes:
    """A body that may have been posted as a form, of which it is the first field."""
    if not body.startswith(FORM):
        return body
    return unquote_plus(body.removeprefix(FORM).partition(b"&")[0].decode("utf-8", "replace")).encode()


def text(parts: Parts, *names: str) -> str:
    """The first of these parts that says something; some programs keep every header as a list."""
    for name in names:
        found = _text(parts[name]) if name in parts else ""
        if isinstance(found, list):
            found = found[0] if found else ""
        if found:
            return str(found)
    return ""


def arrival(record: Parts) -> datetime | None:
    """When a delivery came, by whichever name it was kept. ValueError for what is no date."""
    names = ("delivered_at", "received_at", "timestamp")
    kept: Any = next((msgspec.json.decode(record[name]) for name in names if name in record), None)
    if isinstance(kept, int | float) and not isinstance(kept, bool):
        return datetime.fromtimestamp(kept / 1000 if kept > MILLISECONDS else kept, UTC)
    return moment(kept) if isinstance(kept, str) else None


def acts(delivery: Delivery, host: str) -> Iterator[Activity]:
    """What a delivery tells of. Unreadable and MsgspecError say why it cannot be read."""
    kind = delivery.event or event_of(delivery.body)
    if not kind:
        raise Unreadable(
            "this is not what a webhook of GitHub delivers; events of the archive are of the source “github”"
        )
    if kind in IDLE:
        return
    body = _body(delivery.body)
    if body.sender is None:
        raise Unreadable("the delivery does not say whose act it tells of (“sender”)")
    at = dated(kind, body, delivery.arrival)
    repo, number = place_of(body, host or delivery.host)
    event = Event(
        kind=kind,
        id=f"hook:{delivery.id or fingerprint(delivery.body)}",
        repo=repo,
        repo_id=number,
        sender=body.sender,
        at=at.at,
        payload=body,
    )
    for act in told(event, body, arrived(body, delivery.arrival)):
        yield act if at.precision == "instant" else msgspec.structs.replace(act, precision=at.precision)


def place_of(body: Body, host: str) -> tuple[Repo, int]:
    """Where it happened and GitHub's number of it: a repository, else an organisation, else whose work is paid for."""
    if body.repository:
        found = locate(body.repository.html_url, host)
        name = body.repository.full_name or (found[0].name if found else "")
        if name:
            return Repo(found[0].host if found else host or "github.com", name), body.repository.id
    if body.organization:
        found = locate(body.organization.url, host)
        return Repo(found[0].host if found else host or "github.com", body.organization.login), body.organization.id
    if body.sponsorship and body.sponsorship.sponsorable:
        sponsored = body.sponsorship.sponsorable
        return Repo(host or "github.com", sponsored.login), sponsored.id
    raise Unreadable("the delivery does not say in which repository or organisation it was")


def fingerprint(body: bytes) -> str:
    """What tells one body from others, however it is laid out, where nobody kept the delivery's id."""
    return hashlib.sha256(msgspec.json.encode(msgspec.json.decode(body), order="sorted")).hexdigest()[:32]
