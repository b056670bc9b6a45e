"""Degree: of all others in the network, with what part of them somebody has a tie."""

from crm.kinds import _
from crm.scores.formula import Central

FORMULA = Central(
    name="degree",
    label=_("How many they know"),
    unit=_("of everybody"),
    explained=_(
        "Of all people who have a tie on that day, the part whom this member is tied to: 1 would be everybody. A tie fades by a "
        "tenth with each month in which nothing passes. Who stands out by it is a hub."
    ),
    source="Degree centrality as networkx defines it; ties by the Orbit model (2022, reach)",
    editions={1: _("Each tie counts the same")},
    measure="degree",
)
