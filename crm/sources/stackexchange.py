"""A Stack Exchange site from its public data dump: questions, answers, comments, votes, badges, and who moderated what.

A dump is up to eight tables, any of which may be missing. All else names people and posts by number only, so Users and Posts
are read twice: first for who wrote what, which is held in arrays of 17 bytes a post, then for what they tell.
"""

from collections.abc import Callable, Iterator

from crm.activity import Activity, Refused
from crm.errors import Refusal
from crm.kinds import _
from crm.reading import Glimpse, Inputs
from crm.stackexchange.dump import Dumps
from crm.stackexchange.history import history
from crm.stackexchange.site import Site
from crm.stackexchange.standing import badge, link, user
from crm.stackexchange.tables import SEVEN_ZIP, table_in
from crm.stackexchange.talk import comment, post
from crm.stackexchange.votes import unvoted, vote

NAME = "stackexchange"
LABEL = _("Stack Exchange site")
HELP = _(
    "The public data dump of a site: its folder, named like cooking.stackexchange.com, or a zip or tar of it (unpack a 7z "
    "first). Any of its tables may be missing; --host where no folder or archive is named after the site."
)
MAKES = (
    "A question becomes a question with its title and tags; an answer becomes an answer to whoever asked.",
    "An accepted answer also becomes an accepted answer of its writer, for whoever asked.",
    "A comment becomes a reply to the post's writer, and mentions those whose name stands behind an @ in it.",
    "A vote up or down becomes a vote of nobody in particular for the post's writer; a favourite or a bounty names its giver.",
    "A badge becomes a badge of whoever earned it.",
    "An edit or a rollback becomes an edit, and letting a suggested edit through becomes a review of who suggested it.",
    "Closing, reopening, deleting, locking, protecting, merging and moving become moderation of the post's writer.",
    "Whoever else voted to close or delete has a moderation act too; so has each flag, by nobody in particular.",
    "A link between two questions becomes a reference by nobody in particular.",
    "Everybody in the list of users becomes an arrival on the day the account was made.",
)
CANNOT_KNOW = (
    "Who voted, and at what time of the day.",
    "When an answer was accepted, where the table of votes is missing.",
    "Who wrote what, where an account was deleted: only its display name is left, and two people may have the same.",
    "What was deleted: posts, comments and their history are left out of a dump.",
    "Whom a comment mentions, where that person has changed their name since.",
    "When each of several voters voted to close or delete: it was not after the closing or deletion.",
    "Private flags, suspensions and the messages of moderators.",
)

Tell = Callable[[dict[str, str], Site], Iterator[Activity]]
TABLES: dict[str, Tell] = {
    "posts": post,
    "users": user,
    "comments": comment,
    "votes": vote,
    "badges": badge,
    "posthistory": history,
    "postlinks": link,
    "tags": lambda *_: iter(()),  # names and counts: no act of anybody
}
ATTRIBUTES = {
    "posts": "PostTypeId=",
    "users": "DisplayName=",
    "comments": "PostId=",
    "votes": "VoteTypeId=",
    "badges": "UserId=",
    "posthistory": "PostHistoryTypeId=",
    "postlinks": "LinkTypeId=",
    "tags": "TagName=",
}


def fits(glimpse: Glimpse) -> int:
    """A table is told by its outermost element and an attribute of its own; nothing else that Kith reads comes as 7z."""
    try:
        table = table_in(glimpse.head)
    except Refusal:
        return 10 if glimpse.head.startswith(SEVEN_ZIP) else 0
    return 95 if ATTRIBUTES[table] in glimpse.text else 40


def read(inputs: Inputs) -> Iterator[Activity | Refused]:
    """Every row of every table as what was done. Refusal where one host is given for the dumps of several sites."""
    dumps = Dumps(inputs)
    for found in dumps.rows(inputs):
        if isinstance(found, Refused):
            yield found
            continue
        table, site, row = found
        try:
            yield from TABLES[table](row.cells, site)
        except ValueError as reason:
            yield row.refuse(str(reason))
    for site in dumps.sites.values():
        yield from unvoted(site)
