"""One message told as what somebody did, to whom and where."""

from crm.activity import Activity, Role, Who, Whom
from crm.slack.attached import full_text
from crm.slack.kinds import WORDLESS, is_answer, is_speech, kind_of
from crm.slack.people import NAMELESS, SLACKBOT
from crm.slack.rooms import Room
from crm.slack.shapes import Message
from crm.slack.words import Words, read_text
from crm.slack.workspace import Workspace, moment_of

GONE = 1 << 40
"""The revision of a message that was deleted: later than any edit, whose revision is the second in which it was made."""

NOTHING = Words("", [])


def key_of(room: Room, ts: str) -> str:
    """What makes a message the same in every export: two channels can have messages of one `ts`."""
    return f"{room.key}:{ts}"


def actor_of(message: Message, workspace: Workspace) -> Who | None:
    """Who did it; where Slackbot only reports it, the person it is about."""
    doers = (message.tab_added_user_id, *(message.canvas_update_user_ids or ())[:1])
    if message.subtype == "huddle_thread" and message.room:
        doers = (message.room.created_by,)
    if message.subtype == "file_comment" and message.comment:
        doers = (message.comment.user,)
    told = next((uid for uid in doers if uid), None)
    return workspace.people.who(told) if told else workspace.people.poster(message)


def answered(message: Message, room: Room, workspace: Workspace) -> Who | None:
    """Who began the thread. Slackbot stands for openers that were deleted, so it is nobody."""
    uid = message.parent_user_id or (message.root and (message.root.user or message.root.bot_id))
    if uid == SLACKBOT:
        return None
    return workspace.people.who(uid) if uid else workspace.openers.get(key_of(room, message.thread_ts or ""))


def touched(message: Message, actor: Who | None, words: Words, room: Room, workspace: Workspace) -> tuple[Whom, ...]:
    """Everybody the message reaches, each once in each role, its writer left out."""
    people = workspace.people
    reached: list[tuple[Who, Role]] = []
    if is_answer(message) and (opener := answered(message, room, workspace)):
        reached.append((opener, "replied"))
    shared = [one for one in message.attachments or () if one.is_msg_unfurl or one.is_share]
    reached += ((people.who(one.author_id), "quoted") for one in shared if one.author_id)
    reached += ((people.who(uid), "mentioned") for uid in words.mentions)
    own = actor.uid if actor else ""
    met = {(who.uid, role): Whom(who, role) for who, role in reached if who.uid != own}
    return tuple(met.values())


def reactions_of(message: Message) -> dict[str, int]:
    """The reactions whose givers are not told, by their emoji; the others are acts of their own."""
    rest = {one.name: (one.count or 0) - len(set(one.users or ())) for one in message.reactions or ()}
    return {name: count for name, count in rest.items() if count > 0}


def told(message: Message, room: Room, workspace: Workspace) -> Activity:
    """The message as an activity. ValueError if its moment can't be."""
    at = moment_of(message.ts)
    kind, own_kind = kind_of(message)
    removed = message.subtype == "tombstone"
    actor = actor_of(message, workspace)
    words = NOTHING if removed or kind in WORDLESS else read_text(full_text(message), workspace)
    speech, answer = is_speech(kind), is_answer(message)
    key, thread_ts = key_of(room, message.ts), message.thread_ts or message.ts
    edited = message.edited.ts if message.edited else None
    edited_at = moment_of(edited) if edited else None
    return Activity(
        source="slack",
        host=workspace.host,
        key=key,
        kind=kind,
        own_kind=own_kind,
        at=at,
        who=actor,
        whom=touched(message, actor, words if speech else NOTHING, room, workspace),
        place=workspace.place(room),
        thread=key_of(room, thread_ts) if speech or message.thread_ts else "",
        parent=key_of(room, thread_ts) if answer else "",
        text=words.text,
        link=workspace.link(room, message.ts, thread_ts),
        revision=GONE if removed else int(edited_at.timestamp()) if edited_at else 0,
        reactions=reactions_of(message),
        edited_at=edited_at,
        removed=removed,
        doubt=NAMELESS if actor and actor.uid.startswith("name:") else "",
    )


def note(act: Activity, message: Message, workspace: Workspace) -> None:
    """Remember who took part, who began which thread, and when something was last done."""
    if act.who:
        workspace.people.acted.add(act.who.uid)
        if message.thread_ts == message.ts:
            workspace.openers.put(act.key, act.who)
    if workspace.latest is None or act.at > workspace.latest:
        workspace.latest = act.at
