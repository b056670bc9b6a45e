"""Answers of Mattermost's API: pages of posts, and what it tells of members, channels and teams.

Posts, people and channels have ids here that are unique everywhere.
"""

from collections.abc import Iterator

import msgspec

from crm.activity import Activity, Refused
from crm.mattermost.acts import Said, props_in, told
from crm.mattermost.server import Server, when
from crm.mattermost.shapes import ABSENT, Channel, Member, Metadata, Post, Probe, Team
from crm.reading import Row, decode

UNKNOWN = (
    "This is neither a line of Mattermost's bulk format nor a post, member, channel or team as its API tells them."
)


def is_post(probe: Probe) -> bool:
    return probe.channel_id != ABSENT and probe.create_at != ABSENT


def is_channel(probe: Probe) -> bool:
    return probe.team_id != ABSENT and probe.display_name != ABSENT


def learn(row: Row, server: Server, channels: list[Channel]) -> None:
    """Take in who or what a row is about, if it is about a member, a channel or a team; `channels` are added later."""
    probe = decode(row, Probe)
    if isinstance(probe, Refused) or is_post(probe):
        return
    if probe.username != ABSENT:
        if not isinstance(member := decode(row, Member), Refused):
            server.add(member)
    elif is_channel(probe):
        if not isinstance(channel := decode(row, Channel), Refused):
            channels.append(channel)
    elif probe.display_name != ABSENT and not isinstance(team := decode(row, Team), Refused):
        server.teams[team.id or team.name] = team


def answered(row: Row, server: Server, said: set[str]) -> Iterator[Activity | Refused]:
    """Everything that a row tells; `said` are the channels of which it was said that they are left out."""
    probe = decode(row, Probe)
    if isinstance(probe, Refused):
        yield probe
    elif probe.posts != ABSENT:
        yield from page(row, probe.posts, server, said)
    elif is_post(probe):
        post = decode(row, Post)
        yield from [post] if isinstance(post, Refused) else posted(row, post, server, said)
    elif probe.username != ABSENT:
        yield from refused(decode(row, Member))
    elif is_channel(probe):
        channel = decode(row, Channel)
        yield from [channel] if isinstance(channel, Refused) else made(row, channel, server)
    elif probe.status_code != ABSENT:
        yield row.refuse(f"Mattermost answered with an error here: {probe.message or 'unknown'}")
    elif probe.display_name == ABSENT:
        yield row.refuse(UNKNOWN)


def refused(found: Member | Refused) -> Iterator[Refused]:
    """Of a list only what can't be read; who is on it was learnt before."""
    if isinstance(found, Refused):
        yield found


def page(row: Row, posts: msgspec.Raw, server: Server, said: set[str]) -> Iterator[Activity | Refused]:
    """The posts of a page, the oldest first, so that who began a thread is known before the answers."""
    packed = decode(msgspec.structs.replace(row, raw=bytes(posts)), dict[str, msgspec.Raw])
    if isinstance(packed, Refused):
        yield packed
        return
    found: list[Post] = []
    for raw in packed.values():
        post = decode(msgspec.structs.replace(row, raw=bytes(raw)), Post)
        if isinstance(post, Refused):
            yield post
        else:
            found.append(post)
    for post in sorted(found, key=lambda one: (one.create_at, one.id)):
        yield from posted(row, post, server, said)


def posted(row: Row, post: Post, server: Server, said: set[str]) -> Iterator[Activity | Refused]:
    """One post; former wordings, which a page can hold beside it, are none."""
    room = server.room(post.channel_id)
    if room.private:
        if post.channel_id not in said:
            said.add(post.channel_id)
            yield row.refuse(f"“{room.place.name}” is {room.private}, and Kith leaves those out.")
        return
    if post.original_id:
        return
    about = post.metadata or Metadata()
    text = Said(
        key=post.id,
        root=post.root_id or post.parent_id or post.id,
        uid=post.user_id or "",
        room=room,
        type=post.type or "",
        message=post.message or "",
        create_at=post.create_at,
        edit_at=post.edit_at or 0,
        removed=bool(post.delete_at),
        props=props_in(post.props),
        reactions=about.reactions or [],
        files=[one.name or "" for one in about.files or ()],
        link=f"https://{server.address}/_redirect/pl/{post.id}" if server.address else "",
    )
    try:
        yield from told(text, server)
    except ValueError as reason:
        yield row.refuse(f"The post {post.id} can't be placed in time: {reason}.")


def made(row: Row, channel: Channel, server: Server) -> Iterator[Activity | Refused]:
    """That somebody made a channel."""
    room = server.room(channel.id or "")
    if room.private or not channel.creator_id or not channel.id:
        return
    try:
        at = when(channel.create_at)
    except ValueError as reason:
        yield row.refuse(f"This channel can't be placed in time: {reason}.")
        return
    who = server.who(channel.creator_id)
    server.acted.add(who.uid)
    yield Activity(
        source="mattermost",
        host=server.host,
        key=f"{channel.id}:created",
        kind="created",
        own_kind="channel",
        at=at,
        who=who,
        place=room.place,
        link=room.place.link,
    )
