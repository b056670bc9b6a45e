"""Effects: what people did before and after something that was done for them, beside people like them for whom it was not done.

Sixty days before and sixty after, the day itself left out. Who is like somebody did about as much in the days before and is here
about as long. What is left when the change of the similar is taken from the change of the touched may be the effect, or chance,
or why just these were chosen; so it is told with the span in which it lies, and with nothing where there are few.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from random import Random
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection

from crm.items import CONTACTS
from crm.kinds import _
from projections.identities import ACCOUNTS
from projections.sides import NO_PEOPLE

KINDS: dict[str, str] = {
    "gift": _("A gift"),
    "call": _("A call"),
    "meeting": _("A meeting"),
    "message": _("A message"),
    "attended": _("An event they attended"),
    "invited": _("An invitation they received"),
}
"""What can be done for somebody, as a msgid: what the team wrote down, and what sources tell."""

SPAN = 60
"""Days before and days after (as in Savannah's gift impact)."""
SIMILAR = 3
"""Similar people beside each."""
FEW = 20
"""People without whom nothing can be told."""
MOST = 150
"""Times that are looked at, the latest."""
DRAWS, SEED = 1000, 20_090
"""How often the people are drawn anew for the span in which a difference lies, and where chance begins, so that it stays the same."""


class Change(msgspec.Struct, frozen=True):
    """Something before and after."""

    before: float
    after: float

    @property
    def by(self) -> float:
        """What was added; below 0 where it became less."""
        return self.after - self.before


class Touched(msgspec.Struct):
    """Somebody for whom it was done on a day: acts and active days before and after, theirs and those of the `similar` on average."""

    member: UUID
    day: date
    acts: Change
    days: Change
    similar_acts: Change
    similar_days: Change
    similar: list[UUID]


class Measure(msgspec.Struct):
    """The averages of all who were touched and of their similar, and the difference of the two changes.

    It lies between `low` and `high` in 95 of 100 draws of the same number of people out of these.
    """

    touched: Change
    similar: Change
    difference: float
    low: float
    high: float


class Effect(msgspec.Struct):
    """What there is to tell of a kind. Of `times` on which it was done, `again` followed another too soon, `open` are not over yet,
    before `early` nothing was known of the person, `alone` had nobody like them, and `older` are more than are looked at.

    `ratio` is Savannah's gift impact, without anybody beside: what was added, in parts of what was before; None without a before.
    """

    kind: str
    times: int
    again: int
    open: int
    early: int
    older: int
    alone: int
    people: list[Touched]
    members: int
    acts: Measure | None
    days: Measure | None
    ratio: float | None

    @property
    def label(self) -> str:
        """What it is called, a msgid."""
        return KINDS[self.kind]

    @property
    def compared(self) -> int:
        """On how many of the times it was done there is somebody to compare with."""
        return self.times - self.again - self.open - self.early - self.older - self.alone

    @property
    def verdict(self) -> str:
        """Whether `few` were touched, or it is `unclear` from chance, or they did `more` or `less` than the similar."""
        if self.acts is None or self.members < FEW:
            return "few"
        return "more" if self.acts.low > 0 else "less" if self.acts.high < 0 else "unclear"


_TOLD = {
    **dict.fromkeys(
        CONTACTS,
        """SELECT member, coalesce((value ->> 'day')::date, (at AT TIME ZONE 'UTC')::date) AS day FROM traits
        WHERE slot LIKE %(kind)s || ':%%'""",
    ),
    "attended": """SELECT coalesce(s.member, t.member), (t.at AT TIME ZONE 'UTC')::date FROM timeline AS t
        LEFT JOIN membership AS s ON s.handle = t.member WHERE t.kind = 'attended' AND t.role = ''""",
    "invited": """SELECT coalesce(s.member, other), r.day FROM reached AS r CROSS JOIN unnest(r.others) AS each(other)
        LEFT JOIN membership AS s ON s.handle = other WHERE r.role = 'invited'""",
}

_OWN = f"""
WITH outsiders AS MATERIALIZED (SELECT member FROM {NO_PEOPLE}), told(member, day) AS MATERIALIZED ({{told}}), own AS MATERIALIZED (
    SELECT t.member, t.day, m.first_at, t.day + {SPAN} > %(today)s AS open,
        coalesce(m.first_at >= (t.day + 1)::timestamp AT TIME ZONE 'UTC', true) AS early,
        coalesce(t.day - lag(t.day) OVER (PARTITION BY t.member ORDER BY t.day) <= {SPAN}, false) AS again
    FROM (SELECT DISTINCT member, day FROM told) AS t LEFT JOIN members AS m USING (member)
    WHERE t.member NOT IN (SELECT member FROM outsiders)
)"""

_COUNTS = f"""{_OWN} SELECT count(*) AS times, count(*) FILTER (WHERE again) AS again,
    count(*) FILTER (WHERE open AND NOT again) AS open, count(*) FILTER (WHERE early AND NOT open AND NOT again) AS early FROM own"""

_CHANGE = f"""SELECT coalesce(sum(n) FILTER (WHERE a.day < m.day), 0)::bigint AS acts_before,
        coalesce(sum(n) FILTER (WHERE a.day > m.day), 0)::bigint AS acts_after,
        count(DISTINCT a.day) FILTER (WHERE a.day < m.day) AS days_before, count(DISTINCT a.day) FILTER (WHERE a.day > m.day) AS days_after
    FROM acted AS a WHERE a.member = ANY({ACCOUNTS}) AND a.day BETWEEN m.day - %(span)s AND m.day + %(span)s"""
"""What the member `m.member` did before and after `m.day`."""

_TOUCHED = f"""counted AS (
    SELECT member, day, first_at FROM own WHERE NOT (again OR open OR early) ORDER BY day DESC, member LIMIT %(most)s
), touched AS MATERIALIZED (
    SELECT m.*, change.*, greatest(1, acts_before / 4) AS band, first_at - here AS earliest,
        least(first_at + here, (day + 1)::timestamp AT TIME ZONE 'UTC') AS latest
    FROM counted AS m CROSS JOIN LATERAL ({_CHANGE}) AS change CROSS JOIN LATERAL (
        SELECT greatest(interval '7 days', (day::timestamp AT TIME ZONE 'UTC' - first_at) / 2) AS here
    ) AS half
), days AS MATERIALIZED (SELECT DISTINCT day, acts_before > 0 AS active FROM touched), present AS MATERIALIZED (
    SELECT d.day, coalesce(s.member, a.member) AS member, sum(n::int) AS acts
    FROM days AS d JOIN acted AS a ON d.active AND a.day BETWEEN d.day - %(span)s AND d.day - 1
    LEFT JOIN membership AS s ON s.handle = a.member WHERE a.member NOT IN (SELECT member FROM outsiders) GROUP BY 1, 2
), near AS MATERIALIZED (
    SELECT DISTINCT d.day, told.member FROM days AS d JOIN told ON told.day BETWEEN d.day - %(span)s AND d.day + %(span)s
)"""
"""For whom it was done, within which time somebody similar came, what everybody did before, and for whom it was done around that day."""

_LIKE = """m.member <> t.member AND m.member NOT IN (SELECT member FROM outsiders) AND m.first_at >= t.earliest AND m.first_at < t.latest
    AND (t.day, m.member) NOT IN (SELECT day, member FROM near)"""
"""Whether a member `m` is here about as long as `t` and was not touched near that day."""

_SILENT = f"""SELECT m.member, m.first_at FROM members AS m WHERE m.first_at {{side}} t.first_at AND {_LIKE} AND (
        SELECT a.day FROM acted AS a WHERE a.member = ANY({ACCOUNTS}) AND a.day BETWEEN t.day - %(span)s AND t.day - 1 LIMIT 1
    ) IS NULL ORDER BY m.first_at {{way}}, m.member LIMIT %(similar)s"""
"""Those who came next before or after `t` and did nothing in the days before; asked one by one, for the first three end it."""

_NUMBERS = ("acts_before", "acts_after", "days_before", "days_after")
_AVERAGES = ", ".join(f"avg({name})::float8 AS similar_{name}" for name in _NUMBERS)
_SIMILAR = ", ".join(f"similar_{name}" for name in _NUMBERS)

_EFFECT = f"""{_OWN}, {_TOUCHED}, alike AS (
    SELECT t.member, t.day, m.member AS other, abs(p.acts - t.acts_before) AS gap, extract(epoch FROM m.first_at - t.first_at) AS older
    FROM touched AS t JOIN present AS p ON p.day = t.day AND p.acts BETWEEN t.acts_before - band AND t.acts_before + band
    JOIN members AS m ON m.member = p.member AND {_LIKE} WHERE t.acts_before > 0
    UNION ALL SELECT t.member, t.day, m.member, 0, extract(epoch FROM m.first_at - t.first_at) FROM touched AS t CROSS JOIN LATERAL (
        ({_SILENT.format(side="<", way="DESC")}) UNION ALL ({_SILENT.format(side=">=", way="")})
    ) AS m WHERE t.acts_before = 0
), nearest AS MATERIALIZED (
    SELECT * FROM (
        SELECT *, row_number() OVER (PARTITION BY member, day ORDER BY gap, abs(older), other) AS place FROM alike
    ) AS ranked WHERE place <= %(similar)s
), beside AS (
    SELECT n.member, n.day, array_agg(n.other ORDER BY place) AS others, {_AVERAGES}
    FROM nearest AS n CROSS JOIN LATERAL (SELECT n.other AS member, n.day) AS m CROSS JOIN LATERAL ({_CHANGE}) AS change GROUP BY 1, 2
)
SELECT member, day, {", ".join(_NUMBERS)}, others, {_SIMILAR} FROM touched LEFT JOIN beside USING (member, day)
ORDER BY day DESC, member
"""


def what_did_it_do(connection: Connection[Any], kind: str, today: date) -> Effect:
    """What followed on a thing of this kind, as far as sixty days after it were over `today`."""
    asked = {"kind": kind, "today": today, "span": SPAN, "similar": SIMILAR, "most": MOST}
    counts = connection.execute(_COUNTS.format(told=_TOLD[kind]), asked).fetchone()
    assert counts is not None
    rows = connection.execute(_EFFECT.format(told=_TOLD[kind]), asked).fetchall()
    people = [_touched(row) for row in rows if row["others"]]
    left = counts["times"] - counts["again"] - counts["open"] - counts["early"]
    return Effect(
        kind,
        **counts,
        older=left - len(rows),
        alone=len(rows) - len(people),
        people=people,
        members=len({one.member for one in people}),
        acts=measured(people, "acts"),
        days=measured(people, "days"),
        ratio=impact([one.acts for one in people]),
    )


def impact(changes: Sequence[Change]) -> float | None:
    """Savannah's gift impact: all acts after less all before, in parts of those before; None where there were none before."""
    before = sum(one.before for one in changes)
    return sum(one.by for one in changes) / before if before else None


def measured(people: Sequence[Touched], what: str) -> Measure | None:
    """The averages of `acts` or `days`, and the difference of the changes with its span; None of nobody."""
    if not people:
        return None
    own: list[Change] = [getattr(one, what) for one in people]
    like: list[Change] = [getattr(one, f"similar_{what}") for one in people]
    added: dict[UUID, list[float]] = defaultdict(list)
    for one, mine, theirs in zip(people, own, like, strict=True):
        added[one.member].append(mine.by - theirs.by)
    low, high = spread(list(added.values()))
    difference = sum(map(sum, added.values())) / len(people)
    return Measure(_average(own), _average(like), difference, low, high)


def spread(added: Sequence[Sequence[float]]) -> tuple[float, float]:
    """Between what the average lies in 95 of 100 draws (percentile bootstrap); whoever is drawn comes with all their times."""
    chance, sums = Random(SEED), [(sum(one), len(one)) for one in added]
    drawn = (chance.choices(sums, k=len(sums)) for _ in range(DRAWS))
    means = sorted(sum(total for total, _ in draw) / sum(n for _, n in draw) for draw in drawn)
    return means[DRAWS // 40], means[-1 - DRAWS // 40]


def _average(changes: Sequence[Change]) -> Change:
    n = len(changes)
    return Change(sum(one.before for one in changes) / n, sum(one.after for one in changes) / n)


def _touched(row: dict[str, Any]) -> Touched:
    changes = {
        name: Change(row[f"{name}_before"], row[f"{name}_after"])
        for name in ("acts", "days", "similar_acts", "similar_days")
    }
    return Touched(row["member"], row["day"], **changes, similar=row["others"])
