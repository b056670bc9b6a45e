"""One entry of Discourse's staff action log told as an act, whether the API or the CSV told it."""

import re

import msgspec

from crm.activity import Activity, Who
from crm.bots import is_bot
from crm.discourse.forum import Forum
from crm.discourse.shapes import Poster
from crm.moderation.keys import Keys
from crm.moderation.touching import touched
from crm.moderation.words import paragraphs, spelled
from crm.moments import moment

SOURCE = "discourse"

OF_THE_SITE = re.compile(
    r"site_setting|site_text|theme|color_scheme|backup|web_?hook|api_key|embed|customi|export|upload|svg|permalink"
)
"""Acts in the log that run the site and moderate nobody."""


class StaffAction(msgspec.Struct, gc=False):
    """One entry. `previous_value` and `new_value` may be anything."""

    created_at: str
    action_name: str = ""
    id: int | None = None
    custom_type: str | None = None
    acting_user: Poster | None = None
    target_user: Poster | None = None
    subject: str | None = None
    details: str | None = None
    context: str | None = None
    previous_value: object = None
    new_value: object = None
    topic_id: int | None = None
    post_id: int | None = None


def account(forum: Forum, poster: Poster | None) -> Who | None:
    """The same account as the forum's own importer would make it."""
    if poster is None:
        return None
    if poster.id is None:
        return named(poster.username)
    return msgspec.structs.replace(forum.meet(poster.id, poster), source=SOURCE)


def named(login: str) -> Who | None:
    """An account of which only the login is told."""
    return Who(f"name:{login}", login, bot=is_bot(login, "", ""), source=SOURCE) if login else None


def told(entry: StaffAction, host: str, keys: Keys, who: Who | None, target: Who | None) -> Activity:
    """An entry as an act. ValueError where its time can't be."""
    at = moment(entry.created_at.removesuffix(" UTC"))
    name = entry.custom_type or entry.action_name
    if entry.id is None:
        acted = who.login if who else ""
        key = keys.make("staff", acted, name, f"{at:%Y%m%d%H%M%S}", *map(str, (entry.subject, entry.details)))
    else:
        key = f"staff:{entry.id}"
    by_name = next((one for one in (who, target) if one and one.uid.startswith("name:")), None)
    return Activity(
        source="moderation",
        host=host,
        key=key,
        kind="did" if OF_THE_SITE.search(name) else "moderated",
        own_kind=spelled(name) or "staff action",
        at=at,
        who=who,
        whom=touched(who, (target, "moderated")),
        thread=f"topic:{entry.topic_id}" if entry.topic_id else "",
        text=text_of(entry, target),
        link=link_of(entry, host),
        doubt="only the login of an account is told, which may have changed" if by_name else "",
    )


def text_of(entry: StaffAction, target: Who | None) -> str:
    """What the log says of an act: the reason or details, then where it was done, and what stood before and after."""
    subject = entry.subject if entry.subject and not (target and entry.subject == target.login) else ""
    return paragraphs(
        (
            entry.details,
            subject and f"Subject: {subject}",
            entry.context and f"Context: {entry.context}",
            _value("Before", entry.previous_value),
            _value("After", entry.new_value),
        )
    )


def _value(label: str, value: object) -> str:
    if value in (None, "", [], {}):
        return ""
    return f"{label}: {value if isinstance(value, str) else msgspec.json.encode(value).decode()}"


def link_of(entry: StaffAction, host: str) -> str:
    if entry.post_id:
        return f"https://{host}/p/{entry.post_id}"
    return f"https://{host}/t/{entry.topic_id}" if entry.topic_id else ""
