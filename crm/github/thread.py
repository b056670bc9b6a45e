"""An issue, pull request or discussion as the thread in which things are said and done."""

from datetime import UTC, datetime

import msgspec

from crm.activity import Activity, Who, Whom
from crm.github.people import People, mentions, touched, who
from crm.github.place import Repo
from crm.github.shapes import Remark, Ticket, Unreadable, given


class Thread(msgspec.Struct):
    """`people` are those whom the document names with ids, `authors` who wrote a remark, by its key."""

    repo: Repo
    ticket: Ticket
    people: People = {}
    authors: dict[str, Who | None] = {}

    @property
    def key(self) -> str:
        return f"thread:{self.repo.key}#{self.ticket.number}"

    @property
    def opener(self) -> Who | None:
        return who(self.ticket.user)

    @property
    def is_pull(self) -> bool:
        ticket = self.ticket
        return bool(ticket.pull_request) or given(ticket.base) or "/pull/" in (ticket.html_url or "")

    @property
    def link(self) -> str:
        return self.ticket.html_url or f"{self.repo.link}/{'pull' if self.is_pull else 'issues'}/{self.ticket.number}"

    def act(
        self,
        kind: str,
        own_kind: str,
        key: str,
        at: datetime,
        actor: Who | None,
        whom: tuple[Whom, ...] = (),
        text: str = "",
        link: str = "",
    ) -> Activity:
        """Something done in this thread, answering the opener."""
        return Activity(
            source="github",
            host=self.repo.host,
            key=key,
            kind=kind,
            own_kind=own_kind,
            at=at,
            who=actor,
            whom=whom,
            place=self.repo.place,
            thread=self.key,
            parent=self.key,
            text=text,
            link=link or self.link,
        )

    def spoken(self, kind: str, own_kind: str, key: str, remark: Remark, parent: str = "") -> Activity:
        """Something written here, to the author of `parent` or else the opener, and to all it names."""
        actor, body = who(remark.user), remark.body or ""
        answered = self.authors.get(parent, self.opener)
        named = mentions(body, self.people)
        return Activity(
            source="github",
            host=self.repo.host,
            key=key,
            kind=kind,
            own_kind=own_kind,
            at=utc(remark.submitted_at or remark.created_at, "it has no date"),
            who=actor,
            whom=touched(actor, (answered, "reviewed" if kind == "reviewed" else "replied"), *named),
            place=self.repo.place,
            thread=self.key,
            parent=parent or self.key,
            text=body,
            link=remark.html_url or self.link,
            revision=seconds(remark.updated_at),
            reactions=counted(remark.reactions),
        )


def utc(moment: datetime | None, otherwise: str) -> datetime:
    """The moment in UTC; Unreadable(otherwise) where there is none."""
    if moment is None:
        raise Unreadable(otherwise)
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise Unreadable(f"the date {moment} cannot be") from None


def seconds(moment: datetime | None) -> int:
    """Since 1970; 0 where there is no moment."""
    return int(moment.timestamp()) if moment else 0


def counted(reactions: dict[str, object] | None) -> dict[str, int]:
    """How many of each reaction, without the total and the address that GitHub keeps beside them."""
    found = reactions or {}
    return {name: many for name, many in found.items() if isinstance(many, int) and many and name != "total_count"}
