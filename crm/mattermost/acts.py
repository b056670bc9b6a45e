"""One post told as what somebody did, to whom and where, and each reaction to it."""

from collections.abc import Iterator

import msgspec

from crm.activity import Activity, Role, Who, Whom
from crm.mattermost.kinds import KINDS, OF_THE_REMOVED, is_notice
from crm.mattermost.server import Room, Server, when
from crm.mattermost.shapes import Props, Reaction
from crm.mattermost.words import mentioned, text_of

PROPS = msgspec.json.Decoder(Props)
NAMELESS = "an integration wrote it, which has no account and was told by its name"


class Said(msgspec.Struct, gc=False):
    """A post, wherever it was read. `root` is the key of the post that began the thread, itself if it did."""

    key: str
    root: str
    uid: str
    room: Room
    type: str
    message: str
    create_at: int
    edit_at: int
    removed: bool
    props: Props
    reactions: list[Reaction]
    files: list[str]
    link: str = ""


def props_in(raw: msgspec.Raw) -> Props:
    """The properties of a post; plugins put anything there, so that what does not fit is passed over."""
    try:
        return PROPS.decode(raw) if bytes(raw).startswith(b"{") else Props()
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return Props()


def writer(said: Said, server: Server) -> Who | None:
    """Who wrote it. A webhook writes in the name of whoever set it up; it is no person."""
    props = said.props
    if str(props.from_webhook).lower() == "true":
        name = props.override_username or props.webhook_display_name or "webhook"
        return Who(f"name:{name}", name=name, bot=True)
    if not said.uid or said.type == OF_THE_REMOVED:
        return None
    who = server.who(said.uid)
    return msgspec.structs.replace(who, bot=True) if str(props.from_bot).lower() == "true" and not who.bot else who


def told(said: Said, server: Server) -> Iterator[Activity]:
    """The post and its reactions. ValueError if its moment can't be."""
    kind = KINDS.get(said.type, "")
    if is_notice(said.type) and not kind:
        return
    who = writer(said, server)
    act = notice(said, kind, who, server) if kind else speech(said, who, server)
    if act.who:
        server.acted.add(act.who.uid)
    if server.latest is None or act.at > server.latest:
        server.latest = act.at
    yield act
    if act.kind == "invited":
        yield from brought(act, server)
    yield from reacted(act, said.reactions, server)


def bare(said: Said, kind: str, who: Who | None, server: Server) -> Activity:
    """What all acts have in common."""
    doubt = NAMELESS if who and who.uid.startswith("name:") else said.room.doubt
    return Activity(
        source="mattermost",
        host=server.host,
        key=said.key,
        kind=kind,
        own_kind=said.type or ("reply" if said.root != said.key else "post"),
        at=when(said.create_at),
        who=who,
        place=said.room.place,
        link=said.link,
        removed=said.removed,
        doubt=doubt,
    )


def speech(said: Said, who: Who | None, server: Server) -> Activity:
    answers = said.root != said.key
    opener = server.openers.get(said.root) if answers else None
    if who and not answers:
        server.openers.put(said.key, who)
    reached: list[tuple[Who, Role]] = [(opener, "replied")] if opener else []
    named = () if said.removed else mentioned(said.message)
    reached += ((met, "mentioned") for name in named if (met := known(name, server)))
    own = who.uid if who else ""
    whom = {(other.uid, role): Whom(other, role) for other, role in reached if other.uid != own}
    return msgspec.structs.replace(
        bare(said, "replied" if answers else "posted", who, server),
        whom=tuple(whom.values()),
        thread=said.root,
        parent=said.root if answers else "",
        text="" if said.removed else text_of(said.message, said.props.attachments or (), said.files),
        revision=said.edit_at,
        edited_at=when(said.edit_at) if said.edit_at else None,
    )


def known(name: str, server: Server) -> Who | None:
    """The account of a username that was named, with or without the signs that may only be behind it."""
    return server.logins.get(name) or server.logins.get(name.rstrip(".-_"))


def notice(said: Said, kind: str, who: Who | None, server: Server) -> Activity:
    """What a notice of Mattermost tells; ids come before usernames, which the bulk format has alone."""
    props = said.props
    other: Who | None = None
    if said.type == OF_THE_REMOVED:
        other = server.who(said.uid) if said.uid else None
    elif kind in ("invited", "moderated"):
        other = person(
            props.added_user_id or props.removed_user_id, props.added_username or props.removed_username, server
        )
    role: Role = "invited" if kind == "invited" else "moderated"
    whom = (Whom(other, role),) if other and (who is None or other.uid != who.uid) else ()
    text = props.new_header or props.new_purpose or props.new_displayname or ""
    return msgspec.structs.replace(bare(said, kind, who, server), whom=whom, text=text if kind == "edited" else "")


def person(uid: str | None, login: str | None, server: Server) -> Who | None:
    """Somebody in the properties of a notice, by whichever of the two the server's people go."""
    if server.by_id:
        return server.who(uid) if uid else server.logins.get((login or "").lower())
    return server.who(login) if login else None


def brought(act: Activity, server: Server) -> Iterator[Activity]:
    """That somebody who was added came."""
    for whom in act.whom:
        server.acted.add(whom.who.uid)
        yield msgspec.structs.replace(act, key=f"{act.key}:joined", kind="joined", who=whom.who, whom=())


def reacted(act: Activity, reactions: list[Reaction], server: Server) -> Iterator[Activity]:
    """That people put an emoji under the post, and when."""
    for reaction in reactions:
        uid = reaction.user or reaction.user_id
        if not uid:
            continue
        who = server.who(uid)
        server.acted.add(uid)
        yield Activity(
            source=act.source,
            host=act.host,
            key=f"{act.key}:reaction:{reaction.emoji_name}:{uid}",
            kind="reacted",
            own_kind="reaction",
            at=when(reaction.create_at) if reaction.create_at else act.at,
            precision="instant" if reaction.create_at else "since",
            who=who,
            whom=(Whom(act.who, "reacted"),) if act.who and act.who.uid != uid else (),
            place=act.place,
            thread=act.thread,
            parent=act.key,
            text=f":{reaction.emoji_name}:",
            link=act.link,
        )
