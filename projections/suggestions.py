"""Suggestions: which accounts may be one person's, with the reasons. Kept as pairs, so that a page asks and does not compute.

What a pair comes to depends on how both accounts were called last, on what files vouched for, and on how many accounts share
their keys, by powers of two. Whenever one of these changes the pair is judged anew, so any windows come to the same rows.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row, tuple_row

from crm.event import Event
from crm.likeness.judging import LEAST, POSSIBLE, Likeness, Reason, likeness
from crm.likeness.keys import CROWD, band, keys
from crm.likeness.traits import Traits, traits
from crm.mailmap import Vouched
from crm.members import Account, IdentitySeen
from projections.projection import Projection, Window

JUDGED_BY = "b4d4c120"
"""A digest of the rules. A test says when they changed: then all pairs are judged anew, since this file changes with it."""

AT_ONCE = 2_000
"""Accounts judged in one go; all that they may be paired with is held in memory."""

_decode = lru_cache(1 << 14)(msgspec.msgpack.Decoder(Traits).decode)

_THEIRS = """key IN (SELECT unnest(keys) FROM {suggestion_accounts} WHERE identity = ANY(%(ids)s::uuid[])
    UNION ALL SELECT key FROM {suggestion_keys} WHERE vouched AND identity = ANY(%(ids)s::uuid[]))"""
_SIZES = f"SELECT key, count(*) FROM {{suggestion_keys}} WHERE {_THEIRS} OR key = ANY(%(gone)s) GROUP BY key HAVING count(*) > 1"
_BLOCKS = f"""
SELECT key, array_agg(identity::text), bool_or(vouched) FROM {{suggestion_keys}} WHERE key IN (
    SELECT key FROM {{suggestion_keys}} WHERE {_THEIRS}
    GROUP BY key HAVING count(*) BETWEEN 2 AND {CROWD} OR (count(*) > 1 AND bool_or(vouched))
) GROUP BY key
"""


_FORGET = """
WITH theirs AS (SELECT unnest(keys) AS key, identity FROM {suggestion_accounts} WHERE identity = ANY(%(ids)s))
DELETE FROM {suggestion_keys} AS k USING theirs WHERE k.key = theirs.key AND k.identity = theirs.identity RETURNING k.key
"""
_LEARN = """
INSERT INTO {suggestion_keys} SELECT unnest(keys) AS key, identity, false FROM {suggestion_accounts}
WHERE identity = ANY(%(ids)s) ORDER BY key
"""


class _Seen(NamedTuple):
    """An account as it was called at a time. Of several the greatest counts: one that tells a name, then the latest."""

    named: bool
    at: datetime
    position: int
    traits: bytes


def _fold(window: Window) -> None:
    events = list(window.events(IdentitySeen.TOPIC, Vouched.TOPIC))
    if not events:
        return
    shared = Counter[int]()
    changed = _take_in(window, _newest(window, events), shared)
    changed |= _vouch(window, [event for _, event in events if isinstance(event, Vouched)], shared)
    concerned = sorted(map(str, changed | _in_changed_blocks(window, changed, shared)))
    for side in ("low", "high"):
        window.run(f"DELETE FROM {{suggestions}} WHERE {side} = ANY(%(ids)s::uuid[])", ids=concerned)
    everyone = set(concerned)
    for start in range(0, len(concerned), AT_ONCE):
        pairs = _judge(window, concerned[start : start + AT_ONCE], everyone)
        _copy(window, "suggestions", "low, high, confidence, reasons", pairs)


def _newest(window: Window, events: Iterable[tuple[int, Event]]) -> dict[UUID, _Seen]:
    """Of each account seen in the window how it was called last."""
    seen = [(position, event) for position, event in events if isinstance(event, IdentitySeen)]
    found: dict[UUID, _Seen] = {}
    for (position, event), account in zip(seen, window.vault.open_all([event for _, event in seen]), strict=True):
        one = _seen(position, event, account)
        found[event.originator_id] = max(found.get(event.originator_id, one), one)
    return found


def _seen(position: int, event: IdentitySeen, account: msgspec.Struct | None) -> _Seen:
    known = account if isinstance(account, Account) else Account(uid="")
    shown = traits(event.source, event.host, known, bot=event.bot)
    return _Seen(
        bool(known.name or known.login or known.email), event.occurred_at, position, msgspec.msgpack.encode(shown)
    )


def _take_in(window: Window, newest: dict[UUID, _Seen], shared: Counter[int]) -> set[UUID]:
    """Write down accounts that are called otherwise now, and their keys; `shared` counts how many more share a key now."""
    before = {
        row[0]: _Seen(*row[1:])
        for row in _ask(
            window,
            "SELECT identity, named, at, position, traits FROM {suggestion_accounts} WHERE identity = ANY(%(ids)s)",
            newest,
        )
    }
    newer = {identity: one for identity, one in newest.items() if identity not in before or before[identity] < one}
    changed = {one for one in newer if one not in before or before[one].traits != newer[one].traits}
    shared.subtract(row[0] for row in _ask(window, _FORGET, changed))
    window.run("DELETE FROM {suggestion_accounts} WHERE identity = ANY(%(ids)s)", ids=list(newer))
    borne = {identity: keys(_decode(one.traits)) for identity, one in newer.items()}
    rows = (
        (identity, *newer[identity], f"{{{','.join(map(str, sorted(borne[identity])))}}}") for identity in sorted(newer)
    )
    _copy(window, "suggestion_accounts", "identity, named, at, position, traits, keys", rows)
    window.run(_LEARN, ids=list(changed))
    shared.update(key for identity in changed for key in borne[identity])
    return changed


def _vouch(window: Window, said: list[Vouched], shared: Counter[int]) -> set[UUID]:
    """What a file said is a key of its own, which those it named share whatever they are called."""
    rows = [(_key_of(one), handle, True) for one in said for handle in one.handles]
    shared.update(key for key, _, _ in rows)
    _copy(window, "suggestion_keys", "key, identity, vouched", rows)
    return {handle for _, handle, _ in rows}


def _key_of(said: Vouched) -> int:
    return int.from_bytes(said.originator_id.bytes[:8], signed=True)


def _in_changed_blocks(window: Window, ids: set[UUID], shared: Counter[int]) -> set[UUID]:
    """The accounts for which it changed, by the powers of two that count, how many share one of their keys."""
    gone = [key for key, more in shared.items() if more < 0]
    sizes = _ask(window, _SIZES, ids, gone=gone)
    changed = [key for key, now in sizes if now - shared[key] > 0 and band(now) != band(now - shared[key])]
    return {row[0] for row in _ask(window, "SELECT identity FROM {suggestion_keys} WHERE key = ANY(%(ids)s)", changed)}


def _judge(window: Window, ids: list[str], concerned: set[str]) -> list[tuple[str, str, float, str]]:
    """The pairs of these accounts with others. One of two that are both concerned is left to the lesser of them."""
    pairs, vouched = _candidates(window, ids, concerned)
    known = _who(window, {one for pair in pairs for one in pair})
    found = []
    for (low, high), sizes in pairs.items():
        if low in known and high in known:
            judged = likeness(known[low], known[high], sizes, vouched=not vouched.isdisjoint(sizes))
            if judged and judged.confidence >= LEAST:
                found.append((low, high, judged.confidence, msgspec.json.encode(judged.reasons).decode()))
    return found


def _candidates(
    window: Window, ids: list[str], concerned: set[str]
) -> tuple[dict[tuple[str, str], dict[int, int]], set[int]]:
    """Each pair with the keys that both have and how many accounts do, in bands; and which of all keys are what a file said."""
    mine, vouched = set(ids), set[int]()
    pairs: defaultdict[tuple[str, str], dict[int, int]] = defaultdict(dict)
    for key, members, said in _ask(window, _BLOCKS, ids):
        vouched |= {key} if said else set()
        size = band(len(members))
        for one in mine.intersection(members):
            for other in members:
                if other > one:
                    pairs[one, other][key] = size
                elif other not in concerned:
                    pairs[other, one][key] = size
    return pairs, vouched


def _who(window: Window, ids: Collection[str]) -> dict[str, Traits]:
    rows = _ask(
        window, "SELECT identity::text, traits FROM {suggestion_accounts} WHERE identity = ANY(%(ids)s::uuid[])", ids
    )
    return {identity: _decode(known) for identity, known in rows}


def _ask(window: Window, query: str, ids: Collection[Any], **more: Any) -> list[tuple[Any, ...]]:
    """What a query about these ids or keys answers."""
    cursor = window.cursor.connection.cursor(row_factory=tuple_row)
    return cursor.execute(query.format(**window.tables), {"ids": list(ids), **more}).fetchall()


def _copy(window: Window, table: str, columns: str, rows: Iterable[tuple[Any, ...]]) -> None:
    with window.cursor.copy(f"COPY {window.tables[table]} ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


PROJECTION = Projection(
    name="suggestions",
    tables={
        "suggestion_accounts": """identity uuid PRIMARY KEY, named boolean NOT NULL, at timestamptz NOT NULL,
            position bigint NOT NULL, traits bytea NOT NULL, keys bigint[] NOT NULL""",
        "suggestion_keys": "key bigint NOT NULL, identity uuid NOT NULL, vouched boolean NOT NULL, PRIMARY KEY (key, identity)",
        "suggestions": """low uuid NOT NULL, high uuid NOT NULL, confidence float8 NOT NULL, reasons text NOT NULL,
            PRIMARY KEY (low, high)""",
    },
    fold=_fold,
    indexes=(
        "CREATE INDEX ON {suggestion_keys} (identity) WHERE vouched",
        "CREATE INDEX ON {suggestions} (confidence DESC, low, high)",
        "CREATE INDEX ON {suggestions} (high)",
    ),
    cost=4,
)


class Candidate(msgspec.Struct):
    """An account of a pair, as it was called last."""

    identity: UUID
    name: str
    login: str
    source: str
    host: str


class Pair(msgspec.Struct):
    """Two accounts that may be one person's, the lesser id first."""

    low: Candidate
    high: Candidate
    likeness: Likeness


class _Row(msgspec.Struct):
    """A pair as one row: of each column of `identities` that of the lesser account, then that of the other."""

    identity: list[UUID]
    name: list[str]
    login: list[str]
    source: list[str]
    host: list[str]
    confidence: float
    reasons: str

    def pair(self) -> Pair:
        """The accounts, and what speaks for and against it."""
        columns = (self.identity, self.name, self.login, self.source, self.host)
        low, high = (Candidate(*each) for each in zip(*columns, strict=True))
        return Pair(low, high, Likeness(self.confidence, _reasons(self.reasons)))


_reasons = msgspec.json.Decoder(tuple[Reason, ...]).decode

_PAIRS = """
SELECT s.confidence, s.reasons, ARRAY[l.identity, h.identity] AS identity, ARRAY[l.name, h.name] AS name,
    ARRAY[l.login, h.login] AS login, ARRAY[l.source, h.source] AS source, ARRAY[l.host, h.host] AS host
FROM suggestions AS s JOIN identities AS l ON l.identity = s.low JOIN identities AS h ON h.identity = s.high
WHERE s.confidence >= %(least)s
"""


def which_pairs_may_be_one(
    connection: Connection[Any], limit: int = 50, offset: int = 0, least: float = POSSIBLE
) -> list[Pair]:
    """Pairs of at least this confidence, the surest first."""
    query = _PAIRS + "ORDER BY s.confidence DESC, s.low, s.high LIMIT %(limit)s OFFSET %(offset)s"
    return _pairs(connection, query, {"least": least, "limit": limit, "offset": offset})


def who_may_be(
    connection: Connection[Any], identities: Collection[UUID], limit: int = 10, least: float = POSSIBLE
) -> list[Pair]:
    """Pairs of one of these accounts (those of one person) with any other, the surest first."""
    query = (
        _PAIRS
        + """AND (s.low = ANY(%(ids)s) OR s.high = ANY(%(ids)s)) AND NOT (s.low = ANY(%(ids)s) AND s.high = ANY(%(ids)s))
        ORDER BY s.confidence DESC, s.low, s.high LIMIT %(limit)s"""
    )
    return _pairs(connection, query, {"ids": list(identities), "least": least, "limit": limit})


def how_many_pairs(connection: Connection[Any], least: float = POSSIBLE) -> int:
    """How many pairs are of at least this confidence."""
    row = connection.execute(
        "SELECT count(*) AS n FROM suggestions WHERE confidence >= %(least)s", {"least": least}
    ).fetchone()
    return row["n"] if row else 0


def _pairs(connection: Connection[Any], query: str, asked: dict[str, Any]) -> list[Pair]:
    with connection.cursor(row_factory=class_row(_Row)) as cursor:
        return [row.pair() for row in cursor.execute(query, asked)]
