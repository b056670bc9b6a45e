"""Votes: by the day and, but for a few, by nobody that is told; and the answers that askers accepted."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from crm.activity import Activity, Precision, Role
from crm.stackexchange.cells import number, time
from crm.stackexchange.posts import Post
from crm.stackexchange.site import Site, thread_of, touched

ACCEPTED = 1
LOST_VOTER = "-1"
"""Who gave a bounty and is gone; elsewhere this number is the network's own machine."""


class Vote(NamedTuple):
    """What a kind of vote is called and what it is for the post's owner."""

    kind: str
    own_kind: str
    role: Role | None = None


VOTES = {
    2: Vote("voted", "upvote", "reacted"),
    3: Vote("voted", "downvote"),
    4: Vote("reported", "offensive flag", "moderated"),
    5: Vote("voted", "favorite", "reacted"),
    6: Vote("moderated", "close vote", "moderated"),
    7: Vote("moderated", "reopen vote", "moderated"),
    8: Vote("voted", "bounty offered", "reacted"),
    9: Vote("voted", "bounty awarded", "reacted"),
    10: Vote("moderated", "deletion vote", "moderated"),
    11: Vote("moderated", "undeletion vote", "moderated"),
    12: Vote("reported", "spam flag", "moderated"),
    15: Vote("moderated", "moderator review", "moderated"),
    16: Vote("voted", "suggested edit approved"),
    17: Vote("reacted", "celebrate", "reacted"),
    18: Vote("reacted", "helpful", "reacted"),
    19: Vote("reacted", "thank you", "thanked"),
    20: Vote("reacted", "well written", "reacted"),
    21: Vote("followed", "follow"),
    22: Vote("reacted", "smile", "reacted"),
    23: Vote("reacted", "mind blown", "reacted"),
    24: Vote("reacted", "clap", "reacted"),
    25: Vote("reacted", "heart", "reacted"),
    26: Vote("reacted", "fire", "reacted"),
    27: Vote("reacted", "trophy", "reacted"),
    28: Vote("reacted", "wave", "reacted"),
    29: Vote("voted", "outdated"),
    30: Vote("voted", "not outdated"),
    32: Vote("voted", "upvote", "reacted"),
    33: Vote("voted", "downvote"),
}


def vote(cells: dict[str, str], site: Site) -> Iterator[Activity]:
    """A row of Votes. One that accepts an answer tells that it solved the question, to the credit of its writer."""
    own, on, of = number(cells, "Id"), number(cells, "PostId"), number(cells, "VoteTypeId")
    at, about = time(cells, "CreationDate"), site.posts.get(on)
    if of == ACCEPTED:
        if site.posts.tell_accepted(on):
            yield solved(site, on, about, at, "day")
        return
    said = VOTES.get(of, Vote("did", f"vote {of}"))
    who = site.who(cells) if cells.get("UserId") != LOST_VOTER else None
    bounty = cells.get("BountyAmount", "")
    yield site.activity(
        f"vote:{own}",
        said.kind,
        said.own_kind,
        at,
        who,
        precision="day",
        whom=touched(who, (site.owner(about), said.role)) if said.role else (),
        thread=thread_of(about),
        parent=f"post:{on}",
        text=f"+{bounty}" if bounty else "",
        link=f"https://{site.host}/q/{on}",
    )


def solved(site: Site, own: int, answer: Post | None, at: datetime, precision: Precision) -> Activity:
    """That an answer, of which `own` is the number, was accepted: for whoever had asked."""
    who = site.owner(answer)
    asker = site.owner(site.posts.get(answer.thread)) if answer else None
    return site.activity(
        f"solved:{own}",
        "solved",
        "accepted",
        at,
        who,
        precision=precision,
        whom=touched(who, (asker, "helped")),
        thread=thread_of(answer),
        parent=f"post:{own}",
        link=f"https://{site.host}/a/{own}",
    )


def unvoted(site: Site) -> Iterator[Activity]:
    """Accepted answers without a vote that says when: not before they were written."""
    for answer in site.posts.untold():
        yield solved(site, answer.number, answer, datetime.fromtimestamp(answer.seconds, UTC), "since")
