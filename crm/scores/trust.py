"""Discourse's trust levels, which many forums know: what somebody has to have read, done and been given to be trusted more.

The bars are data, from which both the function and the question to the facts are made, so that the two cannot differ.
"""

from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from crm.kinds import _
from crm.scores.asking import OWN, among
from crm.scores.formula import Measured

LATELY = 100
"""Days that the bars of level 3 look back."""

LOW_WATER = 90
"""Percent of a bar under which level 3 is lost."""


class Edition(NamedTuple):
    """What changed between the editions: how many new topics and posts suffice to read, and for how many days level 3 is safe."""

    topics: int
    posts: int
    grace: int


EDITIONS = {1: Edition(500, 20_000, 14), 2: Edition(250, 2_000, 100)}


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """What was seen of somebody; None is what nobody could see. `_lately` is of the last 100 days, as are flags and likers.

    `new_topics` and `new_posts` are the community's of that time; `sanctions` stand, and are of the last six months.
    """

    topics_entered: int | None = None
    posts_read: int | None = None
    minutes_read: int | None = None
    days_visited: int | None = None
    likes_given: int | None = None
    likes_received: int | None = None
    topics_replied: int | None = None
    days_visited_lately: int | None = None
    topics_replied_lately: int | None = None
    topics_viewed_lately: int | None = None
    posts_read_lately: int | None = None
    new_topics: int | None = None
    new_posts: int | None = None
    flagged_posts: int | None = None
    flaggers: int | None = None
    likes_given_lately: int | None = None
    likes_received_lately: int | None = None
    likers: int | None = None
    liked_days: int | None = None
    sanctions: int | None = None


class Bar(NamedTuple):
    """What a level asks of a count in `Reading`: at least so many, or at most. `soft` bars keep level 3 down to 90 percent."""

    level: int
    key: str
    needed: int
    soft: bool = False
    at_most: bool = False


class Checked(NamedTuple):
    """A bar, and whether it was met; None where nobody could see."""

    bar: Bar
    seen: int | None
    met: bool | None


_LIKES = 20

FIXED = (
    Bar(1, "topics_entered", 5),
    Bar(1, "posts_read", 30),
    Bar(1, "minutes_read", 10),
    Bar(2, "topics_entered", 20),
    Bar(2, "posts_read", 100),
    Bar(2, "minutes_read", 60),
    Bar(2, "days_visited", 15),
    Bar(2, "likes_given", 1),
    Bar(2, "likes_received", 1),
    Bar(2, "topics_replied", 3),
    Bar(3, "topics_entered", 200),
    Bar(3, "posts_read", 500),
    Bar(3, "days_visited_lately", 50, soft=True),
    Bar(3, "topics_replied_lately", 10, soft=True),
    Bar(3, "flagged_posts", 5, at_most=True),
    Bar(3, "flaggers", 5, at_most=True),
    Bar(3, "likes_given_lately", 30, soft=True),
    Bar(3, "likes_received_lately", _LIKES, soft=True),
    Bar(3, "likers", -(-_LIKES // 4), soft=True),
    Bar(3, "liked_days", min(-(-_LIKES // 3), LATELY * 3 // 4), soft=True),
    Bar(3, "sanctions", 0, at_most=True),
)
"""The bars that no edition and no community moves."""


def bars(seen: Reading, edition: int) -> Iterator[Bar]:
    """All bars, those for a quarter of what was new among them where that is known."""
    yield from FIXED
    known = EDITIONS[edition]
    for key, new, cap in (
        ("topics_viewed_lately", seen.new_topics, known.topics),
        ("posts_read_lately", seen.new_posts, known.posts),
    ):
        if new is not None:
            yield Bar(3, key, min((new + 2) // 4, cap), soft=True)


def trust_level(seen: Reading, edition: int, held: int = 0, held_days: int = 0) -> tuple[int, list[Checked]]:
    """The level from 0 to 4, and each bar with whether it was met. What nobody could see is left out of the decision.

    `held` is the level until now, and for how many days: 4 is given and taken by hand, 1 and 2 are never lost, 3 is when after the
    days of grace a soft bar is missed by more than a tenth, or another at all.
    """
    checked = [Checked(bar, count := getattr(seen, bar.key), _met(bar, count)) for bar in bars(seen, edition)]
    earned = next(
        (level - 1 for level in (1, 2, 3) if any(one.bar.level == level and one.met is False for one in checked)), 3
    )
    if held == 3 and earned < 3:
        lost = any(one.bar.level == 3 and _met(one.bar, one.seen, LOW_WATER) is False for one in checked)
        return (2 if lost and held_days >= EDITIONS[edition].grace else 3), checked
    return max(held, earned), checked


def _met(bar: Bar, seen: int | None, percent: int = 100) -> bool | None:
    if seen is None:
        return None
    if bar.at_most:
        return seen <= bar.needed
    return seen * 100 >= bar.needed * (percent if bar.soft else 100)


SANCTIONS = ("suspend", "ban", "silence", "mute", "timeout", "limit")

_RECENT = f"day > %(today)s::date - {LATELY}"

_COUNTS = f"""
visited AS (
    SELECT member, count(*) AS days_visited, count(*) FILTER (WHERE {_RECENT}) AS days_visited_lately,
        sum(likes)::bigint AS likes_given, sum(likes) FILTER (WHERE {_RECENT})::bigint AS likes_given_lately
    FROM (SELECT member, day, sum(CASE kind WHEN 'reacted' THEN n ELSE 0 END)::bigint AS likes FROM acted WHERE {OWN} GROUP BY member, day) AS days
    GROUP BY member
),
replied AS (
    SELECT member, count(*) AS topics_replied, count(*) FILTER (WHERE {_RECENT}) AS topics_replied_lately
    FROM (SELECT member, post, max(day) AS day FROM answered WHERE role = 'replied' GROUP BY member, post) AS posts GROUP BY member
),
got AS (
    SELECT other AS member, count(*) AS likes_received, count(*) FILTER (WHERE {_RECENT}) AS likes_received_lately,
        count(DISTINCT member) FILTER (WHERE {_RECENT}) AS likers, count(DISTINCT day) FILTER (WHERE {_RECENT}) AS liked_days
    FROM reached WHERE kind = 'reacted' AND role IN ('reacted', 'thanked') GROUP BY other
),
flagged AS (
    SELECT other AS member, count(DISTINCT member) AS flaggers FROM reached
    WHERE kind = 'reported' AND role = 'moderated' AND {_RECENT} GROUP BY other
),
laid AS (
    SELECT coalesce(s.member, x.member) AS member, count(*) AS sanctions FROM sanctions AS x LEFT JOIN membership AS s ON s.handle = x.member
    WHERE x.act IN {among(SANCTIONS)} AND x.day <= %(today)s AND x.day > (%(today)s::date - interval '6 months')::date
    AND NOT EXISTS (SELECT FROM sanctions AS y WHERE y.member = x.member AND y.at >= x.at AND y.day <= %(today)s AND x.act = ANY(y.lifts))
    GROUP BY 1
)"""

_GIVEN = ("likes_given", "likes_given_lately")

_RECEIVED = ("likes_received", "likes_received_lately", "likers", "liked_days")

_COUNTED = ("topics_replied", "topics_replied_lately", "flaggers", "sanctions")

OBSERVED = ("days_visited", "days_visited_lately", *_COUNTED, *_GIVEN, *_RECEIVED)
"""The counts that facts tell; those of likes only where the sources tell by whom they are, which shows in there being any."""


def _missed(level: int) -> str:
    asked = (bar for bar in FIXED if bar.level == level and bar.key in OBSERVED)
    return " OR ".join(f"{bar.key} {'>' if bar.at_most else '<'} {bar.needed}" for bar in asked)


_QUERY = f"""
WITH {_COUNTS},
seen AS (
    SELECT v.member, days_visited, days_visited_lately, {", ".join(f"coalesce({key}, 0) AS {key}" for key in _COUNTED)},
        {", ".join(f"CASE WHEN known.given THEN {key} END AS {key}" for key in _GIVEN)},
        {", ".join(f"CASE WHEN known.received THEN coalesce({key}, 0) END AS {key}" for key in _RECEIVED)}
    FROM visited AS v LEFT JOIN replied USING (member) LEFT JOIN got USING (member) LEFT JOIN flagged USING (member)
    LEFT JOIN laid USING (member),
    (SELECT EXISTS (SELECT FROM visited WHERE likes_given > 0) AS given, EXISTS (SELECT FROM got) AS received) AS known
),
judged AS (SELECT *, CASE WHEN {_missed(2)} THEN 1 WHEN {_missed(3)} THEN 2 ELSE 3 END AS trust FROM seen)
SELECT member, trust::float8 AS value, 'trust-' || trust AS level,
    jsonb_strip_nulls(jsonb_build_object({", ".join(f"'{key}', {key}" for key in OBSERVED)})) AS told
FROM judged
"""
"""A bar over what is null is neither missed nor met."""

FORMULA = Measured(
    name="trust",
    label=_("Trust level (Discourse)"),
    unit=_("of 4"),
    explained=_(
        "The trust level that a Discourse forum would give, as far as Kith can see: days on which somebody did something stand for "
        "days of visiting, posts answered for topics, whoever reported for whoever flagged rightly, and of likes by one person those of "
        "a day count once. What somebody read is not seen, so these bars are left out, and whoever did something has level 1. Bars for likes are left out where no source tells who likes. Discourse "
        "keeps level 3 for a while and down to nine tenths of its bars; here it is what the bars give on that day. Level 4 is "
        "given by hand."
    ),
    source="Discourse, site settings and TrustLevel3Requirements (defaults of 2013–2025; of 2026: PR #38075, #40630)",
    editions={
        1: _("Defaults from 2013 to 2025"),
        2: _("Defaults of 2026; they differ in what is read and for how long level 3 is safe"),
    },
    queries={1: _QUERY, 2: _QUERY},
    levels={
        "trust-0": _("New"),
        "trust-1": _("Basic"),
        "trust-2": _("Member"),
        "trust-3": _("Regular"),
        "trust-4": _("Leader"),
    },
    words={
        "days_visited": _("days active"),
        "days_visited_lately": _("days active in 100 days"),
        "topics_replied": _("posts answered"),
        "topics_replied_lately": _("posts answered in 100 days"),
        "flaggers": _("people who reported in 100 days"),
        "sanctions": _("suspensions and silencings that stand, in six months"),
        "likes_given": _("likes given"),
        "likes_received": _("likes received"),
        "likes_given_lately": _("likes given in 100 days"),
        "likes_received_lately": _("likes received in 100 days"),
        "likers": _("people who liked in 100 days"),
        "liked_days": _("days with a like in 100 days"),
    },
)
