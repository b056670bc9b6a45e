"""Who belonged to which organisation from when to when: so that what somebody did counts for the one they were with then."""

from datetime import UTC, date, datetime
from typing import Any, ClassVar
from uuid import UUID

from psycopg import Connection

from crm.acts import Act
from crm.deeds import what_was_done
from crm.kinds import _
from crm.membership import who_is_whom


class AffiliationStated(Act, frozen=True, kw_only=True):
    """A member belongs to an organisation, from the day `since` until the day before `until`; None where nobody knows, or not yet.

    Not `kept`: they never did.
    """

    TOPIC: ClassVar[str] = "member.affiliated"
    SENTENCE: ClassVar[str] = _("It was said to which organisation a member belongs, and when")
    ICON: ClassVar[str] = "building-2"

    affiliation: UUID
    organisation: UUID
    role: str = ""
    since: date | None = None
    until: date | None = None
    kept: bool = True

    @property
    def slot(self) -> str:
        return f"affiliation:{self.affiliation}"

    def value(self, personal: Any) -> Any:
        days = {"since": self.since and self.since.isoformat(), "until": self.until and self.until.isoformat()}
        return {"organisation": str(self.organisation), "role": self.role, **days} if self.kept else None

    def happened_at(self) -> datetime:
        if self.since is None or self.since >= self.timestamp.date():
            return self.timestamp
        return datetime(self.since.year, self.since.month, self.since.day, 12, tzinfo=UTC)

    def meets(self, since: date | None, until: date | None) -> bool:
        """Whether it has a day in common with these dates."""
        first, end = self.since or date.min, self.until or date.max
        return first < (until or date.max) and (since or date.min) < end


def which_affiliations(connection: Connection[Any], member: UUID) -> dict[UUID, AffiliationStated]:
    """What stands of a member's times with organisations, whichever of the accounts it was said of."""
    accounts = who_is_whom(connection, [member]).accounts(member)
    done = [one.event for one in what_was_done(connection, accounts, (AffiliationStated,)) if one.stands]
    last = {one.affiliation: one for one in done if isinstance(one, AffiliationStated)}
    return {id: one for id, one in last.items() if one.kept}
