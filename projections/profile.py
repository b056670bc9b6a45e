"""What is known of a member: stage, owner, side, tags and fields, each with who said it and when, now or as it stood.

What a colleague set counts; where nobody did, a source's word does, with the name of that source.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection

from crm.event import NOBODY
from crm.fields import BUILT_IN, BUILT_IN_TYPES
from crm.kinds import _
from crm.vault import Vault
from projections.acts import NOW, Trait, which_traits, which_traits_stood
from projections.identities import Identity, Name, what_are_they_called, which_names

SIDES = {"person": _("A member of the community"), "team": _("A colleague of ours"), "bot": _("A bot")}
"""What somebody can be to the community, and the words for it."""


class Stage(msgspec.Struct):
    """A stage that the team set up, and what must hold to leave it for the next."""

    id: str
    name: str
    criteria: str
    rank: int


class Field(msgspec.Struct):
    """Something to be filled in. `label` is a msgid if `built_in`; `options` are values and names to choose from.

    `position` is the act that settled it, `by` who did and `at` when; where a source says it, `source`, `host` and `at` tell.
    `person` is whom the value means, where it means somebody.
    """

    key: str
    label: str
    type: str
    built_in: bool = False
    options: list[tuple[str, str]] = []
    value: str | list[str] = ""
    position: int = 0
    by: str = ""
    at: datetime | None = None
    source: str = ""
    host: str = ""
    person: Identity | None = None

    def shown(self) -> str:
        """The value in words: the name of what was chosen, several parted by commas."""
        names = dict(self.options)
        several = [self.value] if isinstance(self.value, str) else self.value
        return ", ".join(names.get(one, one) for one in several)


class Profile(msgspec.Struct):
    """All of it. `stages` are all there are, in their order; `team` who can own; `known_tags` the commonest first."""

    member: UUID
    stage: Field
    owner: Field
    side: Field
    tags: list[Trait]
    fields: list[Field]
    stages: list[Stage]
    team: list[Identity]
    known_tags: list[str]

    def everything(self) -> list[Field]:
        """All that can be filled in."""
        return [self.stage, self.owner, self.side, *self.fields]


def what_is_known(
    vault: Vault,
    connection: Connection[Any],
    member: UUID,
    accounts: list[UUID],
    known: int | None = None,
    until: datetime | None = None,
) -> Profile:
    """What is known of a member; with `known` what stood at that position of the log, with `until` what had happened by then."""
    if known is None and until is None:
        traits, made = which_traits(connection, member), which_traits(connection, NOBODY)
    else:
        traits = which_traits_stood(connection, accounts, NOW if known is None else known, until)
        made = which_traits_stood(connection, [NOBODY], NOW if known is None else known, until)
    stands = {one.slot: one for one in traits}
    names = [one for one in which_names(vault, connection, accounts) if until is None or one.seen_at < until]
    colleagues = _who_are_colleagues(connection)
    people = what_are_they_called(connection, list({*accounts, *_meant(traits), *colleagues}))
    team = _by_name(people[one] for one in colleagues if one in people)
    stages = _stages(made)
    return Profile(
        member=member,
        stage=_settled(stands, Field("stage", _("Stage"), "choice", True, [(one.id, one.name) for one in stages])),
        owner=_settled(stands, Field("owner", _("Looked after by"), "choice", True, _choosable(team)), people),
        side=_settled(stands, Field("side", _("What they are to us"), "choice", True, list(SIDES.items()))),
        tags=[one for one in traits if one.slot.startswith("tag:")],
        fields=[_field(stands, one, people, _told(one, member, names, people)) for one in [*_built_in(), *_made(made)]],
        stages=stages,
        team=team,
        known_tags=which_tags(connection),
    )


def which_colleagues(connection: Connection[Any], limit: int = 200) -> list[Identity]:
    """Who is one of the team, by name."""
    return _by_name(what_are_they_called(connection, _who_are_colleagues(connection, limit)).values())


def _who_are_colleagues(connection: Connection[Any], limit: int = 200) -> list[UUID]:
    rows = connection.execute(
        """SELECT member FROM traits WHERE slot = 'side' AND value = '"team"' ORDER BY member LIMIT %(limit)s""",
        {"limit": limit},
    )
    return [row["member"] for row in rows]


def _by_name(team: Iterable[Identity]) -> list[Identity]:
    return sorted(team, key=lambda one: one.name)


def which_tags(connection: Connection[Any], limit: int = 200) -> list[str]:
    """The tags that anybody bears, the commonest first."""
    rows = connection.execute(
        """SELECT substr(slot, 5) AS tag FROM traits WHERE slot LIKE 'tag:%%' GROUP BY slot ORDER BY count(*) DESC, slot
        LIMIT %(limit)s""",
        {"limit": limit},
    )
    return [row["tag"] for row in rows]


def which_stages(connection: Connection[Any]) -> list[Stage]:
    """The stages that are set up, in their order."""
    return _stages(which_traits(connection, NOBODY, "stage:"))


def which_fields(connection: Connection[Any]) -> list[Field]:
    """The fields that the team made, in the order in which they were made."""
    return _made(which_traits(connection, NOBODY, "field:"))


def _stages(made: Iterable[Trait]) -> list[Stage]:
    found = [Stage(one.slot[6:], **one.value) for one in made if one.slot.startswith("stage:")]
    return sorted(found, key=lambda one: (one.rank, one.name))


def _made(made: Iterable[Trait]) -> list[Field]:
    found = [(one.slot[6:], one.value) for one in made if one.slot.startswith("field:")]
    made_so = [Field(key, it["name"], it["type"], False, [(one, one) for one in it["choices"]]) for key, it in found]
    return sorted(made_so, key=lambda one: one.label.casefold())


def _built_in() -> list[Field]:
    return [Field(key, label, BUILT_IN_TYPES.get(key, "text"), True) for key, label in BUILT_IN.items()]


def _choosable(team: Iterable[Identity]) -> list[tuple[str, str]]:
    return [(str(one.member), one.name) for one in team]


def _meant(traits: Iterable[Trait]) -> set[UUID]:
    """Everybody whom a value may mean."""
    found = set()
    for one in traits:
        if one.slot.startswith(("owner", "field:")) and isinstance(one.value, str) and len(one.value) == 36:
            try:
                found.add(UUID(one.value))
            except ValueError:
                continue
    return found


def _settled(stands: dict[str, Trait], field: Field, people: dict[UUID, Identity] | None = None) -> Field:
    """The field with what a colleague said, if one did."""
    one = stands.get(field.key) or stands.get(f"field:{field.key}")
    if one is None:
        return field
    filled = msgspec.structs.replace(field, value=one.value, position=one.position, by=one.by, at=one.at)
    if people and (field.key == "owner" or field.type == "member"):
        filled.person = people.get(UUID(one.value)) if one.value in map(str, people) else None
        filled.value = str(filled.person.member) if filled.person else one.value
    return filled


def _field(stands: dict[str, Trait], field: Field, people: dict[UUID, Identity], told: Field | None) -> Field:
    return _settled(stands, field, people) if f"field:{field.key}" in stands else told or field


def _told(field: Field, member: UUID, names: list[Name], people: dict[UUID, Identity]) -> Field | None:
    """What a source says: the name of the account that the member is called by, the newest address of any."""
    for one in names:
        value = {"name": one.name if one.identity == member else "", "contact": one.email}.get(field.key, "")
        if value:
            host = people[one.identity].host if one.identity in people else ""
            return msgspec.structs.replace(field, value=value, at=one.seen_at, source=one.source, host=host)
    return None
