"""Acts that Slack keeps beside a message or a channel: reactions, invitations, calls, pins, the making of a channel."""

from collections.abc import Iterator

import msgspec

from crm.activity import Activity, Whom
from crm.slack.acts import key_of
from crm.slack.rooms import Room
from crm.slack.shapes import Channel, Message, Reaction
from crm.slack.workspace import Workspace, moment_of


def reacted(reaction: Reaction, act: Activity, workspace: Workspace) -> Iterator[Activity]:
    """That people put an emoji under a message; not when, only that it was not before the message."""
    for uid in dict.fromkeys(reaction.users or ()):
        who = workspace.people.who(uid)
        workspace.people.acted.add(who.uid)
        yield Activity(
            source=act.source,
            host=act.host,
            key=f"{act.key}:reaction:{reaction.name}:{uid}",
            kind="reacted",
            own_kind="reaction",
            at=act.at,
            precision="since",
            who=who,
            whom=(Whom(act.who, "reacted"),) if act.who and act.who.uid != who.uid else (),
            place=act.place,
            thread=act.thread,
            parent=act.key,
            text=f":{reaction.name}:",
            link=act.link,
        )


def invited(act: Activity, inviter: str, workspace: Workspace) -> Iterator[Activity]:
    """That somebody brought a person into the channel."""
    who = workspace.people.who(inviter)
    if act.who and act.who.uid != who.uid:
        workspace.people.acted.add(who.uid)
        yield msgspec.structs.replace(
            act, key=f"{act.key}:invited", kind="invited", who=who, whom=(Whom(act.who, "invited"),), reactions={}
        )


def attended(act: Activity, present: list[str], workspace: Workspace) -> Iterator[Activity]:
    """That people were in a call; it is not told when each came."""
    for uid in dict.fromkeys(present):
        who = workspace.people.who(uid)
        if act.who is None or who.uid != act.who.uid:
            workspace.people.acted.add(who.uid)
            yield msgspec.structs.replace(
                act, key=f"{act.key}:attended:{uid}", kind="attended", precision="since", who=who, whom=(), reactions={}
            )


def with_message(act: Activity, message: Message, workspace: Workspace) -> Iterator[Activity]:
    """Everything that stands beside a message."""
    if message.inviter and act.kind == "joined":
        yield from invited(act, message.inviter, workspace)
    if act.kind == "hosted" and message.room:
        yield from attended(act, message.room.participant_history or [], workspace)
    for reaction in message.reactions or ():
        yield from reacted(reaction, act, workspace)


def with_channel(channel: Channel, room: Room, workspace: Workspace) -> Iterator[Activity]:
    """That a channel was made, and what was pinned in it. ValueError if a moment can't be."""
    people, place = workspace.people, workspace.place(room)
    if channel.creator and channel.created:
        maker = people.who(channel.creator)
        people.acted.add(maker.uid)
        yield Activity(
            source="slack",
            host=workspace.host,
            key=f"{room.key}:created",
            kind="created",
            own_kind="channel_created",
            at=moment_of(channel.created),
            who=maker,
            place=place,
            link=place.link,
        )
    for pin in channel.pins or ():
        if pin.user and pin.created:
            who = people.who(pin.user)
            people.acted.add(who.uid)
            yield Activity(
                source="slack",
                host=workspace.host,
                key=f"{key_of(room, pin.id)}:pinned",
                kind="moderated",
                own_kind="pin",
                at=moment_of(pin.created),
                who=who,
                place=place,
                parent=key_of(room, pin.id),
                link=workspace.link(room, pin.id),
            )
