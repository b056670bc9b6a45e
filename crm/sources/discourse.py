"""A Discourse forum from the documents of its own API: whole topics, single posts, bodies of webhooks."""

from collections import deque
from collections.abc import Iterable, Iterator

from crm.activity import Activity, Refused
from crm.discourse.acts import told
from crm.discourse.address import settle, told_by
from crm.discourse.forum import Forum
from crm.discourse.sheets import PRIVATE, Sheet, open_row, topic_of
from crm.kinds import _
from crm.reading import Glimpse, Inputs
from crm.reading.fields import fields_in

NAME = "discourse"
LABEL = _("Discourse forum")
HELP = _("Topics (/t/ID.json) and posts (/posts/ID.json) as JSON or JSONL; --host where the files don't tell it.")
MAKES = (
    "A topic’s first post becomes a post, or a question where it was solved or asks; the others become replies.",
    "An accepted answer becomes an answer, and its author is the one who helped whoever asked.",
    "Whom a post names or quotes is touched by it.",
    "What the team or the forum itself does in a topic, and what is said in the team’s colour, becomes a moderation act.",
    "Hidden and deleted posts are kept as removed, without the forum’s notice in their place.",
)
CANNOT_KNOW = (
    "Who liked a post, and when: only how many did.",
    "Who edited a post, and what it said before.",
    "When an answer was accepted: only that it was after it was written.",
    "The name of a category, where the document has only its number.",
)
NO_ADDRESS = "The forum's address can't be told from this file. Give it with --host forum.example.org."
LOOK_AHEAD = 5_000
"""How many posts are held back, so that what they answer is known even where the newest come first."""


def fits(glimpse: Glimpse) -> int:
    """A topic with its posts, or posts alone or in one of the wrappers that they travel in."""
    fields = fields_in(glimpse)
    if "post_stream" in fields or ({"post_number", "topic_id"} <= fields and fields & {"cooked", "raw"}):
        return 97
    return 90 if fields & {"latest_posts", "topic", "post"} and b'"post_number"' in glimpse.head else 0


def read(inputs: Inputs) -> Iterator[Activity | Refused]:
    """Every post as an activity. Names are those met before or up to `LOOK_AHEAD` posts further on."""
    forums: dict[str, Forum] = {}
    for sheet in _held_back(settle(_sheets(inputs), inputs.host), forums):
        yield from [sheet] if isinstance(sheet, Refused) else _acts(sheet, forums[sheet.host])


def _sheets(inputs: Inputs) -> Iterator[Sheet | Refused]:
    for row in inputs.rows():
        sheet = row if isinstance(row, Refused) else open_row(row)
        if not isinstance(sheet, Refused) and not isinstance(row, Refused) and not inputs.host:
            sheet.host = told_by(row.raw)
        yield sheet


def _held_back(sheets: Iterable[Sheet | Refused], forums: dict[str, Forum]) -> Iterator[Sheet | Refused]:
    line: deque[Sheet] = deque()
    held = 0
    for sheet in sheets:
        if isinstance(sheet, Refused):
            yield sheet
        elif not sheet.host:
            yield sheet.row.refuse(NO_ADDRESS)
        else:
            forums.setdefault(sheet.host, Forum(sheet.host)).notice(sheet)
            line.append(sheet)
            held += len(sheet.posts)
        while held > LOOK_AHEAD:
            held -= len(line[0].posts)
            yield line.popleft()
    yield from line


def _acts(sheet: Sheet, forum: Forum) -> Iterator[Activity | Refused]:
    yield from sheet.spoiled
    for post in sheet.posts:
        topic = sheet.topic or topic_of(post)
        if topic.archetype == "private_message":
            yield sheet.row.refuse(PRIVATE)
            continue
        try:
            yield from told(post, topic, forum)
        except ValueError as reason:
            yield sheet.row.refuse(f"Post {post.id} can't be placed in time: {reason}.")
