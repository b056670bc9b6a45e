"""The history of posts: who edited, closed, deleted, locked, moved them, and why: a record of moderation since 2008."""

import re
from collections.abc import Iterator
from typing import Any

from crm.activity import Activity, Who
from crm.stackexchange.cells import LARGEST, number, time
from crm.stackexchange.people import nameless
from crm.stackexchange.reasons import Voter, details, reason
from crm.stackexchange.site import Site, thread_of, touched

WRITTEN = frozenset([1, 2, 3, 66])
"""Rows that tell the first words of a post, or of the form they were typed into: the post itself tells that."""

EDITS = {4: "edit", 5: "edit", 6: "edit", 7: "rollback", 8: "rollback", 9: "rollback"}
SUGGESTED, WIKI = 24, 16
EVENTS = {WIKI: "made a community wiki", 25: "tweeted", 50: "bumped", 52: "hot question"}
MODERATION = {
    10: "closed",
    11: "reopened",
    12: "deleted",
    13: "undeleted",
    14: "locked",
    15: "unlocked",
    17: "migrated",
    18: "merged",
    19: "protected",
    20: "unprotected",
    21: "owner taken off",
    22: "unmerged",
    26: "votes annulled",
    27: "unmigrated",
    31: "comments moved to chat",
    33: "notice added",
    34: "notice removed",
    35: "migrated away",
    36: "migrated here",
    37: "merged away",
    38: "merged here",
    53: "taken off hot questions",
}
APPROVED = re.compile(r"Proposed by (-?\d{1,9}) approved by (-?\d{1,9}(?:, *-?\d{1,9})*)")


def history(cells: dict[str, str], site: Site) -> Iterator[Activity]:
    """A row of PostHistory: nothing for the first words of a post, and once for an edit that takes several rows."""
    own, of = number(cells, "Id"), number(cells, "PostHistoryTypeId")
    if of in WRITTEN:
        return
    if of in MODERATION:
        yield from moderation(cells, site, own, of)
    elif of == SUGGESTED:
        yield from reviews(cells, site, own)
    elif of in EDITS:
        revision = cells.get("RevisionGUID") or str(own)
        if not site.revisions.get(revision):
            site.revisions.put(revision, value=True)
            yield act(cells, site, f"revision:{revision}", "edited", EDITS[of], site.who(cells), text=note(cells))
    else:
        kind, event = ("edited" if of == WIKI else "did"), EVENTS.get(of, f"post history {of}")
        yield act(cells, site, f"history:{own}", kind, event, site.who(cells), text=note(cells))


def note(cells: dict[str, str]) -> str:
    return cells.get("Comment", "").strip()


def act(
    cells: dict[str, str], site: Site, key: str, kind: str, own_kind: str, who: Who | None, **more: Any
) -> Activity:
    """An act on the post of a row, at the time of the row."""
    on = number(cells, "PostId")
    return site.activity(
        key,
        kind,
        own_kind,
        time(cells, "CreationDate"),
        who,
        thread=thread_of(site.posts.get(on)),
        parent=f"post:{on}",
        link=f"https://{site.host}/posts/{on}/{'timeline' if kind == 'moderated' else 'revisions'}",
        **more,
    )


def moderation(cells: dict[str, str], site: Site, own: int, of: int) -> Iterator[Activity]:
    """An act of moderation by whoever decided it, and one for each other voter: they voted then or before."""
    owner, found = site.owner(site.posts.get(number(cells, "PostId"))), details(cells)
    voters = [who for voter in found.Voters or () if (who := voted(voter, site))]
    who = site.who(cells) or (voters[-1] if voters else None)
    text = reason(cells, of, found, site.host)
    whom = touched(who, (owner, "moderated"))
    yield act(cells, site, f"history:{own}", "moderated", MODERATION[of], who, whom=whom, text=text)
    for voter in {one.uid: one for one in voters if not who or one.uid != who.uid}.values():
        key, whom = f"history:{own}:{voter.uid}", touched(voter, (owner, "moderated"))
        yield act(cells, site, key, "moderated", f"{MODERATION[of]} (vote)", voter, whom=whom, precision="by")


def voted(voter: Voter, site: Site) -> Who | None:
    """The account of a voter, if it is told at all."""
    name = (voter.DisplayName or "").replace("\0", "\ufffd").strip()
    if voter.Id is not None and abs(voter.Id) <= LARGEST:
        return site.people.who(voter.Id, name)
    return nameless(name) if name else None


def reviews(cells: dict[str, str], site: Site, own: int) -> Iterator[Activity]:
    """That others let a suggested edit through: a review of whoever had proposed it, by each."""
    if not (told := APPROVED.match(note(cells))):
        yield act(cells, site, f"history:{own}", "reviewed", "suggested edit", site.who(cells), text=note(cells))
        return
    proposer = site.people.who(int(told[1]))
    for approver in dict.fromkeys(int(one) for one in told[2].split(",")):
        who, key = site.people.who(approver), f"history:{own}:{approver}"
        whom = touched(who, (proposer, "reviewed"))
        yield act(cells, site, key, "reviewed", "suggested edit", who, whom=whom)
