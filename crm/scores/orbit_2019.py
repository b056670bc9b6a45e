"""The Orbit model as it was first published: love is what somebody did lately, by how much it weighed."""

from crm.kinds import _
from crm.scores.formula import Earning, Level, Rule, Settings, Weighted

FORMULA = Weighted(
    name="orbit-2019",
    label=_("Love (Orbit 2019)"),
    unit=_("love"),
    explained=_(
        "Each act weighs one to three and keeps nine tenths of that with each whole month that passes. From a half, one and "
        "one and a half on somebody is in a nearer orbit."
    ),
    source="Orbit model, README at 3519fde (2019–2022)",
    editions={1: _("Weights one to three")},
    monthly=0.9,
    rules=(
        Rule(key="light", label=_("took part"), group="encouraging", way="did", kinds=("reacted", "voted", "starred", "followed", "registered")),
        Rule(key="talk", label=_("joined a conversation"), group="helping", way="did", kinds=("posted", "asked", "replied", "attended")),
        Rule(
            key="work", label=_("helped or made something"), group="creating", way="did",
            kinds=("answered", "solved", "reviewed", "contributed", "proposed", "published", "spoke", "hosted", "invited"),
        ),
    ),
    settings={
        1: Settings(
            earnings={"light": Earning(1), "talk": Earning(2), "work": Earning(3)},
            ladder=(Level(_("Orbit 4"), 0), Level(_("Orbit 3"), 0.5), Level(_("Orbit 2"), 1), Level(_("Orbit 1"), 1.5)),
        )
    },
)  # fmt: skip
