"""Organisations, and who belonged to which from when to when: so that what somebody did counts for the one they were with then.

Both are said by the team, and can be put right at any later time; whatever is counted follows.
"""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any, ClassVar
from uuid import UUID, uuid4

from psycopg import Connection

from crm.acts import Act, do, what_was_done
from crm.command import Command
from crm.errors import Refusal
from crm.event import Aggregate
from crm.installation import Installation
from crm.kinds import _
from crm.membership import who_is_whom
from crm.profile import AboutMember
from crm.vocabulary import what_is_set_up

LONGEST = 120
"""Letters of a name and of a role at most."""

_DOMAIN = re.compile(r"[\w-]+(\.[\w-]+)+")


class OrganisationNamed(Act, frozen=True, kw_only=True):
    """The team made an organisation known, or renamed it. `domains` are those of its mail. Not `kept`: it is gone."""

    TOPIC: ClassVar[str] = "organisation.named"
    SENTENCE: ClassVar[str] = _("The organisation {name} was set up")
    ICON: ClassVar[str] = "building-2"

    organisation: UUID
    name: str
    domains: tuple[str, ...] = ()
    kept: bool = True

    @property
    def slot(self) -> str:
        return f"organisation:{self.organisation}"

    def value(self, personal: Any) -> Any:
        return {"name": self.name, "domains": list(self.domains)} if self.kept else None


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


class NameOrganisation(Command, frozen=True, kw_only=True):
    """Make an organisation known (no `organisation` yet), change one, or take it away (`kept` false)."""

    IN_TURN: ClassVar[bool] = True

    name: str
    domains: tuple[str, ...] = ()
    organisation: UUID | None = None
    kept: bool = True

    def decide(self, kith: Installation) -> Iterable[Aggregate]:
        name = _words(self.name, _("This name is too long: a hundred and twenty letters at most."))
        if not name:
            raise Refusal(_("An organisation needs a name."))
        domains = tuple(dict.fromkeys(_domain(one) for one in self.domains if one.strip()))
        with kith.connection() as connection:
            known = _organisations(connection)
        if self.organisation and self.organisation not in known:
            raise Refusal(_("There is no such organisation any more. Choose one from the list."))
        others = [one for id, one in known.items() if id != self.organisation]
        if any(one.name.casefold() == name.casefold() for one in others):
            raise Refusal(_("There is an organisation of that name already."))
        if any(set(one.domains) & set(domains) for one in others):
            raise Refusal(_("One of these mail domains belongs to another organisation already."))
        id = self.organisation or uuid4()
        yield do(kith, OrganisationNamed, organisation=id, name=name, domains=domains, kept=self.kept)


class StateAffiliation(AboutMember, frozen=True, kw_only=True):
    """Say that a member belongs to an organisation, and when; put it right (with `affiliation`), or take it away (`kept` false).

    What is put right stays with the account that it was said of, so that undoing a merge takes it along.
    """

    organisation: UUID
    role: str = ""
    since: date | None = None
    until: date | None = None
    affiliation: UUID | None = None
    kept: bool = True

    def decide(self, kith: Installation) -> Iterable[Aggregate]:
        role = _words(self.role, _("This role is too long: a hundred and twenty letters at most."))
        _must_be_in_order(self.since, self.until)
        id = self.affiliation or uuid4()
        self._must_be_as_seen(kith, f"affiliation:{id}")
        with kith.connection() as connection:
            known, standing = _organisations(connection), _affiliations(connection, self.member)
        before = standing.get(id)
        if self.affiliation and before is None:
            raise Refusal(_("This time with an organisation is no longer there. Load the page again."))
        if self.kept:
            self._must_fit(known, [one for one in standing.values() if one is not before])
        yield do(
            kith,
            AffiliationStated,
            before.subject if before else self.member,
            affiliation=id,
            organisation=self.organisation,
            role=role,
            since=self.since,
            until=self.until,
            kept=self.kept,
        )

    def _must_fit(self, known: dict[UUID, OrganisationNamed], others: list[AffiliationStated]) -> None:
        if self.organisation not in known:
            raise Refusal(_("There is no such organisation any more. Choose one from the list."))
        if any(one.organisation == self.organisation and one.meets(self.since, self.until) for one in others):
            raise Refusal(
                _("They are said to be with this organisation at that time already. Change those dates instead.")
            )


def _organisations(connection: Connection[Any]) -> dict[UUID, OrganisationNamed]:
    known = what_is_set_up(connection, OrganisationNamed).values()
    return {one.organisation: one for one in known if isinstance(one, OrganisationNamed)}


def _affiliations(connection: Connection[Any], member: UUID) -> dict[UUID, AffiliationStated]:
    """What stands of a member's times with organisations, whichever of the accounts it was said of."""
    whom = who_is_whom(connection, [member]).member
    handles = [handle for handle, of in whom.items() if of == whom[member]]
    done = [one.event for one in what_was_done(connection, handles, (AffiliationStated,)) if one.stands]
    last = {one.affiliation: one for one in done if isinstance(one, AffiliationStated)}
    return {id: one for id, one in last.items() if one.kept}


def _words(text: str, too_long: str) -> str:
    words = " ".join(text.split())
    if len(words) > LONGEST:
        raise Refusal(too_long)
    return words


def _domain(text: str) -> str:
    domain = text.strip().lower().removeprefix("@")
    if not _DOMAIN.fullmatch(domain):
        raise Refusal(_("Write each mail domain on a line of its own, such as example.org."))
    return domain


def _must_be_in_order(since: date | None, until: date | None) -> None:
    if any(day and not 1900 <= day.year < 2200 for day in (since, until)):
        raise Refusal(_("Write the year with four digits, such as 2024."))
    if since and until and until <= since:
        raise Refusal(_("The day they left comes before the day they joined. Change one of the two."))
