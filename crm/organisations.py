"""Organisations that members belong to, by name and by the domains of their mail."""

import re
from collections.abc import Iterable
from typing import Any, ClassVar
from uuid import UUID, uuid4

from crm.acts import Act
from crm.command import Command
from crm.doing import do
from crm.errors import Refusal
from crm.event import Aggregate
from crm.installation import Installation
from crm.kinds import _
from crm.vocabulary import what_is_set_up

LONGEST = 120
"""Letters of a name and of a role at most."""


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


class NameOrganisation(Command, frozen=True, kw_only=True):
    """Make an organisation known (no `organisation` yet), change one, or take it away (`kept` false)."""

    IN_TURN: ClassVar[bool] = True

    name: str
    domains: tuple[str, ...] = ()
    organisation: UUID | None = None
    kept: bool = True

    def decide(self, kith: Installation) -> Iterable[Aggregate]:
        name = words(self.name, _("This name is too long: a hundred and twenty letters at most."))
        if not name:
            raise Refusal(_("An organisation needs a name."))
        domains = tuple(dict.fromkeys(_domain(one) for one in self.domains if one.strip()))
        with kith.connection() as connection:
            known = what_is_set_up(connection, OrganisationNamed).values()
        if self.organisation and all(one.organisation != self.organisation for one in known):
            raise Refusal(_("There is no such organisation any more. Choose one from the list."))
        others = [one for one in known if one.organisation != self.organisation]
        if any(one.name.casefold() == name.casefold() for one in others):
            raise Refusal(_("There is an organisation of that name already."))
        if any(set(one.domains) & set(domains) for one in others):
            raise Refusal(_("One of these mail domains belongs to another organisation already."))
        id = self.organisation or uuid4()
        yield do(kith, OrganisationNamed, organisation=id, name=name, domains=domains, kept=self.kept)


def words(text: str, too_long: str) -> str:
    """A name or a role as it is kept: single spaces. Refusal `too_long` where it is."""
    if len(kept := " ".join(text.split())) > LONGEST:
        raise Refusal(too_long)
    return kept


def _domain(text: str) -> str:
    domain = text.strip().lower().removeprefix("@")
    if not re.fullmatch(r"[\w-]+(\.[\w-]+)+", domain):
        raise Refusal(_("Write each mail domain on a line of its own, such as example.org."))
    return domain
