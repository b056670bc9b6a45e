"""Which event a body tells of, where nobody kept the header that says so: the parts of a body give it away."""

import msgspec

SIGNS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("ping", ("zen", "hook_id")),
    ("sponsorship", ("sponsorship",)),
    ("org_block", ("blocked_user",)),
    ("organization", ("membership", "organization")),
    ("organization", ("invitation", "organization")),
    ("membership", ("member", "team")),
    ("member", ("member",)),
    ("team", ("team",)),
    ("star", ("starred_at",)),
    ("fork", ("forkee",)),
    ("release", ("release",)),
    ("gollum", ("pages",)),
    ("issue_comment", ("issue", "comment")),
    ("pull_request_review_comment", ("pull_request", "comment")),
    ("discussion_comment", ("discussion", "comment")),
    ("commit_comment", ("comment",)),
    ("pull_request_review", ("pull_request", "review")),
    ("pull_request_review_thread", ("pull_request", "thread")),
    ("issues", ("issue",)),
    ("pull_request", ("pull_request",)),
    ("discussion", ("discussion",)),
    ("label", ("label",)),
    ("push", ("ref", "before", "after")),
    ("create", ("ref", "ref_type", "master_branch")),
    ("delete", ("ref", "ref_type")),
)
"""The parts that a body of each event has; the first line that fits counts, so the more particular stand before the others."""

BARE = frozenset({"action", "repository", "organization", "sender", "installation", "enterprise"})
"""What every body may have; one with nothing else is told by its action."""

_parts = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode


def event_of(body: bytes) -> str:
    """The event's name; empty where nothing gives it away. `body` is valid JSON; DecodeError where it is no object."""
    parts = _parts(body)
    for event, signs in SIGNS:
        if all(sign in parts for sign in signs):
            return event
    if "sender" in parts and BARE.issuperset(parts):
        return {b'"started"': "watch", b"": "public"}.get(bytes(parts.get("action", b"")), "")
    return ""
