"""The h-index of a member: posts that many different people responded to, so that neither one hit nor much chatter suffices."""

from collections.abc import Iterable

from crm.kinds import _
from crm.scores.asking import among
from crm.scores.formula import Measured

RESPONSES = ("replied", "reacted", "thanked", "reviewed")
"""Roles in which a post's own author is touched. Who is quoted or helped is touched by a response to the post of somebody else."""

_QUERY = f"""
WITH posts AS (
    SELECT author AS member, post, count(DISTINCT member) AS people FROM answered WHERE role IN {among(RESPONSES)}
    GROUP BY author, post
),
ranked AS (
    SELECT member, people, row_number() OVER best AS place, sum(people) OVER best AS together
    FROM posts WINDOW best AS (PARTITION BY member ORDER BY people DESC, post ROWS UNBOUNDED PRECEDING)
)
SELECT member, count(*) FILTER (WHERE people >= place)::float8 AS value, '' AS level,
    jsonb_build_object('posts', count(*), 'most', max(people), 'g', count(*) FILTER (WHERE together >= place * place)) AS told
FROM ranked GROUP BY member
"""
"""Since posts stand from the best down, the places that pass either test are the first ones without a gap."""

FORMULA = Measured(
    name="h-index",
    label=_("h-index"),
    unit=_("posts"),
    explained=_(
        "So many posts of somebody have each drawn responses from at least as many different people: replies, thanks, reactions, "
        "reviews. Own responses and those of colleagues and bots are left out. It only grows; a single hit raises it by one."
    ),
    source="Hirsch’s index for forums: Bui et al. 2014; doi 10.1145/3503823.3503859; t-factor, arXiv 1508.02179; g-index: Egghe",
    editions={1: _("Different people who responded")},
    queries={1: _QUERY},
    words={
        "posts": _("posts with a response"),
        "most": _("people who responded to the best of them"),
        "g": _("g-index"),
    },
)


def h_index(people: Iterable[int]) -> int:
    """The largest h such that h posts have h or more responders each, from the responders of each post."""
    return sum(count >= place for place, count in enumerate(sorted(people, reverse=True), 1))


def g_index(people: Iterable[int]) -> int:
    """The largest g such that the g best posts have g² responders together, g being no more than there are posts."""
    together, found = 0, 0
    for place, count in enumerate(sorted(people, reverse=True), 1):
        together += count
        found = place if together >= place * place else found
    return found
