"""Slack: the export that the owner of a workspace downloads (a zip with a folder for each channel), or answers of its API.

What makes an act the same in every export: a message is its channel's id and its `ts`, which is unique within the
channel only. A workspace goes by its team's id (`T…`), because every export tells it somewhere and it outlives the
workspace's address.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from crm.activity import Activity, Refused
from crm.kinds import _
from crm.reading import Glimpse, Inputs
from crm.slack.reading import Reader
from crm.slack.survey import Survey
from crm.slack.workspace import Workspace, moment_of

NAME = "slack"
LABEL = _("Slack")
HELP = _(
    "The export of a Slack workspace as you downloaded it (a zip, or the folder it unpacks to), or answers of "
    "Slack's API; --host T… where the files don't tell the workspace."
)
MAKES = (
    "A message in a channel becomes a post, a message in a thread a reply to whoever began the thread.",
    "Reactions become acts of whoever gave them; where only their number is told, they are counted on the message.",
    "Joining and leaving a channel become arrivals and departures; who invited somebody is told as an invitation.",
    "New topics, purposes, names, tabs and canvases of a channel become changes; pins and archiving become moderation.",
    "People mentioned by name, and people whose messages are shared, are touched by the message.",
    "A huddle becomes a gathering of whoever began it, attended by the others.",
    "Messages of apps are marked as written by a machine.",
    "Shared files become their name and address in the text of the message.",
    "A deleted message that left a trace is kept as removed, without words and without its writer.",
    "Members who never did anything are entered as having been on the list of members.",
)
CANNOT_KNOW = (
    "When a reaction was given: only that it was not before the message.",
    "What a message said before it was edited, and how often it was.",
    "Private channels and direct messages: Kith leaves them out.",
    "The id of a channel that channels.json does not list and no message mentions: it goes by its name then.",
    "That such a channel is the one that another export lists, unless both are imported together.",
    "Who stands behind a message that an app passed on from elsewhere under a person's name: it is the app's.",
    "What is in shared files, canvases and lists; who added which app to the workspace.",
    "When somebody joined the workspace without joining a channel.",
)

TS = re.compile(r'"ts"\s*:\s*"\d{9,10}\.\d{6}"')
MESSAGE = re.compile(r'"type"\s*:\s*"message"')
ACCOUNT = re.compile(r'"id"\s*:\s*"[UW][A-Z0-9]{3,}"')
TEAM = re.compile(r'"team_id"\s*:\s*"[TE][A-Z0-9]{3,}"')
CHANNEL = re.compile(r'"id"\s*:\s*"[CG][A-Z0-9]{3,}"')
CREATOR = re.compile(r'"creator"\s*:\s*"[UW][A-Z0-9]{3,}"')


def fits(glimpse: Glimpse) -> int:
    """How surely a document is of a Slack export: by its messages, its list of members or its list of channels."""
    if glimpse.head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] not in (b"[", b"{"):
        return 0
    text = glimpse.text
    if TS.search(text) and MESSAGE.search(text):
        return 95
    people = ACCOUNT.search(text) and TEAM.search(text) and '"profile"' in text
    rooms = CHANNEL.search(text) and CREATOR.search(text) and '"purpose"' in text
    return 90 if people or rooms else 0


def read(inputs: Inputs) -> Iterator[Activity | Refused]:
    """Every act in every export; the members who did nothing come last."""
    survey = Survey(inputs)
    reader = Reader(survey)
    for document in inputs.documents():
        if survey.reads(document.name):
            yield from reader.read(document)
    for workspace in {each.host: each for each in survey.workspaces.values()}.values():
        yield from idle(workspace)


def idle(workspace: Workspace) -> Iterator[Activity]:
    """The members who did nothing: they were there when their profile was last changed, or else at the last message."""
    latest = workspace.latest or datetime.now(UTC)
    for who, updated in workspace.people.idle():
        try:
            at = moment_of(updated) if updated else latest
        except ValueError:
            at = latest
        yield Activity(
            source="slack",
            host=workspace.host,
            key=f"listed:{who.uid}",
            kind="listed",
            own_kind="member",
            at=at,
            precision="by",
            who=who,
        )
