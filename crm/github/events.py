"""Events as archive hours and webhooks tell them: one function for each kind, by its word in `EVENTS`.

A new kind is one function and one line in the table. Each embeds more than happened: an issue stands whole in
each of its comments, so its opening is told along with them. An act gets the same key as from a REST answer.
"""

from collections.abc import Callable, Iterator

from msgspec.structs import replace

from crm.activity import Activity
from crm.github import repository, talk, timeline
from crm.github.event import Event
from crm.github.people import acquainted, touched, who
from crm.github.shapes import Dismissal, Item, Remark, Unreadable
from crm.github.thread import Thread, seconds, utc

WORDS = {"converted_to_draft": "convert_to_draft", "dismissed": "review_dismissed"}
"""Where an action is called otherwise in timelines."""


def told(event: Event) -> Iterator[Activity]:
    """What an event tells of; Unreadable when its kind is not known or it lacks what it is about."""
    if event.kind not in EVENTS:
        raise Unreadable(f"events of the kind “{event.kind}” are not known; leave them out or use a newer Kith")
    yield from EVENTS[event.kind](event)


def issues(event: Event) -> Iterator[Activity]:
    thread = event.thread(event.payload.issue)
    yield from begun(thread, event)
    if event.payload.action not in ("opened", "edited", "deleted"):
        yield from timeline.entry(thread, item(event, thread))


def pull_request(event: Event) -> Iterator[Activity]:
    """A merge is both a merging and a closing, as it is in timelines."""
    thread = event.thread(event.payload.pull_request)
    yield from begun(thread, event)
    action, found = event.payload.action, item(event, thread)
    if action == "merged" or (action == "closed" and thread.ticket.merged):
        at = thread.ticket.merged_at or event.at
        yield from timeline.merged(thread, replace(found, event="merged", created_at=at))
        found = replace(found, event="closed")
    if action not in ("opened", "edited"):
        yield from timeline.entry(thread, found)


def issue_comment(event: Event) -> Iterator[Activity]:
    thread = event.thread(event.payload.issue)
    yield from begun(thread)
    yield standing(event, talk.commented(thread, remark(event, event.payload.comment)))


def pull_request_review(event: Event) -> Iterator[Activity]:
    thread = event.thread(event.payload.pull_request)
    yield from begun(thread)
    yield talk.reviewed(thread, remark(event, event.payload.review))
    if event.payload.action == "dismissed":
        yield from timeline.entry(thread, item(event, thread))


def pull_request_review_comment(event: Event) -> Iterator[Activity]:
    thread = event.thread(event.payload.pull_request)
    yield from begun(thread)
    yield standing(event, talk.line_commented(thread, remark(event, event.payload.comment)))


def pull_request_review_thread(event: Event) -> Iterator[Activity]:
    thread = event.thread(event.payload.pull_request)
    yield from begun(thread)
    yield from timeline.entry(thread, item(event, thread))


def commit_comment(event: Event) -> Iterator[Activity]:
    found = remark(event, event.payload.comment)
    yield talk.commit_commented(event.repo, found, acquainted((event.sender, found.user)))


def discussion(event: Event) -> Iterator[Activity]:
    """Choosing an answer is told as what it means: its author solved the question."""
    thread, payload = event.thread(event.payload.discussion), event.payload
    yield from begun(thread, event)
    if payload.action == "answered" and payload.answer:
        helper = who(payload.answer.user)
        yield thread.act(
            "solved",
            "discussion.answered",
            f"solved:{talk.key('discussioncomment', payload.answer)}",
            utc(thread.ticket.answer_chosen_at or event.at, ""),
            helper,
            touched(helper, (thread.opener, "helped")),
            link=payload.answer.html_url or "",
        )
    elif payload.action not in ("created", "edited", "deleted", "unanswered"):
        yield from timeline.entry(thread, item(event, thread))


def discussion_comment(event: Event) -> Iterator[Activity]:
    thread = event.thread(event.payload.discussion)
    yield from begun(thread)
    yield standing(event, talk.discussed(thread, remark(event, event.payload.comment)))


def begun(thread: Thread, event: Event | None = None) -> Iterator[Activity]:
    """The opening, where the document holds it; `event` when the event is about the ticket itself."""
    if thread.ticket.created_at:
        opening = talk.opened(thread)
        yield standing(event, opening) if event else opening


def standing(event: Event, activity: Activity) -> Activity:
    """The activity as the event leaves it: there, or removed."""
    if event.payload.action != "deleted":
        return activity
    return replace(activity, removed=True, revision=max(activity.revision, seconds(event.at)))


def remark(event: Event, found: Remark | None) -> Remark:
    if found is None:
        raise Unreadable(f"the event “{event.kind}” lacks what was written")
    return found


def item(event: Event, thread: Thread) -> Item:
    """The event as the entry that the timeline has for it."""
    payload, ticket = event.payload, thread.ticket
    at = {"closed": ticket.closed_at, "reopened": ticket.updated_at}.get(payload.action) or event.at
    return Item(
        event=WORDS.get(payload.action, payload.action),
        actor=event.sender,
        created_at=at,
        label=payload.label,
        milestone=payload.milestone,
        assignee=payload.assignee,
        requested_reviewer=payload.requested_reviewer,
        requested_team=payload.requested_team,
        dismissed_review=Dismissal(payload.review.id) if payload.review else None,
    )


EVENTS: dict[str, Callable[[Event], Iterator[Activity]]] = {
    "commit_comment": commit_comment,
    "create": repository.create,
    "delete": repository.delete,
    "discussion": discussion,
    "discussion_comment": discussion_comment,
    "fork": repository.fork,
    "gollum": repository.gollum,
    "issue_comment": issue_comment,
    "issues": issues,
    "member": repository.member,
    "public": repository.public,
    "pull_request": pull_request,
    "pull_request_review": pull_request_review,
    "pull_request_review_comment": pull_request_review_comment,
    "pull_request_review_thread": pull_request_review_thread,
    "push": repository.push,
    "release": repository.release,
    "star": repository.star,
    "watch": repository.star,
}
