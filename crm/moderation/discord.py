"""The audit log of a Discord server, as its API answers; Discord itself forgets it after 45 days."""

from collections.abc import Iterator

import msgspec

from crm.activity import Activity, Place, Refused, Who
from crm.moderation.audit_types import AUTOMATIC, MODERATING, NAMES, OF_MEMBERS
from crm.moderation.discord_people import HOST, User, of_id, of_user
from crm.moderation.times import day, of_snowflake
from crm.moderation.touching import touched
from crm.moderation.words import lasting, paragraphs
from crm.moments import moment
from crm.reading import Row, decode

TIMEOUT = "communication_disabled_until"


class Change(msgspec.Struct, gc=False):
    key: str = ""
    old_value: object = None
    new_value: object = None


class Options(msgspec.Struct, gc=False):
    channel_id: str | int | None = None
    message_id: str | int | None = None
    count: str | int | None = None
    delete_member_days: str | int | None = None
    members_removed: str | int | None = None
    auto_moderation_rule_name: str | None = None


class Entry(msgspec.Struct, gc=False):
    id: str | int
    action_type: int
    user_id: str | int | None = None
    target_id: str | int | None = None
    reason: str | None = None
    changes: list[Change] | None = None
    options: Options | None = None


class Audit(msgspec.Struct):
    audit_log_entries: list[msgspec.Raw]
    users: list[msgspec.Raw] = []


def read_audit(row: Row) -> Iterator[Activity | Refused]:
    """Every entry of an answer of the API, its people by the list that comes with it."""
    audit = decode(row, Audit)
    if isinstance(audit, Refused):
        yield audit
        return
    users = [decode(Row(row.file, row.line, bytes(raw)), User) for raw in audit.users]
    people = {str(user.id): of_user(user) for user in users if isinstance(user, User)}
    yield from (entry_of(Row(row.file, row.line, bytes(raw)), people) for raw in audit.audit_log_entries)


def entry_of(row: Row, people: dict[str, Who | None]) -> Activity | Refused:
    """One entry, alone or out of an answer."""
    entry = decode(row, Entry)
    if isinstance(entry, Refused):
        return entry
    try:
        return told(entry, people)
    except ValueError as reason:
        return row.refuse(f"this entry can't be placed in time: {reason}")


def told(entry: Entry, people: dict[str, Who | None]) -> Activity:
    """An entry as an act. ValueError where its id tells no time."""
    kind = entry.action_type
    who = None if kind in AUTOMATIC else person(entry.user_id, people)
    target = person(entry.target_id, people) if kind in OF_MEMBERS else None
    channel = entry.options and entry.options.channel_id
    timeout = next((change for change in entry.changes or () if change.key == TIMEOUT), None)
    name = NAMES.get(kind, f"audit event {kind}")
    if timeout and kind == 24:
        name = "timeout" if timeout.new_value else "timeout lifted"
    return Activity(
        source="moderation",
        host=HOST,
        key=f"audit:{entry.id}",
        kind="moderated" if kind in MODERATING else "did",
        own_kind=name,
        at=of_snowflake(str(entry.id)),
        who=who,
        whom=touched(who, (target, "moderated")),
        place=Place(str(channel), f"Channel {channel}") if channel else None,
        text=text_of(entry, timeout),
    )


def person(number: str | int | None, people: dict[str, Who | None]) -> Who | None:
    """The account with this id; by the id alone where the answer does not list it."""
    return people[str(number)] if str(number) in people else of_id(number)


def text_of(entry: Entry, timeout: Change | None) -> str:
    options = entry.options or Options()
    return paragraphs(
        (
            entry.reason,
            lasting("", until(timeout.new_value)) if timeout else "",
            f"Rule: {options.auto_moderation_rule_name}" if options.auto_moderation_rule_name else "",
            f"Messages or members touched: {options.count}." if options.count else "",
            f"Members removed: {options.members_removed}." if options.members_removed else "",
            "\n".join(filter(None, (changed(change) for change in entry.changes or () if change is not timeout))),
        )
    )


def until(value: object) -> str:
    try:
        return day(moment(str(value))) if value else ""
    except ValueError:
        return ""


def changed(change: Change) -> str:
    """A value before and after in one line."""
    before, after = map(shown, (change.old_value, change.new_value))
    return f"{change.key}: {before or '–'} → {after or '–'}" if change.key and (before or after) else ""


def shown(value: object) -> str:
    """A value in a line; roles and the like by their names."""
    if isinstance(value, list):
        return ", ".join(
            str(one.get("name") or one.get("id") or "") if isinstance(one, dict) else str(one) for one in value
        )
    return "" if value is None else str(value)
