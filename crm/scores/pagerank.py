"""PageRank: who is turned to by those who are turned to."""

from crm.kinds import _
from crm.scores.formula import Central

FORMULA = Central(
    name="pagerank",
    label=_("How far those respect them who are respected"),
    unit=_("of all respect"),
    explained=_(
        "Everybody hands on the respect they have to those whom they answer, thank or mention, the more the stronger the tie; what "
        "gathers at each is told, all together 1. Who stands out by it is respected by the respected."
    ),
    source="PageRank with damping 0.85 as networkx defines it; ties by the Orbit model (2022, reach)",
    editions={1: _("Acts toward somebody weigh by their strength")},
    measure="pagerank",
)
