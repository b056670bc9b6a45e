"""The small common vocabulary of what people do in a community. A platform's own word is kept beside it.

Each kind owns its icon and its sentence; `whom` is filled with the person it touched where there is one.
"""

from typing import NamedTuple


def _(text: str) -> str:
    """Mark a sentence for translation; it is translated when it is shown."""
    return text


class Kind(NamedTuple):
    """`alone` is the sentence when nobody else was touched, `toward` when somebody was (it holds `{whom}`)."""

    icon: str
    label: str
    alone: str
    toward: str
    family: str


KINDS: dict[str, Kind] = {
    "posted": Kind("message-square", _("posts"), _("Posted"), _("Posted, with {whom}"), "talk"),
    "asked": Kind("circle-question-mark", _("questions"), _("Asked"), _("Asked {whom}"), "talk"),
    "answered": Kind("message-circle-reply", _("answers"), _("Answered"), _("Answered {whom}"), "help"),
    "replied": Kind("reply", _("replies"), _("Replied"), _("Replied to {whom}"), "talk"),
    "solved": Kind("circle-check", _("accepted answers"), _("Gave the accepted answer"), _("Solved it for {whom}"), "help"),
    "reacted": Kind("heart", _("reactions"), _("Reacted"), _("Thanked {whom}"), "encourage"),
    "reviewed": Kind("git-pull-request", _("reviews"), _("Reviewed a change"), _("Reviewed {whom}’s change"), "help"),
    "proposed": Kind("git-pull-request-arrow", _("changes"), _("Proposed a change"), _("Proposed a change with {whom}"), "create"),
    "contributed": Kind("git-commit-horizontal", _("commits"), _("Contributed"), _("Contributed, with {whom}"), "create"),
    "merged": Kind("git-merge", _("merges"), _("Merged a change"), _("Merged {whom}’s change"), "organise"),
    "mentioned": Kind("at-sign", _("mentions"), _("Was mentioned"), _("Mentioned {whom}"), "talk"),
    "referenced": Kind("link", _("references"), _("Referred to it"), _("Referred to {whom}’s thread"), "talk"),
    "assigned": Kind("user-check", _("assignments"), _("Assigned it"), _("Assigned {whom}"), "organise"),
    "labelled": Kind("tag", _("labels"), _("Sorted a thread"), _("Sorted {whom}’s thread"), "organise"),
    "invited": Kind("user-plus", _("invitations"), _("Invited"), _("Invited {whom}"), "encourage"),
    "closed": Kind("circle-slash", _("closings"), _("Closed a thread"), _("Closed {whom}’s thread"), "organise"),
    "reopened": Kind("rotate-ccw", _("reopenings"), _("Reopened a thread"), _("Reopened {whom}’s thread"), "organise"),
    "edited": Kind("pencil", _("edits"), _("Changed a thread"), _("Changed {whom}’s thread"), "organise"),
    "moderated": Kind("shield", _("moderation acts"), _("Moderated"), _("Moderated {whom}"), "moderate"),
    "published": Kind("rocket", _("releases"), _("Published"), _("Published, with {whom}"), "create"),
    "followed": Kind("eye", _("follows"), _("Followed along"), _("Followed {whom}’s thread"), "presence"),
    "starred": Kind("star", _("stars"), _("Gave a star"), _("Gave {whom} a star"), "encourage"),
    "forked": Kind("git-fork", _("forks"), _("Made a copy to work on"), _("Made a copy of {whom}’s work"), "create"),
    "created": Kind("sparkles", _("new places"), _("Created something"), _("Created something with {whom}"), "create"),
    "attended": Kind("calendar-check", _("attendances"), _("Attended"), _("Attended with {whom}"), "presence"),
    "joined": Kind("door-open", _("arrivals"), _("Joined"), _("Joined, welcomed by {whom}"), "presence"),
    "left": Kind("door-closed", _("departures"), _("Left"), _("Left"), "presence"),
}
