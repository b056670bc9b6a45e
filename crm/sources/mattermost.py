"""Mattermost: the bulk export of a server (`mmctl export`), or answers of its API.

The bulk format has no ids: a post goes by its channel, its time and its writer's username, a member by the username. The
API has ids, and they are what counts there. So take one of the two for a server: a post read from both is there twice. A
person read from both is two accounts, which the same address of mail and username show to be one.
"""

from collections.abc import Iterator

from crm.activity import Activity, Refused
from crm.kinds import _
from crm.mattermost.reading import Reader
from crm.reading import Glimpse, Inputs
from crm.reading.fields import fields_in

NAME = "mattermost"
LABEL = _("Mattermost")
HELP = _(
    "The export of a server (a zip with import.jsonl, made with mmctl), or answers of Mattermost’s API with posts, members and "
    "channels; --host chat.example.org where the files don’t tell the address."
)
MAKES = (
    "A message in a channel becomes a post, an answer in a thread a reply to whoever began it.",
    "Who is named with @ is mentioned.",
    "Reactions become acts of whoever gave them, at the time at which they were given.",
    "Joining and leaving become arrivals and departures; adding somebody becomes an invitation, and their arrival.",
    "New headers, purposes and names of a channel become changes; removing people and archiving channels become moderation.",
    "What a webhook wrote is its own, not of whoever set it up. Bots are marked as machines.",
    "Shared files stand in the text by their names.",
    "Members become arrivals where it is told when they came; else those who did nothing are on the list of members.",
    "Direct messages and private channels are refused.",
)
CANNOT_KNOW = (
    "In the bulk export: that a member or channel is the same after a change of username or address; they count as new.",
    "In the bulk export: when a member joined, and the address at which a post is found.",
    "In answers of the API: whether a channel is private that no list of channels tells. Its posts are read, with a doubt.",
    "In answers of the API: who began a thread that is neither on the same page nor among the last 100,000 read.",
    "What a post said before it was edited; who pinned it, and when.",
    "What is in shared files.",
)

POST = {"channel_id", "create_at", "message"}
MEMBER = {"username", "create_at", "roles"}
CHANNEL = {"team_id", "display_name", "create_at"}
ERROR = {"id", "message", "status_code", "request_id"}
LINES = {"team", "channel", "user", "post", "direct_post", "direct_channel", "emoji", "scheme", "role", "bot"}


def fits(glimpse: Glimpse) -> int:
    """A line of the bulk format, which names its own field, or an object with the fields that only Mattermost puts together."""
    fields = fields_in(glimpse)
    if "type" in fields and fields - {"type"} <= {"version", "info"} and b'"version"' in glimpse.head[:200]:
        return 97
    if len(fields) == 2 and "type" in fields and fields & LINES:
        return 95
    if fields == {"order", "posts"} or {"order", "posts", "next_post_id"} <= fields or fields >= POST:
        return 96
    if fields >= MEMBER or fields >= CHANNEL:
        return 88
    return 60 if fields >= ERROR else 0


def read(inputs: Inputs) -> Iterator[Activity | Refused]:
    """Every act in every document; the members come last."""
    reader = Reader(inputs)
    for document in inputs.documents():
        if reader.reads(document.name):
            yield from reader.read(document)
    yield from reader.members()
