"""One event as GitHub sends it, whether an archive hour kept it or a webhook brings it."""

from datetime import datetime

import msgspec
from msgspec.structs import replace

from crm.activity import Activity, Who, Whom
from crm.github.people import acquainted, who
from crm.github.place import Repo
from crm.github.shapes import Account, Payload, Ticket, Unreadable
from crm.github.thread import Thread, utc


class Event(msgspec.Struct, frozen=True):
    """`kind` is the webhook's word (`issue_comment`); `id` names its packing, for what has no other."""

    kind: str
    id: str
    repo: Repo
    repo_id: int
    sender: Account
    at: datetime
    payload: Payload

    @property
    def actor(self) -> Who | None:
        return who(self.sender)

    def thread(self, ticket: Ticket | None) -> Thread:
        """The thread of a ticket; one just opened may lean on the event for date and author."""
        if ticket is None:
            raise Unreadable(f"the event “{self.kind}” lacks what it is about")
        if self.payload.action == "opened" and ticket.created_at is None:
            ticket = replace(ticket, created_at=self.at, user=ticket.user or self.sender)
        payload = self.payload
        remark, review = payload.comment or payload.answer, payload.review
        people = acquainted(
            (
                self.sender,
                ticket.user,
                remark.user if remark else None,
                review.user if review else None,
                payload.assignee,
                payload.requested_reviewer,
            )
        )
        authors = {f"review:{review.id}": who(review.user)} if review else {}
        return Thread(self.repo, ticket, people, authors)

    def act(
        self, kind: str, own_kind: str, key: str, text: str = "", link: str = "", whom: tuple[Whom, ...] = ()
    ) -> Activity:
        """Something done in the repository at large."""
        return Activity(
            source="github",
            host=self.repo.host,
            key=key,
            kind=kind,
            own_kind=own_kind,
            at=utc(self.at, "an event without a date"),
            who=self.actor,
            whom=whom,
            place=self.repo.place,
            text=text,
            link=link or self.repo.link,
        )
