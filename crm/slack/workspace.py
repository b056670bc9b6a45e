"""One Slack workspace, as far as this run knows it: its people, its channels, its addresses, who began which thread."""

from datetime import UTC, datetime

from crm.activity import Place, Who
from crm.moments import EARLIEST, LATEST
from crm.recent import Recent
from crm.slack.people import People
from crm.slack.rooms import Room, Rooms

OPENERS = 100_000
FIRST = datetime(EARLIEST, 1, 1, tzinfo=UTC).timestamp()
LAST = datetime(LATEST, 1, 1, tzinfo=UTC).timestamp()


def moment_of(ts: str | float | None) -> datetime:
    """The moment in a `ts` or in a count of seconds. ValueError tells what is wrong."""
    try:
        seconds = float(ts or "nan")
    except ValueError:
        seconds = float("nan")
    if not FIRST <= seconds < LAST:
        raise ValueError(f"“{str(ts)[:40]}” is not a moment as Slack writes it, such as 1605275440.000200")
    return datetime.fromtimestamp(seconds, UTC)


class Workspace:
    """`host` is what its ids are unique in; `domain` (NAME.slack.com) only serves for links and may be unknown."""

    def __init__(self, host: str, team: str = "", domain: str = "") -> None:
        self.host = host
        self.team = team
        self.domain = domain
        self.people = People()
        self.rooms = Rooms()
        self.openers: Recent[str, Who] = Recent(OPENERS)
        self.latest: datetime | None = None
        self._places: dict[str, Place] = {}

    def place(self, room: Room) -> Place:
        """The channel as a place, with its address where that is known."""
        place = self._places.get(room.key)
        if place is None:
            place = self._places[room.key] = Place(room.key, f"#{room.name}", self.address(room))
        return place

    def address(self, room: Room) -> str:
        if not room.id:
            return ""
        if self.domain:
            return f"https://{self.domain}/archives/{room.id}"
        return f"https://app.slack.com/client/{self.team}/{room.id}" if self.team else ""

    def link(self, room: Room, ts: str, thread_ts: str = "") -> str:
        """The address of a message, "" where the workspace's name is not told."""
        if not (self.domain and room.id):
            return ""
        within = f"?thread_ts={thread_ts}&cid={room.id}" if thread_ts and thread_ts != ts else ""
        return f"https://{self.domain}/archives/{room.id}/p{ts.replace('.', '')}{within}"
