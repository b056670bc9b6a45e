"""One site: its people, its posts, and how any of them is told as an activity."""

from datetime import datetime
from typing import Any

from crm.activity import Activity, Place, Role, Who, Whom
from crm.recent import Recent
from crm.stackexchange.cells import number
from crm.stackexchange.people import LOST, People, nameless
from crm.stackexchange.posts import NOBODY, Post, Posts

SOURCE = "stackexchange"
REVISIONS = 1_000
"""Edits remembered, as one edit has a row each for title, words and tags; those stand together."""

TALKS = 10_000
"""Posts of which it is remembered who commented, for the names that comments mention."""


class Site:
    """What the tables of one site share."""

    def __init__(self, host: str) -> None:
        self.host = host
        self.place = Place(host, host, f"https://{host}/")
        self.people = People()
        self.posts = Posts()
        self.revisions: Recent[str, bool] = Recent(REVISIONS)
        self.commented: Recent[int, tuple[Who, ...]] = Recent(TALKS)

    def settle(self) -> None:
        """Make ready, once everybody and every post was read."""
        self.people.settle()
        self.posts.settle()

    def who(self, cells: dict[str, str], by: str = "User") -> Who | None:
        """The account in `UserId` and `UserDisplayName` of a row (or `OwnerUserId` …); None where neither is told."""
        own, name = "UserId" if by == "User" else f"{by}UserId", cells.get(f"{by}DisplayName", "").strip()
        if cells.get(own):
            return self.people.who(number(cells, own), name)
        return nameless(name) if name else None

    def owner(self, post: Post | None) -> Who | None:
        """Who wrote a post, as far as that is told."""
        if post is None or post.owner == NOBODY:
            return None
        name = self.posts.name(post.owner)
        return nameless(name) if name else self.people.who(post.owner)

    def activity(self, key: str, kind: str, own_kind: str, at: datetime, who: Who | None, **more: Any) -> Activity:
        """An act on this site; that of an account which is gone carries the doubt."""
        doubt = LOST if who and who.uid.startswith("name:") else ""
        return Activity(
            source=SOURCE, host=self.host, key=key, kind=kind, own_kind=own_kind, at=at, who=who, place=self.place,
            doubt=doubt, **more,
        )  # fmt: skip


def touched(who: Who | None, *reached: tuple[Who | None, Role]) -> tuple[Whom, ...]:
    """Those whom an act reaches, each once in each role, without whoever acts."""
    own = who.uid if who else ""
    met = {(one.uid, role): Whom(one, role) for one, role in reached if one and one.uid != own}
    return tuple(met.values())


def thread_of(post: Post | None) -> str:
    """The key of a post's question; "" where the dump lacks the post, as its question is then not known."""
    return f"post:{post.thread}" if post else ""
