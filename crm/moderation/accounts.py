"""Accounts as the moderators of a Mastodon server see them: when they came, what they stand under, what was done to them."""

from collections.abc import Iterator
from datetime import datetime
from urllib.parse import parse_qsl

import msgspec

from crm.activity import Activity, Who
from crm.moderation.mastodon_shapes import Account
from crm.moderation.touching import touched
from crm.moderation.words import paragraphs
from crm.moments import moment

STANDING = {"suspended": "suspend", "silenced": "silence", "sensitized": "mark sensitive", "disabled": "disable"}
TYPES = {"none": "warn", "sensitive": "mark sensitive"}
VERBS = {"unsensitive": "unmark sensitive"}
"""The API's words for acts that people know under another."""


def done(host: str, target: Who, verb: str, body: object, at: datetime) -> Activity:
    """What was asked to be done to an account; nobody tells who asked, and only that it was not before `at`."""
    asked = form(body)
    kind, report = asked.get("type", ""), asked.get("report_id", "")
    own = TYPES.get(kind, kind) if verb == "action" else VERBS.get(verb, verb)
    return Activity(
        source="moderation",
        host=host,
        key=f"account:{target.uid}:{own}:{at:%Y%m%d%H%M%S%f}",
        kind="moderated",
        own_kind=own or "account action",
        at=at,
        precision="since",
        whom=touched(None, (target, "moderated")),
        thread=f"report:{report}" if report else f"account:{target.uid}",
        parent=f"report:{report}" if report else "",
        text=paragraphs((asked.get("text"),)),
        link=address(host, target),
    )


def listed(account: Account, known: Who, host: str, now: datetime) -> Iterator[Activity]:
    """The arrival of an account, and each penalty that it stands under `now`. ValueError where its date can't be."""
    local = not account.domain
    link = address(host, known)
    yield Activity(
        source="moderation",
        host=host,
        key=f"account:{known.uid}",
        kind="joined" if local else "listed",
        own_kind="account",
        at=moment(account.created_at or ""),
        precision="instant" if local else "since",
        who=known,
        link=link,
    )
    for flag, own in STANDING.items():
        if getattr(account, flag):
            yield Activity(
                source="moderation",
                host=host,
                key=f"account:{known.uid}:{own}",
                kind="moderated",
                own_kind=own,
                at=now,
                precision="by",
                whom=touched(None, (known, "moderated")),
                thread=f"account:{known.uid}",
                link=link,
            )


def address(host: str, account: Who) -> str:
    return f"https://{host}/admin/accounts/{account.uid}"


def form(body: object) -> dict[str, str]:
    """What was sent with a question: fields of a form, or JSON."""
    if isinstance(body, str) and body.lstrip().startswith("{"):
        try:
            body = msgspec.json.decode(body)
        except msgspec.DecodeError:
            return {}
    if isinstance(body, dict):
        return {str(name): str(value) for name, value in body.items() if value is not None}
    try:
        return {name: value.replace("\0", "") for name, value in parse_qsl(body)} if isinstance(body, str) else {}
    except ValueError:
        return {}
