"""What Zulip writes: rows of the tables of its export, and objects of its API, which call the same thing by other names.

One struct serves both, as they never contradict each other. Nothing here can refer to itself, so `gc=False`.
"""

import msgspec

ABSENT = msgspec.Raw(b"")


class User(msgspec.Struct, gc=False):
    """An account. `id` in the export, `user_id` in the API; `email` may be one that Zulip made up to hide the real one."""

    id: int | None = None
    user_id: int | None = None
    full_name: str | None = None
    email: str | None = None
    delivery_email: str | None = None
    is_bot: bool | None = None
    date_joined: float | str | None = None
    avatar_url: str | None = None
    timezone: str | None = None


class Stream(msgspec.Struct, gc=False):
    """A channel; Zulip called it a stream for long, and still does in its data."""

    name: str
    id: int | None = None
    stream_id: int | None = None
    recipient: int | None = None
    recipient_id: int | None = None
    invite_only: bool | None = False


class Recipient(msgspec.Struct, gc=False):
    """Where messages go: `type` 1 is one person, 2 a channel whose id is `type_id`, 3 several people."""

    id: int
    type: int
    type_id: int | None = None


class Giver(msgspec.Struct, gc=False):
    """Who gave a reaction, as old versions of the API tell it."""

    id: int | None = None
    user_id: int | None = None
    full_name: str | None = None


class Reaction(msgspec.Struct, gc=False):
    """A reaction beside its message; none tells when it was given."""

    emoji_name: str
    user_id: int | None = None
    user: Giver | None = None


class ReactionRow(msgspec.Struct, gc=False):
    """A reaction in the table of the export."""

    message: int
    user_profile: int
    emoji_name: str


class Edit(msgspec.Struct, gc=False):
    """A change of a message or of where it stands, the newest first; `prev_subject` is what `prev_topic` was called."""

    timestamp: float | None = None
    user_id: int | None = None
    prev_topic: str | None = None
    prev_subject: str | None = None
    prev_stream: int | None = None
    prev_content: str | None = None

    @property
    def former(self) -> str | None:
        """The topic before, if it is the topic that changed."""
        return self.prev_topic if self.prev_topic is not None else self.prev_subject


class Message(msgspec.Struct, gc=False):
    """A message. `content` is Markdown in the export and HTML in the API, unless `content_type` says otherwise."""

    id: int
    content: str
    sender: int | None = None
    sender_id: int | None = None
    sender_email: str | None = None
    sender_full_name: str | None = None
    avatar_url: str | None = None
    recipient: int | None = None
    display_recipient: msgspec.Raw = ABSENT
    stream_id: int | None = None
    type: int | str | None = None
    subject: str | None = None
    topic: str | None = None
    content_type: str | None = None
    date_sent: float | None = None
    timestamp: float | None = None
    last_edit_time: float | None = None
    last_edit_timestamp: float | None = None
    edit_history: msgspec.Raw = ABSENT
    reactions: list[Reaction] | None = None

    @property
    def last_edit(self) -> float | None:
        """When it was last changed or moved."""
        return self.last_edit_time or self.last_edit_timestamp


class Logged(msgspec.Struct, gc=False):
    """A row of Zulip's own audit log; `event_type` was a word in old versions."""

    id: int
    event_type: int | str
    event_time: float
    acting_user: int | None = None
    modified_user: int | None = None
    modified_stream: int | None = None


class Probe(msgspec.Struct, gc=False):
    """Enough of any object to tell what it is."""

    id: msgspec.Raw = ABSENT
    content: msgspec.Raw = ABSENT
    message: msgspec.Raw = ABSENT
    user_id: msgspec.Raw = ABSENT
    stream_id: msgspec.Raw = ABSENT
    result: str | None = None
    msg: str | None = None
