"""The parts of GitHub's JSON that Kith reads. REST answers, archive hours and webhooks share them.

Nearly everything may be missing: deleted accounts are null, and since 2025 archive hours hold little more
than numbers.
"""

from datetime import datetime
from typing import Annotated, Any

import msgspec

from crm.sources.git import Signature

Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class Unreadable(Exception):
    """A document lacks what it cannot be read without; `str()` is the reason given with the refused row."""


class Account(msgspec.Struct, frozen=True):
    id: int
    login: str = ""
    type: str = ""
    name: str | None = None
    avatar_url: str | None = None


class Repository(msgspec.Struct):
    """In archive hours `name` is the full name and `url` the API's; else `full_name` and `html_url` tell.

    The dates are seconds since 1970 in the webhook of a push, and ISO 8601 everywhere else.
    """

    id: int
    name: str = ""
    full_name: str = ""
    html_url: str | None = None
    url: str | None = None
    created_at: Moment | int | None = None
    updated_at: Moment | int | None = None
    pushed_at: Moment | int | None = None


class Category(msgspec.Struct):
    is_answerable: bool = False


class Ticket(msgspec.Struct):
    """An issue, a pull request or a discussion."""

    number: int
    title: str | None = None
    body: str | None = None
    html_url: str | None = None
    url: str | None = None
    user: Account | None = None
    created_at: Moment | None = None
    updated_at: Moment | None = None
    closed_at: Moment | None = None
    closed_by: Account | None = None
    merged: bool | None = None
    merged_at: Moment | None = None
    merged_by: Account | None = None
    pull_request: Any = None
    base: msgspec.Raw = msgspec.Raw()
    category: Category | None = None
    answer_chosen_at: Moment | None = None
    reactions: dict[str, Any] | None = None


class Remark(msgspec.Struct):
    """Something written below a ticket or a commit: a comment, a comment on a line, a review."""

    id: int | None = None
    user: Account | None = None
    body: str | None = None
    created_at: Moment | None = None
    updated_at: Moment | None = None
    submitted_at: Moment | None = None
    state: str = ""
    html_url: str | None = None
    diff_hunk: str | None = None
    pull_request_review_id: int | None = None
    in_reply_to_id: int | None = None
    parent_id: int | None = None
    commit_id: str | None = None
    reactions: dict[str, Any] | None = None


class Named(msgspec.Struct):
    """A label (name), a milestone (title) or a team (name)."""

    name: str = ""
    title: str = ""


class Rename(msgspec.Struct):
    old: str = msgspec.field(name="from", default="")
    new: str = msgspec.field(name="to", default="")


class Dismissal(msgspec.Struct):
    review_id: int | None = None
    dismissal_message: str | None = None


class Reference(msgspec.Struct):
    """The `source` of a cross-reference: the issue or pull request that spoke of this one."""

    issue: Ticket | None = None


class Parent(msgspec.Struct):
    """A commit that another was built upon."""

    sha: str


class Item(Remark, kw_only=True):
    """One entry of a timeline; `event` says which, the rest is filled according to it."""

    event: str
    actor: Account | None = None
    label: Named | None = None
    milestone: Named | None = None
    assignee: Account | None = None
    assigner: Account | None = None
    requested_reviewer: Account | None = None
    requested_team: Named | None = None
    review_requester: Account | None = None
    rename: Rename | None = None
    lock_reason: str | None = None
    dismissed_review: Dismissal | None = None
    blocked_user: Account | None = None
    source: Reference | None = None
    comments: list[Remark] = []
    sha: str = ""
    parents: list[Parent] = []
    message: str = ""
    author: Signature | None = None
    committer: Signature | None = None


class Release(msgspec.Struct):
    id: int
    tag_name: str = ""
    name: str | None = None
    body: str | None = None
    html_url: str | None = None
    author: Account | None = None
    published_at: Moment | None = None
    reactions: dict[str, Any] | None = None


class Page(msgspec.Struct):
    page_name: str
    sha: str
    action: str = "edited"
    title: str | None = None
    summary: str | None = None
    html_url: str | None = None


class Commit(msgspec.Struct):
    """`distinct` is false of one that another branch held before."""

    message: str = ""
    distinct: bool = True


class Payload(msgspec.Struct):
    """What an archive event carries, and the body of a webhook; each kind fills a few of these."""

    action: str = ""
    issue: Ticket | None = None
    pull_request: Ticket | None = None
    discussion: Ticket | None = None
    comment: Remark | None = None
    review: Remark | None = None
    answer: Remark | None = None
    release: Release | None = None
    forkee: Repository | None = None
    member: Account | None = None
    pages: list[Page] = []
    commits: list[Commit] = []
    push_id: int | None = None
    ref: str | None = None
    ref_type: str = ""
    before: str = ""
    head: str = ""
    after: str = ""
    description: str | None = None
    label: Named | None = None
    milestone: Named | None = None
    assignee: Account | None = None
    requested_reviewer: Account | None = None
    requested_team: Named | None = None


class ArchiveEvent(msgspec.Struct):
    """One line of a GH Archive hour, and one element of the REST events API."""

    id: str
    type: str
    actor: Account
    repo: Repository
    created_at: Moment
    payload: Payload


class Document(msgspec.Struct):
    """What tells the documents apart, before one of them is read in earnest."""

    issue: msgspec.Raw = msgspec.Raw()
    pull: msgspec.Raw = msgspec.Raw()
    events: msgspec.Raw = msgspec.Raw()
    comments: msgspec.Raw = msgspec.Raw()
    payload: msgspec.Raw = msgspec.Raw()
    number: msgspec.Raw = msgspec.Raw()
    title: msgspec.Raw = msgspec.Raw()
    html_url: str | None = None


def given(raw: msgspec.Raw) -> bool:
    """Whether a part is there and not null."""
    return bytes(raw) not in (b"", b"null")
