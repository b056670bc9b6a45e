"""The moderation log of the bot Red-DiscordBot: its settings file with all servers, or single cases.

The bot keeps one reason only: who amends a case overwrites it. A later export of an amended case is a later look at it.
"""

from collections.abc import Iterator

import msgspec

from crm.activity import Activity, Place, Refused
from crm.moderation.discord_people import HOST, of_id
from crm.moderation.times import day, of_seconds
from crm.moderation.touching import touched
from crm.moderation.words import lasting, paragraphs, spelled
from crm.reading import Row, decode


class Case(msgspec.Struct, gc=False):
    """Times are seconds since 1970; people are ids, or names where the bot found no account."""

    case_number: int
    action_type: str
    created_at: float
    guild: str | int | None = None
    user: str | int | None = None
    last_known_username: str | None = None
    moderator: str | int | None = None
    reason: str | None = None
    until: float | None = None
    channel: str | int | None = None
    amended_by: str | int | None = None
    modified_at: float | None = None
    message: str | int | None = None


class Guild(msgspec.Struct):
    cases: dict[str, msgspec.Raw] | None = None


class Root(msgspec.Struct):
    """`CASES` by server and number, and where versions before 3.2 kept them."""

    CASES: dict[str, dict[str, msgspec.Raw]] = {}
    GUILD: dict[str, Guild] = {}


def read_settings(row: Row) -> Iterator[Activity | Refused]:
    """Every case of every server in the bot's settings."""
    roots = decode(row, dict[str, Root])
    if isinstance(roots, Refused):
        yield roots
        return
    for root in roots.values():
        old = {guild: settings.cases or {} for guild, settings in root.GUILD.items()}
        for guild, cases in (*root.CASES.items(), *old.items()):
            yield from (case_of(Row(row.file, row.line, bytes(raw)), guild) for raw in cases.values())


def case_of(row: Row, guild: str = "") -> Activity | Refused:
    """One case; `guild` is its server where the case itself does not tell it."""
    case = decode(row, Case)
    if isinstance(case, Refused):
        return case
    server = str(case.guild or guild)
    if not server:
        return row.refuse(f"case {case.case_number} does not tell the server it belongs to")
    try:
        return told(case, server)
    except ValueError as reason:
        return row.refuse(f"case {case.case_number} can't be placed in time: {reason}")


def told(case: Case, server: str) -> Activity:
    """A case as an act. ValueError where its time can't be."""
    who, member = of_id(case.moderator), of_id(case.user, case.last_known_username or "")
    changed = of_seconds(case.modified_at) if case.modified_at else None
    amended = of_id(case.amended_by)
    key, own = f"red:{server}:{case.case_number}", spelled(case.action_type) or "case"
    return Activity(
        source="moderation",
        host=HOST,
        key=key,
        kind="moderated",
        own_kind=own,
        at=of_seconds(case.created_at),
        who=who,
        whom=touched(who, (member, "moderated")),
        place=Place(str(case.channel), f"Channel {case.channel}") if case.channel else None,
        thread=key,
        title=f"Case {case.case_number}: {own}",
        text=paragraphs(
            (
                case.reason,
                lasting("", day(of_seconds(case.until))) if case.until else "",
                f"Amended by {amended.login or amended.name or amended.uid}." if amended else "",
            )
        ),
        revision=int(changed.timestamp()) if changed else 0,
        edited_at=changed,
    )
