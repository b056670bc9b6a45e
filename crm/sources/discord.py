"""A Discord server, as DiscordChatExporter saves it: one channel or thread a file, as JSON or as CSV, of any version.

JSON is the better choice: it has Discord's own ids, answers, threads and who reacted. CSV has no ids, so a message is known
by who wrote it, in which minute, and a hash of its words; equal messages of one minute are counted. Whatever folder or
file it lies in, it stays the same message. Take one of the two formats for a channel: a message read from both is there twice.
"""

from collections.abc import Iterator
from io import BufferedReader
from typing import cast

from crm.activity import Activity, Refused
from crm.discord.channels import Channels
from crm.discord.tables import NOT_EXPORTED, Tables
from crm.discord.titles import titles_in
from crm.errors import Refusal
from crm.kinds import _
from crm.reading import Document, Glimpse, Inputs, Record
from crm.reading.fields import fields_in
from crm.reading.records import records_of

NAME = "discord"
LABEL = _("Discord server")
HELP = _(
    "Channels and threads saved with DiscordChatExporter, as JSON (better) or CSV; a whole folder or archive of them."
)
MAKES = (
    "A message becomes a post; one that answers another becomes a reply to who wrote that.",
    "What hangs together by answers is a conversation. A thread is one too, and its messages are replies to who opened it.",
    "Who is named with @ was mentioned; in CSV only if one account alone has that name among those met before.",
    "A reaction of which the file tells who gave it becomes a reaction to the writer; the totals stay with the message.",
    "Joining the server becomes an arrival, adding somebody to a thread an invitation, making a thread something new.",
    "A pin, a removal from a thread and what Discord's automatic moderation did become moderation acts.",
    "A new name or picture of a channel becomes an edit, the start of a stage a gathering, speaking on it a talk; boosts “did”.",
    "What a bot answers to a command becomes a reply to who gave the command. Bots and webhooks are marked as machines.",
    "Attached files and stickers stand in the text by their names, and what a bot says in a box by its words.",
    "Direct messages, group chats and private threads are refused.",
)
CANNOT_KNOW = (
    "When a reaction was given, and in CSV and older JSON by whom.",
    "What was deleted before the export, what stood there before an edit, and which roles somebody had when.",
    "Who wrote what under the name “Deleted User”: Discord puts all lost accounts into one.",
    "Whom a reply answers if that message is neither in the same files nor among the last 100,000 messages.",
    "In CSV: answers, threads and edits. An edited message that is exported again is a new one.",
    "In CSV: the zone of a time that has none. It is taken for UTC.",
    "In CSV: whether somebody wrote the same words in two channels in the same minute. They count as one message.",
    "In CSV: which account was a webhook, unless the dates show that the export is older than the new user names.",
)


def fits(glimpse: Glimpse) -> int:
    """The frame of an export, or the headings of a table that only this exporter writes."""
    fields = fields_in(glimpse)
    if {"guild", "channel"} <= fields:
        return 97 if fields & {"messages", "dateRange"} else 60
    first = glimpse.text.lstrip("\ufeff\r\n ").partition("\n")[0]
    headings = {heading.strip(' "\r') for heading in first.replace(";", ",").split(",")}
    if {"Author", "Date", "Content", "Attachments"} <= headings:
        return 97 if "AuthorID" in headings else 85
    return 0


def read(inputs: Inputs) -> Iterator[Activity | Refused]:
    """Every message, and every reaction that has a name to it."""
    channels = Channels(titles_in(inputs))
    tables = Tables(lambda: _dates(inputs))
    for document in inputs.documents():
        if "_Files/" in document.name:  # pictures and the like that were saved beside an export
            continue
        try:
            yield from _of(document, channels, tables)
        except Refusal as reason:
            yield Refused(document.name, 0, str(reason))
    yield from channels.rest()


def _of(document: Document, channels: Channels, tables: Tables) -> Iterator[Activity | Refused]:
    if _begins(document, b"<"):
        yield Refused(document.name, 1, NOT_EXPORTED)
    else:
        yield from channels.read(document) if _begins(document, b"{", b"[") else tables.read(document)


def _begins(document: Document, *with_one_of: bytes) -> bool:
    stream = cast(BufferedReader, document.stream)
    return stream.peek(64).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(with_one_of)


def _dates(inputs: Inputs) -> Iterator[str]:
    for document in inputs.ahead(lambda _: True):
        if not _begins(document, b"{", b"[", b"<"):
            yield from (row.cells.get("Date", "") for row in records_of(document) if isinstance(row, Record))
