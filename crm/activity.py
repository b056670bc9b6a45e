"""What an importer yields: one thing somebody did, as its source tells it, before Kith gives it ids and keys.

An importer knows its platform and nothing of the log; everything after this struct is the same for all sources.
"""

from datetime import datetime
from typing import Literal

import msgspec

Precision = Literal["instant", "minute", "day", "since", "by"]
"""How well the moment is known; `since` = only that it was not earlier (a reaction without a time of its own), `by` = only
that it was not later (it stood so in a list without dates when the file was made, or else when it was read)."""

Role = Literal[
    "replied",
    "mentioned",
    "quoted",
    "reviewed",
    "merged",
    "assigned",
    "labelled",
    "invited",
    "coauthored",
    "reported",
    "tested",
    "thanked",
    "reacted",
    "helped",
    "committed",
    "moderated",
]
"""What the act was for the other person: who was replied to, mentioned, who had reported, co-authored, …"""


class Who(msgspec.Struct, frozen=True, gc=False):
    """An account on a platform. `uid` is the platform's own stable id (never a login where a number exists).

    `source` and `host` are only filled where they differ from the activity's own (a git address in a GitHub document).
    `about` is what else the platform tells of the person: fields of `crm.fields.BUILT_IN` with their values, see `told`.
    """

    uid: str
    login: str = ""
    name: str = ""
    email: str = ""
    avatar: str = ""
    bot: bool = False
    source: str = ""
    host: str | None = None
    about: tuple[tuple[str, str], ...] = ()


def told(**fields: str | None) -> tuple[tuple[str, str], ...]:
    """What a platform tells of a person by field, for `Who.about`; empty fields are left out."""
    return tuple((field, value.strip()) for field, value in sorted(fields.items()) if value and value.strip())


class Whom(msgspec.Struct, frozen=True, gc=False):
    """Another account that the act touched, and how."""

    who: Who
    role: Role


class Place(msgspec.Struct, frozen=True, gc=False):
    """Where it happened: a repository, a category, a channel. `key` is the source's own; `name` is what people read."""

    key: str
    name: str
    link: str = ""


class Activity(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One act. `(source, host, key)` is what makes it the same act at every import, from whatever file.

    `kind` is a word of `crm.kinds`, `own_kind` the source's own word. `who` is None when the source has lost the account.
    `thread` is the source's key of the conversation, `parent` the `key` of the activity that this one answers; both live
    on the same source and host. `title` is given only by the act that opens a thread (or a commit's subject).
    `revision` grows with each edit at the source; `reactions` are totals as they stood when the file was made.
    `doubt` is a short sentence about what had to be guessed ("the date has no zone"); it is counted, not kept.
    """

    source: str
    host: str
    key: str
    kind: str
    own_kind: str
    at: datetime
    precision: Precision = "instant"
    who: Who | None = None
    whom: tuple[Whom, ...] = ()
    place: Place | None = None
    thread: str = ""
    parent: str = ""
    title: str = ""
    text: str = ""
    link: str = ""
    revision: int = 0
    reactions: dict[str, int] = {}
    edited_at: datetime | None = None
    removed: bool = False
    doubt: str = ""


class Refused(msgspec.Struct, frozen=True, gc=False):
    """A row that could not be read: where it stands, one sentence why, and the first part of the row itself."""

    file: str
    line: int
    reason: str
    raw: bytes = b""
