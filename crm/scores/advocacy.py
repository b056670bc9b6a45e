"""Kith's own score: what somebody does for the community, as far as other people had something of it.

Guards against gaming are in the rules: a person counts once a day however often they are thanked, so that chatter earns little;
own replies, bots and colleagues earn nothing; and two who praise only each other earn nothing by that.
"""

from crm.kinds import _
from crm.scores.formula import Earning, Level, Rule, Settings, Weighted

FORMULA = Weighted(
    name="advocacy",
    label=_("Advocacy"),
    unit=_("points"),
    explained=_(
        "What somebody does for the community, as far as others had something of it: helping, creating, encouraging, "
        "bringing people in, and being heard. Points fade, so it tells of lately. Each person counts once a day, and two who "
        "praise only each other earn nothing by it. A sanction that stands takes points away."
    ),
    source="Kith",
    editions={1: _("Kith’s own weights")},
    rules=(
        Rule(key="answers", label=_("answered somebody"), group="helping", way="toward", kinds=("answered",), roles=("replied",)),
        Rule(key="solved", label=_("gave the answer that was needed"), group="helping", way="toward", roles=("helped",)),
        Rule(key="reviews", label=_("reviewed somebody’s work"), group="helping", way="toward", roles=("reviewed",)),
        Rule(key="replies", label=_("replied to somebody"), group="helping", way="toward", kinds=("replied",), roles=("replied",)),
        Rule(key="topics", label=_("posted something"), group="creating", way="did", kinds=("posted",)),
        Rule(key="changes", label=_("contributed a change"), group="creating", way="did", kinds=("contributed", "proposed")),
        Rule(key="works", label=_("published or made something"), group="creating", way="did", kinds=("published", "created", "credited")),
        Rule(key="thanks", label=_("thanked or encouraged somebody"), group="encouraging", way="toward", roles=("thanked", "reacted")),
        Rule(key="welcomes", label=_("responded to somebody in their first week"), group="encouraging", way="welcomed"),
        Rule(key="invitations", label=_("invited somebody"), group="bringing", way="toward", roles=("invited",)),
        Rule(key="talks", label=_("gave a talk"), group="bringing", way="did", kinds=("spoke",)),
        Rule(key="gatherings", label=_("held a gathering"), group="bringing", way="did", kinds=("hosted",)),
        Rule(key="heard", label=_("somebody responded"), group="heard", way="heard"),
        Rule(key="praised", label=_("somebody thanked them"), group="heard", way="praised"),
        Rule(key="warnings", label=_("a warning stands"), group="sanctions", way="sanctioned", kinds=("warn",)),
        Rule(
            key="silences", label=_("a silencing stands"), group="sanctions", way="sanctioned",
            kinds=("mute", "timeout", "silence", "limit", "kick"),
        ),
        Rule(key="bans", label=_("a suspension or ban stands"), group="sanctions", way="sanctioned", kinds=("suspend", "ban")),
    ),
    settings={
        1: Settings(
            earnings={
                "answers": Earning(5, 180, 8),
                "solved": Earning(8, 180, 5),
                "reviews": Earning(5, 180, 5),
                "replies": Earning(1, 180, 8),
                "topics": Earning(2, 180, 3),
                "changes": Earning(3, 180, 3),
                "works": Earning(8, 180, 2),
                "thanks": Earning(0.5, 90, 8),
                "welcomes": Earning(2, 180, 5),
                "invitations": Earning(5, 180, 3),
                "talks": Earning(15, 365, 1),
                "gatherings": Earning(15, 365, 1),
                "heard": Earning(1, 180),
                "praised": Earning(1, 180),
                "warnings": Earning(-10, 180),
                "silences": Earning(-25, 180),
                "bans": Earning(-60, 365),
            },
            ladder=(
                Level(_("Visitor"), 0),
                Level(_("Friend"), 10),
                Level(_("Supporter"), 50),
                Level(_("Advocate"), 150),
                Level(_("Champion"), 400),
            ),
            holding=2,
        )
    },
)  # fmt: skip
