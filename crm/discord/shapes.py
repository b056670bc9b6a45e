"""What DiscordChatExporter writes as JSON, in all its versions: what a version lacks has a value here all the same.

Ids are snowflakes: numbers of 64 bits, written as text. Nothing here can refer to itself, so `gc=False`.
"""

from typing import Annotated

import msgspec

Number = Annotated[int, msgspec.Meta(ge=0, le=(1 << 63) - 1)]
Id = str | Number


class Person(msgspec.Struct, gc=False, rename="camel"):
    """An account. `discriminator` is the number of the old names (`name#1234`), `0000` where there is none."""

    id: Id = ""
    name: str | None = None
    discriminator: Id | None = None
    nickname: str | None = None
    is_bot: bool | None = False
    avatar_url: str | None = None


class Emoji(msgspec.Struct, gc=False):
    """A server's own emoji has an id; others are named by themselves."""

    id: Id | None = None
    name: str | None = None


class Reaction(msgspec.Struct, gc=False):
    """A total, and in newer versions who gave it."""

    emoji: Emoji
    count: Number | None = 0
    users: list[Person] | None = None


class Attachment(msgspec.Struct, gc=False, rename="camel"):
    """A file that was sent along."""

    file_name: str | None = None
    url: str | None = None


class Sticker(msgspec.Struct, gc=False):
    """A picture sent in place of words."""

    name: str | None = None


class Field(msgspec.Struct, gc=False):
    """A line of an embed."""

    name: str | None = None
    value: str | None = None


class Embed(msgspec.Struct, gc=False):
    """A box below a message: what a bot says, or the preview of a link."""

    title: str | None = None
    url: str | None = None
    description: str | None = None
    fields: list[Field] | None = None


class Reference(msgspec.Struct, gc=False, rename="camel"):
    """The message that another one answers, pins, forwards or repeats; `message_id` is null for a new thread."""

    message_id: Id | None = None
    channel_id: Id | None = None
    type: Id | None = None


class Forwarded(msgspec.Struct, gc=False):
    """The words of somebody, sent on by another."""

    content: str | None = None
    attachments: list[Attachment] | None = None


class Interaction(msgspec.Struct, gc=False):
    """The command to which a bot's message is the answer."""

    name: str | None = None
    user: Person | None = None


class Message(msgspec.Struct, gc=False, rename="camel"):
    """One message; `type` is a name, or a number where the exporter had no name for it."""

    id: Id
    type: Id | None = "Default"
    timestamp: str | None = None
    timestamp_edited: str | None = None
    content: str | None = None
    author: Person | None = None
    attachments: list[Attachment] | None = None
    embeds: list[Embed] | None = None
    stickers: list[Sticker] | None = None
    reactions: list[Reaction] | None = None
    mentions: list[Person] | None = None
    reference: Reference | None = None
    forwarded_message: Forwarded | None = None
    interaction: Interaction | None = None


class Guild(msgspec.Struct, gc=False):
    """The server; 0 stands for no server, which is a private conversation."""

    id: Id = ""
    name: str | None = None


class Channel(msgspec.Struct, gc=False, rename="camel"):
    """The channel of a file; of a thread, `category` is the channel it hangs on."""

    id: Id
    type: Id | None = None
    category_id: Id | None = None
    category: str | None = None
    name: str | None = None


class Opening(msgspec.Struct, gc=False):
    """What stands before the messages of a file."""

    guild: Guild | None = None
    channel: Channel | None = None
