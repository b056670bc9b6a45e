"""A look over everything that is to be read, before the first message: who is who, which channel is which, whose it all is.

An export does not tell the address of its organisation. But the addresses that Zulip makes up for people and bots end with
it, and so does each link that “Quote and reply” puts into a message; messages are gone through only where nothing else tells.
"""

import re
from collections import Counter
from collections.abc import Iterator
from io import BufferedReader
from itertools import islice
from typing import cast

from crm.activity import Refused
from crm.reading import Document, Glimpse, Inputs, Row, decode
from crm.reading.fields import fields_in
from crm.slack.traces import pieces
from crm.zulip.archive import INDEX, is_readable, streams_in
from crm.zulip.realm import Realm
from crm.zulip.shapes import ReactionRow, Recipient, Stream, User
from crm.zulip.tables import rows_of_tables

MEMBERS = frozenset(["zerver_userprofile", "members"])
STRANGERS = frozenset(["zerver_userprofile_crossrealm"])
DUMMIES = frozenset(["zerver_userprofile_mirrordummy"])
STREAMS = frozenset(["zerver_stream", "streams", "subscriptions"])
RECIPIENTS, REACTIONS = "zerver_recipient", "zerver_reaction"
SHAPES: list[tuple[frozenset[str], type[User | Stream | Recipient | ReactionRow]]] = [
    (STREAMS, Stream),
    (frozenset([RECIPIENTS]), Recipient),
    (frozenset([REACTIONS]), ReactionRow),
]
LISTS = MEMBERS | STRANGERS | DUMMIES | STREAMS | {RECIPIENTS, REACTIONS}

MESSAGES_FILE = re.compile(r"messages-\d+\.json")
SAID = re.compile(rb"@_\*\*[^*]{1,100}\*\* \[[^\]]{1,40}\]\(https?:\\?/\\?/([\w.:-]+)\\?/#narrow")
MADE_UP = re.compile(rb'"sender_email"\s*:\s*"user\d+@([\w.-]+)"')
ENOUGH = 20
"""Such signs after which it is clear where the organisation is at home."""


class Survey:
    """`realm` is what was found; `refused` are the rows of lists that can't be read."""

    def __init__(self, inputs: Inputs) -> None:
        self.realm = Realm(inputs.host)
        self.refused: list[Refused] = []
        self.typed = frozenset(inputs.paths)
        for document in inputs.ahead(self.may_be_list):
            self.learn(document)
        if not inputs.host:
            hosts = self.realm.people.hosts or Counter(islice(self.hosts_in_messages(inputs), ENOUGH))
            self.realm.host = min(hosts, key=lambda each: (-hosts[each], each), default="")

    def reads(self, name: str) -> bool:
        """Whether a document can hold something."""
        return is_readable(name, self.typed)

    def may_be_list(self, name: str) -> bool:
        return self.reads(name) and not MESSAGES_FILE.search(name)

    def learn(self, document: Document) -> None:
        """Take in the lists of a document; one that shows no list at its beginning is none, unless its name says so."""
        head = cast(BufferedReader, document.stream).peek(1 << 16)[: 1 << 16]
        fields = fields_in(Glimpse(document.name, head))
        tables = LISTS & fields or any(one.startswith(("zerver_", "analytics_")) for one in fields)
        if not tables and not document.name.endswith(("realm.json", "user.json")):
            return
        for table, row in rows_of_tables(document, LISTS):
            if isinstance(row, Refused):
                self.refused += [row] if table else []
            elif table:
                self.take(table, row)
            elif document.name.endswith(INDEX):
                for stream in streams_in(row) or ():
                    self.realm.add_stream(stream)

    def take(self, table: str, row: Row) -> None:
        """Take in a row of a list."""
        shape = next((shape for names, shape in SHAPES if table in names), User)
        found = decode(row, shape)
        if isinstance(found, Refused):
            self.refused.append(found)
        elif isinstance(found, User):
            self.realm.people.add(found, table not in STRANGERS)
        elif isinstance(found, Stream):
            self.realm.add_stream(found)
        elif isinstance(found, Recipient):
            self.realm.add_recipient(found)
        elif isinstance(found, ReactionRow):
            try:
                self.realm.reactions.add(found)
            except ValueError as reason:
                self.refused.append(row.refuse(f"This reaction can't be read: {reason}."))

    def hosts_in_messages(self, inputs: Inputs) -> Iterator[str]:
        """The address in each link to what is quoted and in each made-up address of a writer, up to the last message."""
        for document in inputs.ahead(self.reads):
            for piece in pieces(document.stream):
                yield from (found.decode() for sign in (SAID, MADE_UP) for found in sign.findall(piece))
