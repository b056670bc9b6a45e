"""What people write on GitHub, one function for each form, with the same key from whatever packing."""

from msgspec.structs import replace

from crm.activity import Activity
from crm.github.people import People, mentions, touched, who
from crm.github.place import Repo
from crm.github.shapes import Remark, Unreadable
from crm.github.thread import Thread, counted, seconds, utc


def opened(thread: Thread) -> Activity:
    """A thread begins. Only a heading that ends in a question mark makes an issue a question."""
    ticket, opener, body = thread.ticket, thread.opener, thread.ticket.body or ""
    if thread.is_pull:
        kind, own_kind = "proposed", "pull_request.opened"
    elif ticket.category:
        kind, own_kind = "asked" if ticket.category.is_answerable else "posted", "discussion.created"
    else:
        kind, own_kind = (
            "asked" if (ticket.title or "").rstrip().endswith(("?", "？")) else "posted",
            "issues.opened",
        )
    at = utc(ticket.created_at, f"number {ticket.number} does not say when it was opened")
    return replace(
        thread.act(kind, own_kind, thread.key, at, opener, touched(opener, *mentions(body, thread.people)), body),
        parent="",
        title=ticket.title or "",
        revision=seconds(ticket.updated_at),
        reactions=counted(ticket.reactions),
    )


def commented(thread: Thread, remark: Remark) -> Activity:
    """A comment below an issue or a pull request; its date of change moves only when its words do."""
    comment = thread.spoken("replied", "issue_comment.created", key("comment", remark), remark)
    changed = remark.updated_at and remark.updated_at != remark.created_at
    return replace(comment, edited_at=utc(remark.updated_at, "")) if changed else comment


def line_commented(thread: Thread, remark: Remark) -> Activity:
    """A comment on a line of a change. GitHub touches its date for other reasons, so edits cannot be told."""
    parent = f"reviewcomment:{remark.in_reply_to_id}" if remark.in_reply_to_id else ""
    return thread.spoken("replied", "pull_request_review_comment.created", key("reviewcomment", remark), remark, parent)


def reviewed(thread: Thread, remark: Remark) -> Activity:
    """A review; what authors send on their own change is an answer to the reviewers."""
    is_own = bool(remark.user and thread.ticket.user and remark.user.id == thread.ticket.user.id)
    state = remark.state.lower() or "commented"
    return thread.spoken(
        "replied" if is_own else "reviewed", f"pull_request_review.{state}", key("review", remark), remark
    )


def discussed(thread: Thread, remark: Remark) -> Activity:
    """A comment in a discussion; where questions are asked, what others say to one is an answer."""
    category, parent, opener = thread.ticket.category, remark.parent_id, thread.opener
    is_answer = category and category.is_answerable and not parent and (not opener or opener != who(remark.user))
    kind = "answered" if is_answer else "replied"
    return thread.spoken(
        kind,
        "discussion_comment.created",
        key("discussioncomment", remark),
        remark,
        f"discussioncomment:{parent}" if parent else "",
    )


def commit_commented(repo: Repo, remark: Remark, people: People) -> Activity:
    """A comment on a commit; comments on the same commit make a thread, though nobody opened it."""
    actor, body = who(remark.user), remark.body or ""
    return Activity(
        source="github",
        host=repo.host,
        key=key("commitcomment", remark),
        kind="replied",
        own_kind="commit_comment.created",
        at=utc(remark.created_at, "a comment without a date"),
        who=actor,
        whom=touched(actor, *mentions(body, people)),
        place=repo.place,
        thread=f"commit:{remark.commit_id}" if remark.commit_id else "",
        text=body,
        link=remark.html_url or repo.link,
        revision=seconds(remark.updated_at),
        reactions=counted(remark.reactions),
    )


def key(noun: str, remark: Remark) -> str:
    """The noun and GitHub's number; Unreadable where there is none."""
    if remark.id is None:
        raise Unreadable(f"a {noun} without its id")
    return f"{noun}:{remark.id}"
