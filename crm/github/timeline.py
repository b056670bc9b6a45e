"""The timeline of an issue or pull request: one function for each kind of entry, by its word in `ENTRIES`.

GitHub invents words every year; one that is not in the table still is something done to the thread: "edited".
Closing, reopening and merging get a key made of the thread, because archive hours and webhooks give no id.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta

from crm.activity import Activity, Role, Who
from crm.github import talk
from crm.github.commits import committed
from crm.github.people import touched, who
from crm.github.shapes import Item
from crm.github.thread import Thread, seconds, utc

LAG = timedelta(seconds=5)
"""How much later a timeline may date a closing than its ticket does, whose date all packings have."""


def entry(thread: Thread, item: Item) -> Iterator[Activity]:
    """The acts that one entry tells of; Unreadable says what it lacks."""
    return ENTRIES.get(item.event, edited)(thread, item)


def commented(thread: Thread, item: Item) -> Iterator[Activity]:
    yield talk.commented(thread, item)


def reviewed(thread: Thread, item: Item) -> Iterator[Activity]:
    yield talk.reviewed(thread, item)


def line_commented(thread: Thread, item: Item) -> Iterator[Activity]:
    for remark in item.comments:
        yield talk.line_commented(thread, remark)


def commit_commented(thread: Thread, item: Item) -> Iterator[Activity]:
    for remark in item.comments:
        yield talk.commit_commented(thread.repo, remark, thread.people)


def commits(thread: Thread, item: Item) -> Iterator[Activity]:
    yield committed(thread.repo, item)


def closed(thread: Thread, item: Item) -> Iterator[Activity]:
    at, told = utc(item.created_at, "a closing without a date"), thread.ticket.closed_at
    same = told is not None and timedelta(0) <= at - told <= LAG
    yield simple(thread, item, "closed", key=f"closed:{thread.key}:{seconds(told if same else at)}")


def reopened(thread: Thread, item: Item) -> Iterator[Activity]:
    yield simple(thread, item, "reopened", key=f"reopened:{thread.key}:{seconds(item.created_at)}")


def merged(thread: Thread, item: Item) -> Iterator[Activity]:
    yield simple(thread, item, "merged", (thread.opener, "merged"), key=f"merged:{thread.key}")


def labelled(thread: Thread, item: Item) -> Iterator[Activity]:
    yield simple(thread, item, "labelled", (thread.opener, "labelled"))


def assigned(thread: Thread, item: Item) -> Iterator[Activity]:
    yield simple(thread, item, "assigned", (who(item.assignee), "assigned"), actor=who(item.assigner or item.actor))


def invited(thread: Thread, item: Item) -> Iterator[Activity]:
    asker = who(item.review_requester or item.actor)
    yield simple(thread, item, "invited", (who(item.requested_reviewer), "invited"), actor=asker)


def mentioned(thread: Thread, item: Item) -> Iterator[Activity]:
    """The account named here is the one who was mentioned; by whom stands in the comment that did."""
    yield simple(thread, item, "mentioned")


def followed(thread: Thread, item: Item) -> Iterator[Activity]:
    yield simple(thread, item, "followed")


def referenced(thread: Thread, item: Item) -> Iterator[Activity]:
    yield simple(thread, item, "referenced")


def edited(thread: Thread, item: Item) -> Iterator[Activity]:
    yield simple(thread, item, "edited")


def moderated(thread: Thread, item: Item) -> Iterator[Activity]:
    """Whoever was blocked, or whose review was set aside, is touched; locks and deletions name nobody."""
    review = item.dismissed_review
    reviewer = thread.authors.get(f"review:{review.review_id}") if review else None
    yield simple(thread, item, "moderated", (who(item.blocked_user) or reviewer, "moderated"))


def simple(
    thread: Thread,
    item: Item,
    kind: str,
    *whom: tuple[Who | None, Role],
    actor: Who | None = None,
    key: str = "",
) -> Activity:
    """An entry that says who did what and when, and a few words at most."""
    doer = actor or who(item.actor)
    at = utc(item.created_at, f"a timeline entry “{item.event}” without a date")
    link = f"{thread.link}#event-{item.id}" if item.id else ""
    return thread.act(
        kind, item.event, key or own_key(thread, item), at, doer, touched(doer, *whom), detail(item), link
    )


def own_key(thread: Thread, item: Item) -> str:
    """GitHub's id of the entry, or what tells it from others where it has none (cross-references)."""
    if item.id is not None:
        return f"event:{item.id}"
    actor, whom = item.actor.id if item.actor else "", item.assignee or item.requested_reviewer
    about = detail(item) or (whom.id if whom else "")
    return f"{item.event}:{thread.key}:{actor}:{seconds(item.created_at)}:{about}"


def detail(item: Item) -> str:
    """The label, milestone, team, new title, reason or thread that an entry is about."""
    if item.rename:
        return f"{item.rename.old} → {item.rename.new}"
    if named := item.label or item.milestone or item.requested_team:
        return named.name or named.title
    if item.dismissed_review:
        return item.dismissed_review.dismissal_message or ""
    if item.source and item.source.issue:
        return item.source.issue.html_url or ""
    return item.lock_reason or item.commit_id or ""


ENTRIES: dict[str, Callable[[Thread, Item], Iterator[Activity]]] = {
    "commented": commented,
    "reviewed": reviewed,
    "line-commented": line_commented,
    "commit-commented": commit_commented,
    "committed": commits,
    "closed": closed,
    "reopened": reopened,
    "merged": merged,
    "labeled": labelled,
    "unlabeled": labelled,
    "milestoned": labelled,
    "demilestoned": labelled,
    "issue_type_added": labelled,
    "issue_type_changed": labelled,
    "issue_type_removed": labelled,
    "added_to_project": labelled,
    "added_to_project_v2": labelled,
    "assigned": assigned,
    "review_requested": invited,
    "mentioned": mentioned,
    "subscribed": followed,
    "referenced": referenced,
    "cross-referenced": referenced,
    "connected": referenced,
    "locked": moderated,
    "unlocked": moderated,
    "pinned": moderated,
    "unpinned": moderated,
    "comment_deleted": moderated,
    "user_blocked": moderated,
    "review_dismissed": moderated,
}
