"""Savannah's levels: first by how often somebody talks, then by how often they give. And what a gift did, as it counted it."""

from typing import NamedTuple

from crm.kinds import _
from crm.scores.asking import THIS_YEAR, among
from crm.scores.formula import Measured

CONVERSATIONS = ("posted", "asked", "replied")

CONTRIBUTIONS = (
    "answered",
    "solved",
    "reviewed",
    "proposed",
    "contributed",
    "merged",
    "published",
    "created",
    "hosted",
    "spoke",
)
"""Savannah counts answers as contributions of the type support; a message is a conversation, so an answer is only the one."""


class Bars(NamedTuple):
    """From how many conversations somebody is a visitor and a participant, from how many contributions a contributor and core."""

    visitor: int
    participant: int
    contributor: int
    core: int


BARS = {1: Bars(1, 10, 1, 10), 2: Bars(1, 3, 1, 5)}


def _query(bars: Bars) -> str:
    return f"""
    WITH sums AS (
        SELECT member, coalesce(sum(n) FILTER (WHERE kind IN {among(CONVERSATIONS)}), 0)::bigint AS conversations,
            coalesce(sum(n) FILTER (WHERE kind IN {among(CONTRIBUTIONS)}), 0)::bigint AS contributions
        FROM acted WHERE {THIS_YEAR} AND kind IN {among(CONVERSATIONS + CONTRIBUTIONS)} GROUP BY member
    ),
    judged AS (
        SELECT *, CASE WHEN contributions >= {bars.core} THEN 4 WHEN contributions >= {bars.contributor} THEN 3
            WHEN conversations >= {bars.participant} THEN 2 WHEN conversations >= {bars.visitor} THEN 1 ELSE 0 END AS place FROM sums
    )
    SELECT member, place::float8 AS value, (ARRAY['', 'visitor', 'participant', 'contributor', 'core'])[place + 1] AS level,
        jsonb_build_object('conversations', conversations, 'contributions', contributions) AS told
    FROM judged
    """


FORMULA = Measured(
    name="savannah",
    label=_("Savannah level"),
    unit=_("of 4"),
    explained=_(
        "By what somebody did in the year before: who talks is a visitor, who often talks a participant; who once gave something, "
        "such as an answer, a change or a talk, is a contributor, and who often did so is core."
    ),
    source="Savannah CRM, levels by project over 365 days",
    editions={1: _("The whole community: 1, 10, 1, 10"), 2: _("One project: 1, 3, 1, 5")},
    queries={edition: _query(bars) for edition, bars in BARS.items()},
    levels={
        "visitor": _("Visitor"),
        "participant": _("Participant"),
        "contributor": _("Contributor"),
        "core": _("Core"),
    },
    words={"conversations": _("conversations in the year"), "contributions": _("contributions in the year")},
)

GIFT_DAYS = 60
"""How many days before and after a gift are compared."""


def gift_impact(before: int, after: int) -> float | None:
    """By what part the conversations of 60 days grew after a gift; None where there were none before it to compare with."""
    return (after - before) / before if before else None
