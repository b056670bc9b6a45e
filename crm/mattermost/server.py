"""One Mattermost server, as far as this run knows it: its people, its channels, who began which thread.

The bulk format has no ids: a person is a username there, a channel the names of its team and its own. The API has ids. Both
tell usernames and addresses of mail, by which Kith finds that two accounts are of one person; nothing joins the posts.
"""

from datetime import UTC, datetime

import msgspec

from crm.activity import Place, Who
from crm.bots import is_bot
from crm.mattermost.shapes import Channel, Member, Team
from crm.recent import Recent
from crm.zulip.clock import moment_of

OPENERS = 100_000
MOST = 1 << 53
"""Milliseconds that can be told exactly."""

PRIVATE = {"P": "a private channel", "D": "a direct message", "G": "a direct message of several people"}
UNLISTED = "the channel is in no list, so it can't be told whether it is private"


class Room(msgspec.Struct, frozen=True, gc=False):
    """A channel; `private` says what it is where Kith leaves it out, `doubt` what could not be told."""

    place: Place
    private: str = ""
    doubt: str = ""


def when(milliseconds: int | None) -> datetime:
    """A moment. ValueError tells what is wrong."""
    if milliseconds and abs(milliseconds) > MOST:
        raise ValueError("its time is no number of milliseconds since 1970")
    return moment_of((milliseconds or 0) / 1000 or None)


class Server:
    """`host` is what ids are unique in, `address` the same if it is one; `by_id` tells that people go by ids, not usernames."""

    def __init__(self, host: str, address: str, by_id: bool) -> None:
        self.host = host
        self.address = address
        self.by_id = by_id
        self.people: dict[str, Who] = {}
        self.logins: dict[str, Who] = {}
        self.listed: dict[str, int] = {}
        self.acted: set[str] = set()
        self.teams: dict[str, Team] = {}
        self.rooms: dict[str, Room] = {}
        self.openers: Recent[str, Who] = Recent(OPENERS)
        self.created: datetime | None = None
        self.latest: datetime | None = None

    def add(self, member: Member, bot: bool = False) -> None:
        """Learn an account from a list."""
        uid, login = member.id or member.username, member.username
        name = f"{member.first_name or ''} {member.last_name or ''}".strip()
        name = name or member.nickname or member.display_name or ""
        who = Who(uid, login, name, member.email or "", bot=bot or bool(member.is_bot) or is_bot(login, name, ""))
        self.people[uid] = self.logins[login.lower()] = who
        if not who.bot:
            self.listed[uid] = member.create_at or 0

    def who(self, uid: str) -> Who:
        """The account of an id, or of a username in the bulk format; one in no list by that alone."""
        known = self.people.get(uid)
        if known is None:
            login = "" if self.by_id else uid
            known = self.people[uid] = Who(uid, login, bot=is_bot(login, "", ""))
        return known

    def add_channel(self, channel: Channel) -> str:
        """Learn a channel from a list; its key is given back."""
        team = self.teams.get(channel.team or channel.team_id or "")
        name = team.name if team else channel.team or ""
        key = channel.id or f"{channel.team}/{channel.name}"
        link = f"https://{self.address}/{name}/channels/{channel.name}" if self.address and name else ""
        place = Place(key, f"#{channel.display_name or channel.name}", link)
        self.rooms[key] = Room(place, PRIVATE.get(channel.type or "", ""))
        return key

    def room(self, key: str) -> Room:
        """The channel of a key; one in no list is read, but with a doubt."""
        if key not in self.rooms:
            self.rooms[key] = Room(Place(key, f"#{key.rpartition('/')[2]}"), "", UNLISTED)
        return self.rooms[key]


def now(server: Server) -> datetime:
    """When the files were made, as well as it is known."""
    return server.created or server.latest or datetime.now(UTC)
