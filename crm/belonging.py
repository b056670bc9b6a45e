"""Saying that a member belongs to an organisation. It can be put right at any later time; whatever is counted follows."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID, uuid4

from crm.about import AboutMember
from crm.affiliations import AffiliationStated, which_affiliations
from crm.doing import do
from crm.errors import Refusal
from crm.event import Aggregate
from crm.installation import Installation
from crm.kinds import _
from crm.organisations import OrganisationNamed, words
from crm.vocabulary import what_is_set_up


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
        role = words(self.role, _("This role is too long: a hundred and twenty letters at most."))
        _must_be_in_order(self.since, self.until)
        id = self.affiliation or uuid4()
        self._must_be_as_seen(kith, f"affiliation:{id}")
        with kith.connection() as connection:
            known = what_is_set_up(connection, OrganisationNamed)
            standing = which_affiliations(connection, self.member)
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

    def _must_fit(self, known: dict[str, OrganisationNamed], others: list[AffiliationStated]) -> None:
        if f"organisation:{self.organisation}" not in known:
            raise Refusal(_("There is no such organisation any more. Choose one from the list."))
        if any(one.organisation == self.organisation and one.meets(self.since, self.until) for one in others):
            raise Refusal(
                _("They are said to be with this organisation at that time already. Change those dates instead.")
            )


def _must_be_in_order(since: date | None, until: date | None) -> None:
    if any(day and not 1900 <= day.year < 2200 for day in (since, until)):
        raise Refusal(_("Write the year with four digits, such as 2024."))
    if since and until and until <= since:
        raise Refusal(_("The day they left comes before the day they joined. Change one of the two."))
