"""Engagement rate: what comes back from an audience, in percent of it. Known from social networks; inside, the community is it."""

from collections.abc import Iterable
from datetime import date
from math import fsum
from typing import NamedTuple

from crm.kinds import _
from crm.scores.asking import THIS_YEAR, among
from crm.scores.formula import Measured

BANDS: tuple[tuple[str, float], ...] = (("low", 0), ("ordinary", 1), ("high", 3.5))
"""From how many percent on people call a rate so; over `TOP` they call it very high. Folk wisdom, not a finding."""

TOP = 6

LIKE, COMMENT, SHARE = 1, 5, 10
"""Tenths of the weights of the community form."""

SMALLEST_AUDIENCE = 2_000
FEWEST_POSTS = 10


class Post(NamedTuple):
    """A post to an audience outside: its day and what came back."""

    day: date
    likes: int
    comments: int
    shares: int = 0


def by_audience(likes: int, comments: int, shares: int, audience: int) -> float:
    """Percent of the followers, or of the impressions, that responded. ValueError where there are none."""
    if audience <= 0:
        raise ValueError("an engagement rate needs an audience")
    return 100 * (likes + comments + shares) / audience


def by_grin(likes: int, comments: int, followers: int) -> float:
    """As GRIN counts: percent of the followers, without shares."""
    return by_audience(likes, comments, 0, followers)


def by_community(likes: int, comments: int, shares: int, members: int) -> float:
    """The weighted form for communities, in percent of the members: a share (or post) weighs 1, a comment ½, a like ⅒."""
    return by_audience(LIKE * likes, COMMENT * comments, SHARE * shares, 10 * members)


def by_sample(posts: Iterable[Post], audience: Iterable[tuple[date, int]]) -> float | None:
    """The mean rate of the posts, each by the audience that was last observed when it went out.

    After Traackr's rules posts to less than 2,000 do not count, nor those before the first observation, and of less than ten
    posts nothing is said: None.
    """
    observed = sorted(audience)
    rates = []
    for post in posts:
        size = next((people for day, people in reversed(observed) if day <= post.day), 0)
        if size >= SMALLEST_AUDIENCE:
            rates.append(by_audience(post.likes, post.comments, post.shares, size))
    return fsum(rates) / len(rates) if len(rates) >= FEWEST_POSTS else None


def band(rate: float) -> str:
    """What people call such a rate, as a key of the formula's levels."""
    return "very-high" if rate > TOP else [key for key, least in BANDS if rate >= least][-1]


LIKES = ("reacted", "thanked")
COMMENTS = ("replied", "reviewed")
SHARES = ("quoted", "mentioned")

_QUERY = f"""
WITH responses AS (
    SELECT other AS member, max(CASE WHEN role IN {among(SHARES)} THEN {SHARE} WHEN role IN {among(COMMENTS)} THEN {COMMENT}
        ELSE {LIKE} END) AS tenths
    FROM reached WHERE {THIS_YEAR} AND role IN {among(LIKES + COMMENTS + SHARES)} GROUP BY other, member, day
),
sums AS (
    SELECT member, count(*) FILTER (WHERE tenths = {LIKE}) AS likes, count(*) FILTER (WHERE tenths = {COMMENT}) AS comments,
        count(*) FILTER (WHERE tenths = {SHARE}) AS shares, sum(tenths) AS tenths
    FROM responses GROUP BY member
),
rates AS (
    SELECT *, tenths::float8 * 100 / (members * 10) AS rate
    FROM sums, (SELECT count(*) AS members FROM (SELECT DISTINCT member FROM acted WHERE {THIS_YEAR}) AS active) AS community
)
SELECT member, rate AS value, CASE WHEN rate > {TOP} THEN 'very-high'
    {" ".join(f"WHEN rate >= {least} THEN '{key}'" for key, least in reversed(BANDS))} END AS level,
    jsonb_build_object('likes', likes, 'comments', comments, 'shares', shares, 'members', members) AS told
FROM rates
"""
"""What the same person did toward them on a day counts once, as the heaviest of it."""

FORMULA = Measured(
    name="engage-rate",
    label=_("Engagement rate"),
    unit=_("percent"),
    explained=_(
        "What came back to somebody in the year before, in percent of the members active in it: a post that quotes or mentions them "
        "weighs 1, a reply or review a half, a like or thanks a tenth, and each person counts once a day. Likes count as far as sources tell whose they are. That one "
        "percent is ordinary, three and a half high and more than six very high is folk wisdom from social networks, and rare in a large community."
    ),
    source="EngageRate: weighted community form; sample rules after Traackr, form without shares after GRIN",
    editions={1: _("Weights 0.1, 0.5 and 1")},
    queries={1: _QUERY},
    levels={"low": _("Low"), "ordinary": _("Ordinary"), "high": _("High"), "very-high": _("Very high")},
    words={
        "likes": _("likes and thanks received"),
        "comments": _("replies and reviews received"),
        "shares": _("posts that quote or mention them"),
        "members": _("members active in the year"),
    },
)
