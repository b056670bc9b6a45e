"""What a person wrote, as plain text, and whom they named: Slack marks people, channels and links with `<…>`.

Only marks as Slack makes them are resolved, so that `<-` in a piece of code stays as it is.
"""

import re
from typing import NamedTuple

from crm.slack.people import unescaped
from crm.slack.workspace import Workspace

MARK = re.compile(
    r"<(?:@(?P<who>[UWB][A-Z0-9]+)|#(?P<room>[CGD][A-Z0-9]+)|!(?P<call>[a-z][^<>|]*)"
    r"|(?P<link>[A-Za-z][A-Za-z0-9+.-]*:[^<>|\s]+))(?:\|(?P<label>[^<>]*))?>"
)
WITHOUT_SCHEME = ("mailto:", "tel:")
GROUP = "subteam"


class Words(NamedTuple):
    """`mentions` are the ids of those whom the writer named, in order, each once."""

    text: str
    mentions: list[str]


def read_text(raw: str, workspace: Workspace) -> Words:
    """Text as Slack keeps it, as people read it."""
    if "<" not in raw:
        return Words(unescaped(raw).strip(), [])
    mentions: dict[str, None] = {}

    def shown(found: re.Match[str]) -> str:
        label = found["label"] or ""
        if uid := found["who"]:
            who = workspace.people.who(uid)
            mentions[who.uid] = None
            return "@" + (workspace.people.called[who.uid] if who.name or who.login else label or uid)
        if key := found["room"]:
            return "#" + (label or workspace.rooms.label(key))
        return linked(found["link"], label) if found["link"] else called(found["call"], label)

    return Words(unescaped(MARK.sub(shown, raw)).strip(), list(mentions))


def linked(url: str, label: str) -> str:
    """A link as its words and its address; the address alone where the words are but a part of it."""
    if url.startswith(WITHOUT_SCHEME):
        return label or url.partition(":")[2]
    return f"{label} ({url})" if label and label not in url else url


def called(call: str, label: str) -> str:
    """A call to many (`!here`, a group of people) or a date, which Slack gives in words as well."""
    name, _, rest = call.partition("^")
    if label and (rest or label.startswith("@")):
        return label if label.startswith("@") or name != GROUP else f"@{label}"
    return "@group" if name == GROUP else f"@{name}"
