"""What stands in a Slack export and in the same objects as Slack's API answers them; only what Kith reads is named.

Nothing here can refer to itself, so the garbage collector need not follow it (`gc=False`).
"""

import msgspec

ABSENT = msgspec.Raw(b"")


class Profile(msgspec.Struct, gc=False):
    """How somebody is called; beside a message `name` is the login. `bot_id` only where the account is an app's."""

    real_name: str | None = None
    display_name: str | None = None
    name: str | None = None
    email: str | None = None
    image_72: str | None = None
    image_192: str | None = None
    bot_id: str | None = None
    pronouns: str | None = None


class User(msgspec.Struct, gc=False):
    """An account of a workspace. `updated` is the second in which its profile was last changed."""

    id: str
    team_id: str | None = None
    name: str | None = None
    real_name: str | None = None
    is_bot: bool | None = False
    is_workflow_bot: bool | None = False
    updated: int | float | None = None
    tz: str | None = None
    profile: Profile | None = None


class Pin(msgspec.Struct, gc=False):
    """That a message (`id` is its ts) was pinned to a channel: by whom, when, and who had written it."""

    id: str
    created: int | float | None = None
    user: str | None = None
    owner: str | None = None


class Channel(msgspec.Struct, gc=False):
    """A conversation; `id` begins with C, G or D. Direct messages have no name."""

    id: str
    name: str | None = None
    created: int | float | None = None
    creator: str | None = None
    is_private: bool | None = False
    is_group: bool | None = False
    is_im: bool | None = False
    is_mpim: bool | None = False
    pins: list[Pin] | None = None


class Reaction(msgspec.Struct, gc=False):
    """An emoji under a message; `users` may be shorter than `count`."""

    name: str
    users: list[str] | None = None
    count: int | None = None


class Edited(msgspec.Struct, gc=False):
    """When a message was last edited."""

    ts: str | None = None


class Comment(msgspec.Struct, gc=False):
    """What was said about a file, in exports from before 2018."""

    user: str | None = None
    comment: str | None = None


class File(msgspec.Struct, gc=False):
    """A file that was shared; of one that was deleted or hidden only the id is left."""

    name: str | None = None
    title: str | None = None
    permalink: str | None = None
    url_private: str | None = None
    initial_comment: Comment | None = None


class Field(msgspec.Struct, gc=False):
    """A line of a table in an attachment."""

    title: str | None = None
    value: str | int | float | None = None


class Attachment(msgspec.Struct, gc=False):
    """What an app wrote under a message, or the preview of a link (then with `from_url` or a mark of an unfurl)."""

    fallback: str | None = None
    pretext: str | None = None
    title: str | None = None
    title_link: str | None = None
    text: str | None = None
    fields: list[Field] | None = None
    from_url: str | None = None
    is_app_unfurl: bool | None = False
    is_msg_unfurl: bool | None = False
    is_share: bool | None = False
    author_id: str | None = None
    blocks: msgspec.Raw = ABSENT


class Origin(msgspec.Struct, gc=False):
    """Who began a thread, as told beside an answer that was also sent to the channel."""

    user: str | None = None
    bot_id: str | None = None


class App(msgspec.Struct, gc=False):
    """The app behind a message."""

    name: str | None = None


class Huddle(msgspec.Struct, gc=False):
    """A call in a channel and who was in it."""

    created_by: str | None = None
    participant_history: list[str] | None = None


class Message(msgspec.Struct, gc=False):
    """One entry of a channel. `ts` is the moment and, within the channel, the key; it stays text."""

    ts: str
    type: str | None = "message"
    subtype: str | None = None
    user: str | None = None
    text: str | None = None
    thread_ts: str | None = None
    parent_user_id: str | None = None
    root: Origin | None = None
    reactions: list[Reaction] | None = None
    edited: Edited | None = None
    user_profile: Profile | None = None
    bot_id: str | None = None
    bot_profile: App | None = None
    username: str | None = None
    inviter: str | None = None
    files: list[File | None] | None = None
    file: File | None = None
    comment: Comment | None = None
    attachments: list[Attachment] | None = None
    blocks: msgspec.Raw = ABSENT
    room: Huddle | None = None
    message: msgspec.Raw = ABSENT
    deleted_ts: str | None = None
    tab_added_user_id: str | None = None
    canvas_update_user_ids: list[str] | None = None


class Probe(msgspec.Struct, gc=False):
    """Enough of any document to tell what it is: an answer of the API, or one of the objects in it."""

    ok: bool | None = None
    error: str | None = None
    messages: msgspec.Raw = ABSENT
    members: msgspec.Raw = ABSENT
    channels: msgspec.Raw = ABSENT
    user: msgspec.Raw = ABSENT
    channel: msgspec.Raw = ABSENT
    channel_id: str | None = None
    name: str | None = None
    id: str | None = None
    ts: msgspec.Raw = ABSENT
    profile: msgspec.Raw = ABSENT
    creator: msgspec.Raw = ABSENT
