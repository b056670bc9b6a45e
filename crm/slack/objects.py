"""What a document beside the days of the channels holds: people, channels, or messages that Slack's API answered with.

Told by what stands in it; the name of a document only counts where the export itself gives it a meaning.
"""

from collections.abc import Iterator

import msgspec

from crm.activity import Refused
from crm.reading import Row, decode
from crm.slack.folders import PEOPLE, ROOMS
from crm.slack.shapes import ABSENT, Channel, Probe, User

PEOPLE_LIST = msgspec.json.Decoder(list[User])
UNKNOWN = "This is neither a message nor a member nor a channel of Slack."


class Talk(msgspec.Struct, gc=False):
    """Messages that came together, and their channel as far as they tell it."""

    rows: list[Row]
    channel: str = ""
    name: str = ""


def people_in(raw: bytes) -> list[User] | None:
    """The list of members in a document held at once; None where a row of it wants a closer look."""
    try:
        return PEOPLE_LIST.decode(raw)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None


def objects(row: Row, base: str) -> Iterator[User | Channel | Talk | Refused]:
    """Everything in a row of a document called `base`."""
    probe = decode(row, Probe)
    if isinstance(probe, Refused):
        yield probe
    elif probe.ok is False:
        yield row.refuse(
            f"Slack answered with an error here ({probe.error or 'unknown'}), so there is nothing to read."
        )
    elif probe.messages != ABSENT or probe.ts != ABSENT:
        yield talk(row, probe)
    elif base in PEOPLE or is_user(probe):
        yield decode(row, User)
    elif base in ROOMS or is_channel(probe):
        yield decode(row, Channel)
    else:
        yield from answered(row, probe)


def answered(row: Row, probe: Probe) -> Iterator[User | Channel | Refused]:
    """What an answer about members or channels holds; a list of ids alone is one of members without names."""
    if probe.channels != ABSENT:
        yield from (decode(part, Channel) for part in parts(row, probe.channels))
    elif probe.members != ABSENT:
        for part in parts(row, probe.members):
            uid = text_in(msgspec.Raw(part.raw))
            yield User(uid) if uid else decode(part, User)
    elif bytes(probe.user).startswith(b"{"):
        yield decode(part_of(row, probe.user), User)
    elif bytes(probe.channel).startswith(b"{"):
        yield decode(part_of(row, probe.channel), Channel)
    else:
        yield row.refuse(UNKNOWN)


def talk(row: Row, probe: Probe) -> Talk:
    """The messages of a row: those it holds, or itself."""
    channel, name = probe.channel_id or text_in(probe.channel), probe.name or ""
    if not channel and probe.channel != ABSENT:
        inside = decode(part_of(row, probe.channel), Probe)
        if not isinstance(inside, Refused):
            channel, name = inside.id or "", inside.name or ""
    return Talk(parts(row, probe.messages) if probe.messages != ABSENT else [row], channel, name)


def is_user(probe: Probe) -> bool:
    return (probe.id or "").startswith(("U", "W")) and (probe.profile != ABSENT or probe.name is not None)


def is_channel(probe: Probe) -> bool:
    return (probe.id or "").startswith(("C", "G", "D")) and (probe.creator != ABSENT or probe.name is not None)


def part_of(row: Row, raw: msgspec.Raw) -> Row:
    return Row(row.file, row.line, bytes(raw))


def parts(row: Row, raw: msgspec.Raw) -> list[Row]:
    """The elements of a list, still packed, so that one bad element does not cost the others."""
    found = decode(part_of(row, raw), list[msgspec.Raw])
    return [] if isinstance(found, Refused) else [part_of(row, one) for one in found]


def text_in(raw: msgspec.Raw) -> str:
    """What stands there if it is text."""
    return msgspec.json.decode(raw, type=str) if bytes(raw).startswith(b'"') else ""
