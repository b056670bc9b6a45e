"""JSON about gatherings comes bare, in lists, wrapped by GraphQL or by Perceval; here it is unwrapped and told by its fields."""

from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urlsplit

import msgspec

from crm.activity import Activity, Refused, Who, Whom
from crm.events import meetup, meetup_alone
from crm.events.meetup_shapes import Answer, Comment, Event, Group
from crm.events.mozilla import Rep, Report, club_event, rep_event
from crm.reading import Row, decode
from crm.recent import Recent

NOT_KNOWN = (
    "This is no gathering that Kith knows: expected are events, answers, comments or groups of Meetup, or Mozilla's."
)
NO_GATHERING = "This answer does not tell which gathering or which member it is about."
DEEPEST = 12
REMEMBERED = 50_000
FIELDS = msgspec.json.Decoder(dict[str, msgspec.Raw])


class Documents:
    """The rows of one import; `host` is what the user gave."""

    def __init__(self, host: str, seen: datetime) -> None:
        self.host, self.seen = host, seen
        self.authors: Recent[str, Who] = Recent(REMEMBERED)

    def read(self, row: Row) -> Iterator[Activity | Refused]:
        """Everything in one document, with whom each comment answers, as far as that was met before."""
        for act in self.told(row):
            if isinstance(act, Activity) and act.kind in ("hosted", "replied") and act.who:
                other = self.authors.get(act.parent)
                self.authors.put(act.key, act.who)
                if act.kind == "replied" and other and other.uid != act.who.uid:
                    yield msgspec.structs.replace(act, whom=(Whom(other, "replied"),))
                    continue
            yield act

    def told(self, row: Row, depth: int = 0, host: str = "") -> Iterator[Activity | Refused]:
        try:
            fields = FIELDS.decode(row.raw)
        except (msgspec.DecodeError, UnicodeDecodeError):
            yield row.refuse(NOT_KNOWN)
            return
        if "backend_name" in fields and "data" in fields:
            yield from self.told(_inside(row, fields["data"]), depth + 1, _origin(fields))
            return
        found = list(self.known(row, fields, host))
        if not found and depth < DEEPEST:
            found = [act for inner in _inner(fields) for act in self.told(_inside(row, inner), depth + 1, host)]
            found = [act for act in found if not isinstance(act, Refused) or act.reason != NOT_KNOWN]
        yield from found if found or depth else [row.refuse(NOT_KNOWN)]

    def known(self, row: Row, fields: dict[str, msgspec.Raw], host: str) -> Iterator[Activity | Refused]:
        """What the document itself is, if it is anything."""
        names = fields.keys()
        try:
            if "id" in names and ("dateTime" in names or "time" in names) and ("title" in names or "name" in names):
                event = decode(row, Event)
                yield from [event] if isinstance(event, Refused) else meetup.event(event, row, self.seen)
            elif "member" in names and "comment" in names:
                said = decode(row, Comment)
                yield said if isinstance(said, Refused) else self.comment(said, row)
            elif "member" in names and ("response" in names or "status" in names):
                answer = decode(row, Answer)
                yield (
                    answer
                    if isinstance(answer, Refused)
                    else (meetup_alone.answer(answer, self.seen) or row.refuse(NO_GATHERING))
                )
            elif "remo_url" in names:
                rep = decode(row, Rep)
                yield rep if isinstance(rep, Refused) else rep_event(rep, row, self.seen)
            elif "Club Name" in names and "Date of Event" in names:
                report = decode(row, Report)
                yield report if isinstance(report, Refused) else club_event(report, row, self.seen, self.host or host)
            elif "urlname" in names:
                yield from self.group(row, fields)
        except ValueError as reason:
            yield row.refuse(f"{reason}.")

    def comment(self, said: Comment, row: Row) -> Activity | Refused:
        """A comment alone tells its gathering by its address only."""
        number = (said.link or "").partition("/events/")[2].partition("/")[0]
        return meetup_alone.comment(said, f"event:{number}", None) if number else row.refuse(NO_GATHERING)

    def group(self, row: Row, fields: dict[str, msgspec.Raw]) -> Iterator[Activity | Refused]:
        """A group, and the gatherings that were asked for with it, which then need not name it again."""
        found = decode(row, Group)
        if isinstance(found, Refused):
            yield found
            return
        if made := meetup_alone.group(found):
            yield made
        named = msgspec.json.encode({"id": found.id, "name": found.name, "urlname": found.urlname})
        for name, raw in fields.items():
            if "events" in name.lower():
                yield from self.events_of(row, raw, named)

    def events_of(self, row: Row, raw: msgspec.Raw, named: bytes) -> Iterator[Activity | Refused]:
        for node in _nodes(raw):
            fields = FIELDS.decode(node)
            fields.setdefault("group", msgspec.Raw(named))
            yield from self.known(_inside(row, msgspec.Raw(msgspec.json.encode(fields))), fields, "")


def _inside(row: Row, raw: msgspec.Raw) -> Row:
    return Row(row.file, row.line, bytes(raw))


def _inner(fields: dict[str, msgspec.Raw]) -> Iterator[msgspec.Raw]:
    """The objects one level further in, those of lists too."""
    for raw in fields.values():
        whole = bytes(raw)
        if whole.startswith(b"{"):
            yield raw
        elif whole.startswith(b"["):
            inside = msgspec.json.decode(raw, type=list[msgspec.Raw])
            yield from (one for one in inside if bytes(one).startswith(b"{"))


def _nodes(raw: msgspec.Raw) -> Iterator[msgspec.Raw]:
    """The objects in a connection of GraphQL, {edges: [{node: …}]}; none where it is only a count."""
    try:
        edges = FIELDS.decode(raw).get("edges", msgspec.Raw(b"[]"))
        wrapped = msgspec.json.decode(edges, type=list[dict[str, msgspec.Raw]])
    except msgspec.DecodeError:
        return
    yield from (edge["node"] for edge in wrapped if "node" in edge and bytes(edge["node"]).startswith(b"{"))


def _origin(fields: dict[str, msgspec.Raw]) -> str:
    """Where Perceval fetched an item: the host of its address."""
    try:
        return urlsplit(msgspec.json.decode(fields.get("origin", msgspec.Raw(b'""')), type=str)).hostname or ""
    except (msgspec.DecodeError, ValueError):
        return ""
