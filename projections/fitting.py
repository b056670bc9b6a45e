"""Conditions on members as SQL. Only those that are asked are written into a statement, so that its plan fits them.

The same conditions are asked of the tables as they are and of the tables as they were (`projections.then`). So a text here names
both tables and parameters as `$name`, and what stands in their place is said last.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from string import Template
from typing import Any, NamedTuple

from crm.conditions import NONE, Bound, Conditions
from projections.folding import folded

NOW = {"members": "members", "traits": "traits", "membership": "membership", "days": "acted"}
"""The tables as they are."""

_TEXT = "value #>> '{}'"
_FOLDED = rf"lower(translate(regexp_replace(normalize({_TEXT}, NFD), '[\u0300-\u036f]', '', 'g'), 'Đđ', 'dd'))"
"""The text of a trait as `projections.folding` folds it."""


def _of_accounts(table: str, account: str, condition: str) -> str:
    """The members that the accounts in this table belong to."""
    return f"""SELECT coalesce(s.member, x.{account}) FROM {table} AS x
        LEFT JOIN $membership AS s ON s.handle = x.{account} WHERE {condition}"""


def _said(slot: str, condition: str = "true") -> str:
    """The members of whom the team said this; an object under the slot of a field is its definition."""
    return f"SELECT member FROM $traits WHERE slot = {slot} AND jsonb_typeof(value) <> 'object' AND {condition}"


_BOTS = f"""SELECT identity FROM identities WHERE bot AND identity NOT IN ({_said("'side'")})"""

_FITTING = {
    "words": f"""m.member IN ({_of_accounts("identities", "identity", "x.search_key LIKE ALL($words)")}
        UNION {_said("'field:name'", f"{_FOLDED} LIKE ALL($words)")})""",
    "source": """(EXISTS (SELECT FROM identities AS x WHERE x.identity = m.member AND x.source = $source) OR m.member IN (
        SELECT s.member FROM $membership AS s JOIN identities AS x ON x.identity = s.handle WHERE x.source = $source))""",
    "person": f"""m.member NOT IN ({_BOTS} UNION ALL {_said("'side'", "value <> to_jsonb($person::text)")})""",
    "team": f"""m.member IN ({_said("'side'", "value = to_jsonb($team::text)")})""",
    "bot": f"""m.member IN ({_BOTS} UNION ALL {_said("'side'", "value = to_jsonb($bot::text)")})""",
    "seen": "m.last_at >= $seen",
    "new": "m.first_at >= $new",
    "quiet": """m.acts > 0 AND (m.last_at < $quiet::timestamp AT TIME ZONE 'UTC' OR NOT EXISTS (
        SELECT FROM $days AS x WHERE x.member = m.member AND x.day > $quiet AND x.day <= $today
        UNION ALL SELECT FROM $membership AS s JOIN $days AS x ON x.member = s.handle
        WHERE s.member = m.member AND x.day > $quiet AND x.day <= $today))""",
    "acts": "m.acts >= $acts",
    "stage": f"""m.member IN ({_said("'stage'", "value = to_jsonb($stage::text)")})""",
    "no_stage": f"""m.member NOT IN ({_said("'stage'")})""",
    "owner": f"""m.member IN ({_said("'owner'", "value = to_jsonb($owner::text)")})""",
    "no_owner": f"""m.member NOT IN ({_said("'owner'")})""",
    "organisation": """m.member IN (SELECT member FROM $traits WHERE slot LIKE 'affiliation:%%'
        AND value->>'organisation' = $organisation::text AND coalesce((value->>'since')::date, '-infinity') <= $today
        AND coalesce((value->>'until')::date, 'infinity') > $today)""",
    "watched": f"""m.member IN ({_said("'watch'")})""",
    "batch": f"m.member IN ({_of_accounts('brought_members', 'member', 'x.batch = $batch')})",
}
"""Of each condition its SQL; the parameter in it bears the condition's name."""

_NUMBER = rf"""CASE WHEN {_TEXT} ~ '\A[-+]?([0-9]{{1,200}}\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]{{1,2}})?\Z' THEN ({_TEXT})::float8 END"""
"""The number in a trait; none where the field took other values before it was one of numbers."""

_FIELDS = {
    "choice": {"has": "value @> to_jsonb($has::text)"},
    "number": {"has": f"{_TEXT} = $has::text", "least": f"{_NUMBER} >= $least", "most": f"{_NUMBER} <= $most"},
    "date": {"has": f"{_TEXT} = $has::text", "least": f"{_TEXT} >= $least::text", "most": f"{_TEXT} <= $most::text"},
    "text": {"has": f"{_FOLDED} LIKE $has"},
}
"""Of each type of field what may be asked of its value."""

_TYPES = {"choices": "choice", "member": "choice", "birthday": "date"}
"""Types, and a field that every Kith has, which are asked as those of another type."""

_LATELY = """(SELECT b.*, w.lately FROM $members AS b JOIN (
    SELECT member, sum(n)::bigint AS lately FROM (
        SELECT coalesce(s.member, x.member) AS member, x.n FROM $days AS x LEFT JOIN $membership AS s ON s.handle = x.member
        WHERE x.day > $within AND x.day <= $today
    ) AS did GROUP BY member HAVING sum(n) >= $least
) AS w USING (member))"""
"""Members with how much they did in the last days."""

_NAMED = "(SELECT b.*, j.sort_key FROM $members AS b JOIN identities AS j ON j.identity = b.member)"

SORTS = {
    "acts": "m.acts DESC, m.member",
    "lately": "m.lately DESC, m.member",
    "recent": "m.last_at DESC, m.member",
    "newest": "m.first_at DESC, m.member",
    "received": "m.received DESC, m.member",
    "name": "m.sort_key, m.member",
}
"""Ways to order members, by the word that stands in an address."""


class Fitting(NamedTuple):
    """A statement that yields the members that fit, its parameters, and how their rows are ordered."""

    query: str
    parameters: dict[str, Any]
    order: str


def fitting(
    wish: Conditions, today: date, types: Mapping[str, str], tables: Mapping[str, str] = NOW, prefix: str = ""
) -> Fitting:
    """Members that fit on the day `today`. `types` are those of the fields the team made; `prefix` begins each parameter's name."""
    parts = [*_asked(wish, today), *_asked_of_fields(wish, types)]
    lately = bool(wish.within)
    sort = "acts" if wish.sort == "lately" and not lately else wish.sort
    source = _LATELY if lately else _NAMED if sort == "name" else "$members"
    values: dict[str, Any] = {"today": today}
    if lately:
        values |= {"within": today - timedelta(days=wish.within), "least": wish.acts}
    conditions = []
    for number, (text, own) in enumerate(parts):
        conditions.append(Template(text).safe_substitute({name: f"${name}_{number}" for name in own}))
        values |= {f"{name}_{number}": value for name, value in own.items()}
    query = f"SELECT m.* FROM {source} AS m WHERE {' AND '.join(conditions or ['true'])}"
    called = {name: f"%({prefix}{name})s" for name in values}
    parameters = {f"{prefix}{name}": value for name, value in values.items()}
    return Fitting(Template(query).substitute({**tables, **called}), parameters, SORTS[sort])


def _asked(wish: Conditions, today: date) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each condition as SQL, with its own parameters."""
    values: dict[str, Any] = {
        "words": [f"%{_literally(word)}%" for word in folded(wish.q).split()],
        "source": wish.source,
        wish.kind or "person": wish.kind,
        "seen": wish.seen and _since(today, wish.seen),
        "new": wish.new and _since(today, wish.new),
        "quiet": wish.quiet and today - timedelta(days=wish.quiet),
        "acts": 0 if wish.within else wish.acts,
        "no_stage" if wish.stage == NONE else "stage": wish.stage,
        "no_owner" if wish.owner == NONE else "owner": wish.owner,
        "organisation": wish.organisation,
        "watched": wish.watched,
        "batch": wish.batch,
    }
    for name, value in values.items():
        if value:
            yield _FITTING[name], {name: value}
    for tag in wish.tags:
        yield f"m.member IN ({_said('$slot')})", {"slot": f"tag:{tag}"}


def _asked_of_fields(wish: Conditions, types: Mapping[str, str]) -> Iterator[tuple[str, dict[str, Any]]]:
    for bound in wish.fields:
        type = types.get(bound.field, bound.field)
        known = _FIELDS.get(_TYPES.get(type, type), _FIELDS["text"])
        for name, value in _bounds(bound, known).items():
            yield f"m.member IN ({_said('$slot', known[name])})", {"slot": f"field:{bound.field}", name: value}


def _bounds(bound: Bound, known: Mapping[str, str]) -> dict[str, Any]:
    """What is asked of a field, as parameters; a bound that is no number asks nothing of one."""
    asked: dict[str, Any] = {name: value for name, value in bound._asdict().items() if name in known and value}
    if known is _FIELDS["text"]:
        return {"has": f"%{_literally(folded(asked['has']))}%"} if asked else {}
    if known is _FIELDS["number"]:
        return {
            name: value if name == "has" else number
            for name, value in asked.items()
            if (number := _number(value)) is not None
        }
    return asked


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _since(today: date, days: int) -> datetime:
    """When the first of so many days began, of which today is the last."""
    return datetime.combine(today - timedelta(days=days - 1), time.min, UTC)


def _literally(word: str) -> str:
    return word.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
