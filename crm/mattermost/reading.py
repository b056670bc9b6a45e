"""From documents to activities, whichever of the two ways Mattermost wrote them; and the address of a server that tells none."""

import re
from collections import Counter
from collections.abc import Iterator
from io import BufferedReader
from typing import cast

from crm.activity import Activity, Refused
from crm.mattermost.answers import answered, learn
from crm.mattermost.bulk import Bulk, kind_of
from crm.mattermost.server import Server, now, when
from crm.mattermost.shapes import Channel, Line
from crm.reading import Document, Glimpse, Inputs, Row, decode
from crm.reading.fields import fields_in
from crm.reading.rows import rows_of
from crm.slack.traces import pieces
from crm.zulip.archive import is_readable

ATTACHED = re.compile(r"(?:^|/)data/")
PERMALINK = re.compile(rb"https?://([\w.:-]{1,200})/([a-z0-9-]{1,64})/pl/[a-z0-9]{26}\b")
TEAM = re.compile(rb'"team":\s*(?:\{"name":\s*)?"([a-z0-9-]{1,64})"')
NO_HOST = (
    "The address of this Mattermost can't be told from the file. Give it with --host, such as chat.example.org: it stands "
    "in the browser when Mattermost is open."
)


class Reader:
    """What came in answers of the API is one server, what came in the bulk format another; nothing joins the two."""

    def __init__(self, inputs: Inputs) -> None:
        self.inputs = inputs
        self.typed = frozenset(inputs.paths)
        self.answers = Server(inputs.host or "mattermost", inputs.host, by_id=True)
        self.bulk: Server | None = None
        self.said: set[str] = set()
        channels: list[Channel] = []
        for document in inputs.ahead(self.reads):
            if is_list(document):
                for row in rows_of(document):
                    if isinstance(row, Row):
                        learn(row, self.answers, channels)
        for channel in channels:
            self.answers.add_channel(channel)

    def reads(self, name: str) -> bool:
        """Whether a document can hold something: files that people shared lie in a folder of their own."""
        return is_readable(name, self.typed, ATTACHED)

    def read(self, document: Document) -> Iterator[Activity | Refused]:
        """Everything that one document tells."""
        bulk: Bulk | None = None
        for row in rows_of(document):
            if isinstance(row, Refused):
                yield row
                continue
            line = decode(row, Line)
            if isinstance(line, Refused):
                yield line
            elif kind := kind_of(line):
                bulk = bulk or Bulk(self.bulk_server())
                if not bulk.server.host:
                    yield row.refuse(NO_HOST)
                    return
                yield from bulk.read(row, line, kind)
            else:
                yield from answered(row, self.answers, self.said)

    def bulk_server(self) -> Server:
        if self.bulk is None:
            host = self.inputs.host or self.told_host()
            self.bulk = Server(host, host, by_id=False)
        return self.bulk

    def told_host(self) -> str:
        """The address in links to posts of a team that is in the files; posts are linked with their whole address."""
        links: Counter[tuple[bytes, bytes]] = Counter()
        teams: set[bytes] = set()
        for document in self.inputs.ahead(self.reads):
            for piece in pieces(document.stream):
                links.update(PERMALINK.findall(piece))
                teams.update(TEAM.findall(piece))
        hosts: Counter[str] = Counter()
        for (host, team), times in links.items():
            hosts[host.decode()] += times if team in teams else 0
        return min(hosts, key=lambda each: (-hosts[each], each)) if hosts.total() else ""

    def members(self) -> Iterator[Activity]:
        """Who is on a list: as arrivals where it tells when they came, else, if they did nothing, as being listed."""
        for server in (self.answers, self.bulk):
            if server and server.host:
                yield from (
                    listed(server, uid, date) for uid, date in server.listed.items() if date or wanted(server, uid)
                )


def wanted(server: Server, uid: str) -> bool:
    return uid not in server.acted


def listed(server: Server, uid: str, date: int) -> Activity:
    """A member on a list."""
    try:
        at, told = when(date), True
    except ValueError:
        at, told = now(server), False
    return Activity(
        source="mattermost",
        host=server.host,
        key=f"{'joined' if told else 'listed'}:{uid}",
        kind="joined" if told else "listed",
        own_kind="member",
        at=at,
        precision="instant" if told else "by",
        who=server.people[uid],
    )


def is_list(document: Document) -> bool:
    """Whether a document shows at its beginning that it is about members, channels or teams of the API."""
    head = cast(BufferedReader, document.stream).peek(1 << 16)[: 1 << 16]
    fields = fields_in(Glimpse(document.name, head))
    return "username" in fields or "display_name" in fields
