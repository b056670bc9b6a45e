"""What a filter of members may choose from: all that the team has set up, the tags that are borne, the colleagues."""

from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection

from crm.event import NOBODY
from crm.fields import BUILT_IN
from projections.identities import CALLED, NAME, which_sources
from projections.then import Then


class Field(msgspec.Struct):
    """A field that the team made."""

    field: str
    name: str
    type: str
    choices: list[str]

    def pairs(self) -> list[tuple[str, str]]:
        """The choices as a form wants them."""
        return [(choice, choice) for choice in self.choices]


class Offered(msgspec.Struct):
    """Stages in their order, organisations and colleagues by name, each by its id; tags and fields by name.

    `owned` is whether any member has an owner.
    """

    sources: list[str]
    tags: list[str]
    stages: dict[str, str]
    organisations: dict[str, str]
    colleagues: dict[str, str]
    fields: list[Field]
    owned: bool

    def called(self, id: str) -> str:
        """The stage, organisation or colleague of this id; empty where there is none any more."""
        return (self.stages | self.organisations | self.colleagues).get(id, "")

    def field(self, field: str) -> str:
        """What a field is called, one of `crm.fields.BUILT_IN` by its msgid; empty where there is none any more."""
        return BUILT_IN.get(field) or next((one.name for one in self.fields if one.field == field), "")


_SET_UP = """
SELECT slot, value FROM traits WHERE member = %(nobody)s AND slot LIKE ANY('{stage:%%,organisation:%%,field:%%}')
ORDER BY (value->>'rank')::int, lower(value->>'name'), slot LIMIT 5000
"""

_TAGS = """
WITH RECURSIVE known AS (
    (SELECT slot FROM traits WHERE slot ~>=~ 'tag:' AND slot ~<~ 'tag;' ORDER BY slot USING ~<~ LIMIT 1) UNION ALL
    SELECT (SELECT t.slot FROM traits AS t WHERE t.slot ~>~ known.slot AND t.slot ~<~ 'tag;' ORDER BY t.slot USING ~<~ LIMIT 1)
    FROM known WHERE known.slot IS NOT NULL
) SELECT substr(slot, 5) AS tag FROM known WHERE slot IS NOT NULL ORDER BY tag LIMIT 1000
"""
"""One look into the index for each tag, for many may bear it."""

_COLLEAGUES = f"""
SELECT m.member, {NAME} AS name FROM (
    SELECT member FROM traits WHERE slot = 'side' AND value = '"team"'
    UNION SELECT (value #>> '{{}}')::uuid FROM traits WHERE slot = 'owner'
) AS m {CALLED} ORDER BY name, m.member LIMIT 1000
"""


def what_is_offered(connection: Connection[Any]) -> Offered:
    """All that may be chosen now."""
    set_up = connection.execute(_SET_UP, {"nobody": NOBODY}).fetchall()

    def named(prefix: str) -> dict[str, Any]:
        return {row["slot"][len(prefix) :]: row["value"] for row in set_up if row["slot"].startswith(prefix)}

    return Offered(
        sources=which_sources(connection),
        tags=[row["tag"] for row in connection.execute(_TAGS, {})],
        stages={id: value["name"] for id, value in named("stage:").items()},
        organisations={id: value["name"] for id, value in named("organisation:").items()},
        colleagues={str(row["member"]): row["name"] for row in connection.execute(_COLLEAGUES, {})},
        owned=bool(connection.execute("SELECT FROM traits WHERE slot = 'owner' LIMIT 1").fetchall()),
        fields=[
            Field(id, value["name"], value["type"], value.get("choices", [])) for id, value in named("field:").items()
        ],
    )


class Marks(msgspec.Struct):
    """What the team said of a member: tags, and the ids of stage and owner."""

    tags: list[str]
    stage: str
    owner: str


def which_marks(connection: Connection[Any], members: list[UUID], then: Then | None = None) -> dict[UUID, Marks]:
    """The marks of these members; as they were in the tables of `then`."""
    beginning, traits, known = (then.beginning, then.tables["traits"], then.parameters) if then else ("", "traits", {})
    rows = connection.execute(
        f"""{beginning} SELECT member, slot, value FROM {traits} WHERE member = ANY(%(members)s)
        AND (slot LIKE 'tag:%%' OR slot IN ('stage', 'owner')) ORDER BY member, slot LIMIT 1000000""",
        {**known, "members": members},
    )
    found = {member: Marks([], "", "") for member in members}
    for row in rows:
        marks = found[row["member"]]
        if row["slot"].startswith("tag:"):
            marks.tags.append(row["slot"][4:])
        else:
            setattr(marks, row["slot"], row["value"])
    return found
