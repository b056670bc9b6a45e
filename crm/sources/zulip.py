"""Zulip: the export of an organisation, a public archive of it, or answers of its API.

A message has a number that is unique on its server, so it is the same message in each of the three, in every export and
under whatever topic. An organisation goes by its address.
"""

from collections.abc import Iterator

from crm.activity import Activity, Refused
from crm.kinds import _
from crm.reading import Glimpse, Inputs
from crm.reading.fields import fields_in
from crm.zulip.reading import Reader
from crm.zulip.survey import Survey

NAME = "zulip"
LABEL = _("Zulip")
HELP = _(
    "The export of an organisation as you downloaded it (.tar.gz), a public archive (zulip-archive), or answers of "
    "Zulip’s API; --host chat.example.org where the files don’t tell the address."
)
MAKES = (
    "The first message of a topic becomes a post, the others become replies in it.",
    "Whoever is quoted is replied to; whoever is named with @ is mentioned. Other messages of a topic answer nobody in particular.",
    "A topic is one conversation, resolved or not. Resolving it becomes a closing, renaming and moving it become changes.",
    "Reactions become acts of whoever gave them.",
    "Members become arrivals on the day they joined.",
    "Closing and opening somebody’s account becomes moderation, closing one’s own a departure, making a channel something new.",
    "A message whose writer emptied it is kept as removed, without words. Bots are marked as machines.",
    "Direct messages and private channels are refused.",
)
CANNOT_KNOW = (
    "When a reaction was given: only that it was not before the message.",
    "What was said before an edit, and what was deleted.",
    "That a topic renamed since the last import is the same: what is known stays under the old name, the rest is under the new.",
    "Which message opened a topic, where the files begin in the middle of it: the first one there counts as the post.",
    "That messages brought to another server are the same: they have other numbers there.",
    "In public archives: the number of an account. Members are told by their names, unless a list of them is imported along.",
    "In public archives and answers of the API: what is private, other than direct messages, unless a list of channels tells.",
    "What is in shared files.",
)

MESSAGE = {"id", "content"}


def fits(glimpse: Glimpse) -> int:
    """The tables of an export, messages as the API hands them out, lists of members and channels."""
    fields = fields_in(glimpse)
    if any(field.startswith("zerver_") for field in fields):
        return 98
    if fields >= MESSAGE and "sender_full_name" in fields:
        return 96
    if fields & {"messages", "message"} and b'"sender_full_name"' in glimpse.head and b'"sender_email"' in glimpse.head:
        return 96
    if "members" in fields and b'"full_name"' in glimpse.head and b'"user_id"' in glimpse.head:
        return 85
    if fields & {"streams", "subscriptions"} and b'"stream_id"' in glimpse.head:
        return 85
    return 85 if fields == {"streams", "time"} and b'"latest_id"' in glimpse.head else 0


def read(inputs: Inputs) -> Iterator[Activity | Refused]:
    """Every act in every document; the members come last."""
    survey = Survey(inputs)
    yield from survey.refused
    reader = Reader(survey.realm)
    for document in inputs.documents():
        if survey.reads(document.name):
            yield from reader.read(document)
    if survey.realm.host:
        yield from reader.members()
