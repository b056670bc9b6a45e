"""Betweenness: how often somebody lies on the shortest way between two others."""

from crm.kinds import _
from crm.scores.formula import Central

FORMULA = Central(
    name="betweenness",
    label=_("How much goes through them"),
    unit=_("of all ways"),
    explained=_(
        "Of all pairs of other people, the part whose shortest way from one to the other leads through this member. In a community "
        "of more than a thousand people it is told of the thousand with the greatest reach. Who stands out by it is a bridge."
    ),
    source="Betweenness centrality, normalised, as networkx defines it; ties by the Orbit model (2022, reach)",
    editions={1: _("Each tie is one step")},
    measure="betweenness",
)
