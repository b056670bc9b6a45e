"""The small common vocabulary of what people do in a community. A platform's own word is kept beside it.

Each kind owns its icon and its sentences. Every sentence begins with `{who}`: where a page is about that person, the name is
left away and the sentence begins with the next word ("Answered Tuấn Lê" for "{who} answered {whom}"), in any language.
"""

from typing import NamedTuple


def _(text: str) -> str:
    """Mark a sentence for translation; it is translated when it is shown."""
    return text


class Kind(NamedTuple):
    """`alone` is said when nobody was touched, `toward` when somebody was in one of `roles`; other roles are `TAILS`.

    `whole` tells that the act is about its thread as a whole, so that the title follows after a colon, not after "in".
    """

    icon: str
    label: str
    family: str
    alone: str
    toward: str = ""
    roles: tuple[str, ...] = ()
    whole: bool = False


KINDS: dict[str, Kind] = {
    "posted": Kind("message-square", _("posts"), "talk", _("{who} posted")),
    "asked": Kind("circle-question-mark", _("questions"), "talk", _("{who} asked")),
    "answered": Kind(
        "message-circle-reply", _("answers"), "help", _("{who} answered"), _("{who} answered {whom}"), ("replied",)
    ),
    "replied": Kind("reply", _("replies"), "talk", _("{who} replied"), _("{who} replied to {whom}"), ("replied",)),
    "solved": Kind(
        "circle-check",
        _("accepted answers"),
        "help",
        _("{who} gave the accepted answer"),
        _("{who} gave the answer that {whom} needed"),
        ("helped",),
    ),
    "reacted": Kind(
        "heart", _("reactions"), "encourage", _("{who} reacted"), _("{who} thanked {whom}"), ("thanked", "reacted")
    ),
    "reviewed": Kind(
        "eye",
        _("reviews"),
        "help",
        _("{who} reviewed a change"),
        _("{who} reviewed {whom}’s change"),
        ("reviewed",),
        True,
    ),
    "proposed": Kind("git-pull-request-arrow", _("proposed changes"), "create", _("{who} proposed a change")),
    "contributed": Kind("git-commit-horizontal", _("changes"), "create", _("{who} contributed a change")),
    "merged": Kind(
        "git-merge",
        _("merges"),
        "organise",
        _("{who} merged a change"),
        _("{who} merged {whom}’s change"),
        ("merged",),
        True,
    ),
    "mentioned": Kind(
        "at-sign", _("mentions"), "talk", _("{who} was mentioned"), _("{who} mentioned {whom}"), ("mentioned",)
    ),
    "referenced": Kind("link", _("references"), "talk", _("{who} pointed to a thread"), whole=True),
    "assigned": Kind(
        "user-check",
        _("assignments"),
        "organise",
        _("{who} changed who takes care"),
        _("{who} assigned {whom}"),
        ("assigned",),
        True,
    ),
    "labelled": Kind(
        "tag",
        _("labels"),
        "organise",
        _("{who} labelled a thread"),
        _("{who} labelled {whom}’s thread"),
        ("labelled",),
        True,
    ),
    "invited": Kind(
        "user-plus", _("invitations"), "encourage", _("{who} invited"), _("{who} invited {whom}"), ("invited",)
    ),
    "closed": Kind("circle-slash", _("closings"), "organise", _("{who} closed a thread"), whole=True),
    "reopened": Kind("rotate-ccw", _("reopenings"), "organise", _("{who} reopened a thread"), whole=True),
    "edited": Kind("pencil", _("edits"), "organise", _("{who} changed a thread"), whole=True),
    "moderated": Kind(
        "shield",
        _("moderation acts"),
        "moderate",
        _("{who} moderated"),
        _("{who} moderated {whom}"),
        ("moderated",),
        True,
    ),
    "reported": Kind(
        "flag",
        _("reports"),
        "moderate",
        _("{who} reported something"),
        _("{who} reported {whom}"),
        ("moderated",),
        True,
    ),
    "published": Kind("rocket", _("releases"), "create", _("{who} published a release")),
    "followed": Kind("bell", _("follows"), "presence", _("{who} began to follow a thread"), whole=True),
    "starred": Kind("star", _("stars"), "encourage", _("{who} gave a star")),
    "forked": Kind("git-fork", _("forks"), "create", _("{who} made a copy to work on")),
    "created": Kind("sparkles", _("new branches and places"), "create", _("{who} made something new")),
    "registered": Kind("ticket", _("registrations"), "presence", _("{who} registered for a gathering"), whole=True),
    "attended": Kind("calendar-check", _("attendances"), "presence", _("{who} attended"), whole=True),
    "hosted": Kind("megaphone", _("gatherings"), "organise", _("{who} held a gathering"), whole=True),
    "spoke": Kind("mic", _("talks"), "create", _("{who} gave a talk"), whole=True),
    "awarded": Kind("award", _("badges"), "presence", _("{who} earned a badge")),
    "credited": Kind("award", _("credits"), "create", _("{who} was credited")),
    "voted": Kind("thumbs-up", _("votes"), "encourage", _("{who} voted"), _("{who} voted for {whom}"), ("reacted",)),
    "listed": Kind("list", _("entries in a list"), "presence", _("{who} was on a list of members")),
    "did": Kind("circle", _("other acts"), "presence", _("{who} did something")),
    "joined": Kind("door-open", _("arrivals"), "presence", _("{who} joined")),
    "left": Kind("door-closed", _("departures"), "presence", _("{who} left")),
}

TAILS: dict[str, str] = {
    "replied": _("in reply to {whom}"),
    "mentioned": _("mentioning {whom}"),
    "quoted": _("quoting {whom}"),
    "reviewed": _("reviewed by {whom}"),
    "merged": _("merging {whom}’s change"),
    "assigned": _("assigning {whom}"),
    "labelled": _("in {whom}’s thread"),
    "invited": _("inviting {whom}"),
    "coauthored": _("together with {whom}"),
    "reported": _("reported by {whom}"),
    "tested": _("tested by {whom}"),
    "thanked": _("with thanks to {whom}"),
    "reacted": _("reacting to {whom}"),
    "helped": _("helping {whom}"),
    "committed": _("taken in by {whom}"),
    "moderated": _("moderating {whom}"),
}
"""What is added to a sentence for people touched in a role that is not the kind's own."""


class Phrase(NamedTuple):
    """A part of the sentence about an act: a msgid, and the touched people that fill its `{whom}`, by their index."""

    text: str
    whom: list[int]


def phrases(kind: str, roles: list[str]) -> list[Phrase]:
    """The sentence of an act in parts: first what was done, then what it was for others; each person stands in it once."""
    known = KINDS[kind]
    own = [index for index, role in enumerate(roles) if role in known.roles]
    first = Phrase(known.toward, own) if own else Phrase(known.alone, [])
    others = dict.fromkeys(role for role in roles if role not in known.roles)
    rest = [
        Phrase(TAILS[role], [index for index, each in enumerate(roles) if each == role])
        for role in others
        if role in TAILS
    ]
    return [first, *rest]
