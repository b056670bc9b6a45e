"""A Discourse forum from the documents of its own API: whole topics, single posts, bodies of webhooks."""

from collections import deque
from collections.abc import Iterable, Iterator

from crm.activity import Activity, Refused
from crm.discourse.acts import told
from crm.discourse.address import settle, told_by
from crm.discourse.forum import Forum
from crm.discourse.sheets import PRIVATE, Sheet, open_row, topic_of
from crm.kinds import _
from crm.reading import Inputs

NAME = "discourse"
LABEL = _("Discourse forum")
HELP = _("Topics (/t/ID.json) and posts (/posts/ID.json) as JSON or JSONL; --host where the files don't tell it.")
NO_ADDRESS = "The forum's address can't be told from this file. Give it with --host forum.example.org."
LOOK_AHEAD = 5_000
"""How many posts are held back, so that what they answer is known even where the newest come first."""


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
