"""An activity and a member of Orbit's API, told as acts."""

from datetime import datetime
from typing import Any

from crm.activity import Activity, Place, Who, Whom
from crm.csv.people import web
from crm.csv.wording import role_of
from crm.moments import moment
from crm.orbit.members import HOST, Members, Written, member, text
from crm.orbit.shapes import Thing
from crm.orbit.words import kind_by_type

PLACES = (
    ("github_repository", "https://github.com/{}"),
    ("discord_channel", ""),
    ("slack_channel", ""),
    ("discourse_category", ""),
)
"""Properties that name where it was, and the link to it."""


def act(thing: Thing, members: Members) -> Activity:
    """An activity. ValueError where its time is none."""
    get = thing.attributes.get
    custom = text(get("custom_type"))
    type, action = thing.type, text(get("action"))
    own = custom or f"{type.removesuffix('_activity')}:{action}".strip(":")
    kind, answers, who = kind_by_type(type, action, custom), answered(thing), members.of(thing)
    kind = "replied" if answers and kind == "posted" else kind
    parent = members.written.get(answers) if answers else None
    key = f"activity:{text(thing.id)}"
    members.written.put(text(get("key")), Written(key, who))
    title = next((found for name in ("g_title", "d_title", "custom_title", "title") if (found := text(get(name)))), "")
    link = next((found for name in ("activity_link", "custom_link", "link") if (found := web(text(get(name))))), "")
    return Activity(
        source="orbit",
        host=HOST,
        key=key,
        kind=kind,
        own_kind=own,
        at=moment(text(get("occurred_at")) or text(get("created_at"))),
        who=who,
        whom=(Whom(parent.who, role_of(kind, "")),) if parent and parent.who and parent.who != who else (),
        place=place(get("properties")),
        thread=thread(thing),
        parent=parent.key if parent else "",
        title="" if kind == "replied" else title,
        text=words(thing),
        link=link,
        doubt="" if who and (who.name or who.login) else "the file gives no name for this member’s number",
    )


def words(thing: Thing) -> str:
    """What somebody wrote, by whichever name the integration gave it."""
    get = thing.attributes.get
    tweet = get("t_tweet")
    if isinstance(tweet, dict):
        return text(tweet.get("text"))
    return next(
        (said for name in ("body", "g_body", "custom_description", "description") if (said := text(get(name)))), ""
    )


def answered(thing: Thing) -> str:
    """The platform's key of what an activity answers, where Orbit was asked for it; no activity answers itself."""
    told = thing.attributes.get("referenced_activities")
    keys = [text(one.get("key")) for one in told if isinstance(one, dict)] if isinstance(told, list) else []
    return next((key for key in keys if key and key != text(thing.attributes.get("key"))), "")


def thread(thing: Thing) -> str:
    """The issue or pull request; other conversations are not told."""
    told = thing.attributes.get("properties")
    properties: dict[str, Any] = told if isinstance(told, dict) else {}
    names = ("github_issue", "github_pull_request", "discourse_topic", "github_discussion")
    return next((f"{name}:{found}" for name in names if (found := text(properties.get(name)))), "")


def place(properties: object) -> Place | None:
    """Where it was: the repository, channel or category."""
    if not isinstance(properties, dict):
        return None
    for name, link in PLACES:
        if found := text(properties.get(name)):
            server = text(properties.get("discord_server")) or text(properties.get("discourse_host"))
            return Place(f"{name}:{server}/{found}".replace(":/", ":"), found, link.format(found))
    return None


def entry(thing: Thing, now: datetime) -> Activity:
    """A member of the workspace: when they came to the community is not told, only when Orbit first saw them do something."""
    first = text(thing.attributes.get("first_activity_occurred_at"))
    return listed(member(thing), now, first)


def listed(who: Who, now: datetime, first: str) -> Activity:
    """A member in a list, known to have been there by their first activity, or else by now. ValueError as `moment`."""
    return Activity(
        source="orbit",
        host=HOST,
        key=f"member:{who.uid}",
        kind="listed",
        own_kind="member",
        at=moment(first) if first else now,
        precision="by",
        who=who,
    )
