"""What a formula is made of: rules that earn points and how they fade, or a question to the facts."""

from collections.abc import Callable, Mapping
from typing import Literal
from uuid import UUID

import msgspec

from crm.kinds import _

Way = Literal["did", "toward", "heard", "praised", "welcomed", "sanctioned"]
"""How acts count. `did`: each act. `toward`: each person reached, once a day. `heard` and `praised`: each person who responded in
words, or by thanks and reactions, once, on the day of their latest. `welcomed`: each person responded to within their first week, once
a day. `sanctioned`: each sanction as long as it stands."""

ONCE = ("heard", "praised", "sanctioned")
"""Ways that count each person or sanction once, whatever the day; no cap limits them."""

GROUPS: dict[str, str] = {
    "helping": _("Helping"),
    "creating": _("Creating"),
    "encouraging": _("Encouraging"),
    "bringing": _("Bringing people in"),
    "heard": _("Being heard"),
    "sanctions": _("Sanctions"),
}
"""What points are for, in the order in which they are shown."""


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """What earns points, in words (`label` is a msgid). Acts of these kinds, or with `roles` what reached somebody in one of them;
    none named means any. Of sanctions, `kinds` are their names; the other ways take none.
    """

    key: str
    label: str
    group: str
    way: Way
    kinds: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()


class Earning(msgspec.Struct, frozen=True):
    """What a rule earns: `weight` points, of which half is left after `half_life` days (0: they never fade), for at most `cap`
    a day (0: as many as there are)."""

    weight: float
    half_life: float = 0
    cap: int = 0


class Level(msgspec.Struct, frozen=True):
    """A step of a ladder, reached from so many points on. The team names it; those that Kith names are msgids."""

    name: str
    points: float


class Settings(msgspec.Struct, frozen=True):
    """What of a weighted formula the team may change: earnings by rule, and a ladder from the lowest step up.

    A level is reached at once, and kept for `holding` month ends after the points for it are gone.
    """

    earnings: dict[str, Earning]
    ladder: tuple[Level, ...] = ()
    holding: int = 0


class Formula(msgspec.Struct, frozen=True, kw_only=True):
    """What any formula tells of itself, in words (msgids). `source` is where it is from, as it is cited; `unit` what its number counts.

    `editions` are the versions that Kith brings, each by what it is called.
    """

    name: str
    label: str
    unit: str
    explained: str
    source: str
    editions: dict[int, str]


class Weighted(Formula, frozen=True, kw_only=True):
    """Points for acts, which fade: by half-life, or where `monthly` is given to that part with each whole month."""

    rules: tuple[Rule, ...]
    settings: dict[int, Settings]
    monthly: float = 0


class Measured(Formula, frozen=True, kw_only=True):
    """A question in SQL for each edition, over relations of people alone, up to the day `%(today)s`: `acted(member, day, kind, n)`,
    `reached(member, other, day, kind, role)`, each person once a day, and `answered(member, author, post, role, day)`, each answer to
    what an author posted.

    It yields `member`, `value` (float8), `level` (a key of `levels`, or ''), and `told` (jsonb: what it saw, by a key of `words`).
    Where a level depends on the values of all members together, `finish` is given these and answers with the levels instead.
    """

    queries: dict[int, str]
    levels: dict[str, str] = {}
    words: Mapping[str, str] = {}
    finish: Callable[[list[tuple[UUID, float]]], dict[UUID, str]] | None = None


class Central(Formula, frozen=True, kw_only=True):
    """A measure of a member's place in the network of ties: degree, betweenness or pagerank."""

    measure: Literal["degree", "betweenness", "pagerank"]
