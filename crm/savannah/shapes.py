"""The answers of Savannah's API (identities, conversations, contributions, events) and what its webhooks send.

People are named by their `origin_id` at the source; an answer is a list of objects of one kind, told by their fields.
"""

import msgspec

Number = str | int
ABSENT = msgspec.Raw()


class Probe(msgspec.Struct, gc=False):
    """The fields that tell which kind an object is of."""

    speaker: msgspec.Raw = ABSENT
    author: msgspec.Raw = ABSENT
    start_timestamp: msgspec.Raw = ABSENT
    username: msgspec.Raw = ABSENT
    event: msgspec.Raw = ABSENT
    data: msgspec.Raw = ABSENT


class Identity(msgspec.Struct, gc=False):
    origin_id: Number
    username: str | None = None
    name: str | None = None
    email: str | None = None
    avatar: str | None = None


class Conversation(msgspec.Struct, gc=False):
    origin_id: Number
    timestamp: str
    speaker: Number | None = None
    channel: Number | None = None
    content: str | None = None
    location: str | None = None
    participants: list[Number] | None = None


class Contribution(msgspec.Struct, gc=False):
    origin_id: Number
    timestamp: str
    contribution_type: str
    author: Number | None = None
    channel: Number | None = None
    title: str | None = None
    location: str | None = None
    conversation: Number | None = None


class Event(msgspec.Struct, gc=False):
    origin_id: Number
    start_timestamp: str
    title: str
    channel: Number | None = None
    description: str | None = None
    location: str | None = None
    attendees: list[Number] | None = None


class Member(msgspec.Struct, gc=False):
    """What a webhook tells of a member; `id` is Savannah's own number."""

    id: Number
    name: str | None = None
    email: str | None = None
    role: str | None = None
