"""Where the messages of a file were written: a channel, or a thread that hangs on one; private ones are left out."""

import msgspec

from crm.activity import Place, Refused
from crm.discord.cutter import Before
from crm.discord.shapes import Channel, Guild, Id, Opening
from crm.reading import decode

SITE = "https://discord.com/channels"
PRIVATE = "This is a private conversation, and Kith leaves those out."
NO_CHANNEL = "Nothing before the messages tells of which channel they are. Export the channel once more as JSON."

TYPES = {
    "1": "DirectTextChat",
    "3": "DirectGroupTextChat",
    "10": "GuildNewsThread",
    "11": "GuildPublicThread",
    "12": "GuildPrivateThread",
}
"""Discord's numbers of the types that matter here, by the exporter's names; some versions write the numbers."""


class Room(msgspec.Struct):
    """A channel. `thread` is its own id if it is a thread, which is then called `title`.

    `begun` tells that nothing was said in it before the message that is read next.
    """

    channel: str
    place: Place
    link: str
    thread: str = ""
    title: str = ""
    begun: bool = False
    fresh: bool = True


def room_of(before: Before) -> Room | Refused:
    """The room that a file tells of before its messages, or why these are left out."""
    opening = decode(before, Opening)
    if isinstance(opening, Refused):
        return opening
    guild, channel = opening.guild, opening.channel
    if guild is None or channel is None or not str(channel.id):
        return before.refuse(NO_CHANNEL)
    kind = type_of(channel.type)
    if kind.startswith("Direct") or kind == "GuildPrivateThread" or str(guild.id) == "0":
        return before.refuse(PRIVATE)
    return thread(guild, channel) if kind.endswith("Thread") else plain(guild, channel)


def type_of(written: Id | None) -> str:
    return TYPES.get(str(written), str(written))


def plain(guild: Guild, channel: Channel) -> Room:
    key, link = str(channel.id), f"{SITE}/{guild.id}/{channel.id}"
    return Room(key, Place(key, channel.name or f"Channel {key}", link), link)


def thread(guild: Guild, channel: Channel) -> Room:
    """A thread happens in the channel it hangs on, which stands where others have their category."""
    key, above = str(channel.id), str(channel.category_id or channel.id)
    place = Place(above, channel.category or f"Channel {above}", f"{SITE}/{guild.id}/{above}")
    return Room(key, place, f"{SITE}/{guild.id}/{key}", key, channel.name or "")
