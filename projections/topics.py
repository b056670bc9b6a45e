"""Topics: in which threads a member spoke last, and which words of their titles tell them from other threads.

No language is known here: a word tells something where it is commoner in their titles than in others. Two words that nearly always
stand together are one, as in Vietnamese most are.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from itertools import pairwise
from math import log, sqrt
from typing import Any
from unicodedata import normalize
from uuid import UUID

import msgspec
from psycopg import Connection

from crm import coding
from crm.imports import taken_back
from crm.interactions import Words
from crm.store import EVENTS
from crm.vault import Vault

THEIRS, OTHERS = 60, 240
"""Titles that are opened at most, of their threads and of others."""
COMPARABLE = 10
"""Other titles without which no word can be called telling."""
SURE = 1.9
"""Standard errors by which the odds of a telling word must be greater in their titles: by chance that is one word in thirty."""
COMMON = 0.03
"""A word that stands in a greater part of other titles belongs to everybody, such as those that only hold a sentence together."""


class Topic(msgspec.Struct):
    """A telling word: in how many of their titles it stands and in how many others, and the latest thread that bears it."""

    word: str
    theirs: int
    others: int
    thread: UUID


class Topics(msgspec.Struct):
    """The telling words, the most telling first; `theirs` and `others` are how many titles were looked at."""

    words: list[Topic]
    theirs: int
    others: int


_THREADS = """
WITH theirs AS MATERIALIZED (
    SELECT thread, max(at) AS at FROM timeline WHERE member = ANY(%(accounts)s) AND role = '' AND thread IS NOT NULL
    AND at >= %(since)s AND at < %(until)s GROUP BY thread ORDER BY 2 DESC, 1 LIMIT %(theirs)s
), others AS (
    SELECT thread, opener, last_at AS at FROM threads WHERE last_at < %(until)s AND thread NOT IN (SELECT thread FROM theirs)
    ORDER BY last_at DESC, thread LIMIT %(others)s
)
SELECT true AS mine, thread, opener, theirs.at FROM theirs JOIN threads USING (thread)
UNION ALL SELECT false, thread, opener, at FROM others ORDER BY mine DESC, at DESC, thread
"""


def what_do_they_speak_on(
    vault: Vault, connection: Connection[Any], accounts: list[UUID], since: datetime, until: datetime, limit: int = 10
) -> Topics:
    """The telling words of the threads in which a member with these accounts spoke last, from a moment until before another."""
    asked = {"accounts": accounts, "since": since, "until": until, "theirs": THEIRS, "others": OTHERS}
    rows = connection.execute(_THREADS, asked).fetchall()
    if not rows or not rows[0]["mine"]:
        return Topics([], 0, 0)
    titles = which_titles(vault, connection, [row["opener"] for row in rows])
    theirs = {row["thread"]: titles[row["opener"]] for row in rows if row["mine"] and row["opener"] in titles}
    others = [titles[row["opener"]] for row in rows if not row["mine"] and row["opener"] in titles]
    spoken = {thread: terms(title) for thread, title in theirs.items()}
    found = telling(list(spoken.values()), [terms(title) for title in others])[:limit]
    latest = {term: thread for thread, said in reversed(spoken.items()) for term in said}
    return Topics([Topic(word, mine, n, latest[word]) for word, mine, n in found], len(theirs), len(others))


def which_titles(vault: Vault, connection: Connection[Any], positions: list[int]) -> dict[int, str]:
    """The titles of the interactions at these positions as they were seen last; those without one, or erased, are left out."""
    rows = connection.execute(
        f"""SELECT o.notification_id, e.topic, e.state FROM {EVENTS} AS o JOIN {EVENTS} AS e ON e.originator_id = o.originator_id
        AND e.topic IN ('interaction.recorded', 'interaction.observed') AND e.batch <> ALL(%(gone)s)
        WHERE o.notification_id = ANY(%(positions)s) ORDER BY e.notification_id LIMIT 2000""",
        {"positions": positions, "gone": taken_back(connection)},
    ).fetchall()
    events: list[Any] = [coding.decode(row["topic"], bytes(row["state"])) for row in rows]
    seen = zip(rows, events, vault.open_all(events), strict=True)
    titles: dict[int, str] = {}
    for row, _, words in sorted(seen, key=lambda one: one[1].revision):
        titles[row["notification_id"]] = words.title if isinstance(words, Words) else ""
    return {position: title for position, title in titles.items() if title}


def terms(title: str) -> set[str]:
    """The words of a title in lower case, and each two that stand beside each other; single letters and mere numbers are none."""
    words = re.findall(r"[^\W_]+(?:[’'+#-][^\W_]+)*[+#]*", normalize("NFC", title).casefold())
    told = [word if len(word) > 1 and not word.isdecimal() else "" for word in words]
    return {word for word in told if word} | {f"{one} {two}" for one, two in pairwise(told) if one and two}


def telling(theirs: Sequence[Collection[str]], others: Sequence[Collection[str]]) -> list[tuple[str, int, int]]:
    """Terms that stand in several of their titles and there far more often than in others, where they are rare: how often in each.

    In order of the log odds ratio over its standard error, with half a title added everywhere (Monroe and others, 2008,
    without their prior), so that one chance hit does not outrank a habit. A term that another almost always holds is left to it.
    """
    if len(others) < COMPARABLE:
        return []
    mine, known = (Counter(term for title in titles for term in set(title)) for titles in (theirs, others))
    found = [
        (term, n, known[term])
        for term, n in mine.items()
        if n > 1 and known[term] <= COMMON * len(others) and _odds(n, len(theirs), known[term], len(others)) >= SURE
    ]
    return sorted(_whole(found), key=lambda one: (-_odds(one[1], len(theirs), one[2], len(others)), -one[1], one[0]))


def _odds(mine: int, of: int, known: int, all: int) -> float:
    """How sure it is that a term is theirs: the log odds ratio in units of its standard error."""
    a, b, c, d = mine + 0.5, of - mine + 0.5, known + 0.5, all - known + 0.5
    return (log(a / b) - log(c / d)) / sqrt(1 / a + 1 / b + 1 / c + 1 / d)


def _whole(found: list[tuple[str, int, int]]) -> Iterable[tuple[str, int, int]]:
    """Two words as one where they nearly always stand together, else each alone."""
    alone = {term: n for term, n, _ in found if " " not in term}
    pairs = {
        term
        for term, n, _ in found
        if " " in term and all(4 * n >= 3 * alone.get(word, 2 * n) for word in term.split())
    }
    taken = {word for pair in pairs for word in pair.split()}
    return (one for one in found if one[0] in pairs or (" " not in one[0] and one[0] not in taken))
