"""The bulk format: a line for each team, channel, person and post, in this order, replies within the posts that they answer.

Posts have no ids there. What does not change is where, when (to the millisecond) and by whom something was written; a number
tells those apart that are equal in all three.
"""

from collections.abc import Iterator
from contextlib import suppress

import msgspec

from crm.activity import Activity, Refused
from crm.mattermost.acts import Said, props_in, told
from crm.mattermost.server import Room, Server
from crm.mattermost.shapes import BulkPost, Line, Reply
from crm.moments import moment
from crm.reading import Row, decode
from crm.recent import Recent

EQUALS = 200_000
"""Posts at least among which equal ones are told apart."""

KINDS = frozenset(
    ["version", "role", "scheme", "emoji", "team", "channel", "user", "bot", "post", "direct_channel", "direct_post"]
)
PRIVATE = "This is a direct message, and Kith leaves those out."


def kind_of(line: Line) -> str:
    """Which line of the bulk format it is; "" for anything else."""
    raw = bytes(line.type)
    kind = raw[1:-1].decode("utf-8", "replace") if raw.startswith(b'"') else ""
    return kind if kind in KINDS else ""


class Bulk:
    """Reads one file; numbers begin anew with each, as another file may hold the same posts."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.equals: Recent[str, int] = Recent(EQUALS)
        self.said: set[str] = set()

    def read(self, row: Row, line: Line, kind: str) -> Iterator[Activity | Refused]:
        """What one line tells; people and channels are only remembered."""
        if line.post:
            yield from self.post(row, line.post)
        elif kind.startswith("direct_"):
            yield from self.once(row, PRIVATE) if kind == "direct_post" else ()
        elif line.team:
            self.server.teams[line.team.name] = line.team
        elif line.channel:
            self.server.add_channel(line.channel)
        elif member := line.user or line.bot:
            self.server.add(member, line.bot is not None)
        elif line.info and line.info.created:
            with suppress(ValueError):
                self.server.created = moment(line.info.created)

    def post(self, row: Row, post: BulkPost) -> Iterator[Activity | Refused]:
        where = f"{post.team}/{post.channel}"
        room = self.server.room(where)
        if room.private:
            yield from self.once(row, f"“{room.place.name}” is {room.private}, and Kith leaves those out.")
            return
        root = self.key(where, post)
        yield from self.told(row, post, root, root, room)
        for raw in post.replies or ():
            reply = decode(msgspec.structs.replace(row, raw=bytes(raw)), Reply)
            if isinstance(reply, Refused):
                yield reply
            else:
                yield from self.told(row, reply, self.key(where, reply), root, room)

    def told(self, row: Row, post: Reply, key: str, root: str, room: Room) -> Iterator[Activity | Refused]:
        said = Said(
            key=key,
            root=root,
            uid=post.user,
            room=room,
            type=post.type or "",
            message=post.message or "",
            create_at=post.create_at,
            edit_at=post.edit_at or 0,
            removed=bool(post.delete_at),
            props=props_in(post.props),
            reactions=post.reactions or [],
            files=[(one.path or "").rpartition("/")[2] for one in post.attachments or ()],
        )
        try:
            yield from told(said, self.server)
        except ValueError as reason:
            yield row.refuse(f"A post of “{post.user}” can't be placed in time: {reason}.")

    def key(self, where: str, post: Reply) -> str:
        """What makes a post the same in every export."""
        base = f"{where}:{post.create_at}:{post.user}"
        number = (self.equals.get(base) or 0) + 1
        self.equals.put(base, number)
        return base if number == 1 else f"{base}:{number}"

    def once(self, row: Row, reason: str) -> Iterator[Refused]:
        """A reason that holds for many lines, said for the first of them."""
        if reason not in self.said:
            self.said.add(reason)
            yield row.refuse(reason)
