"""Suggestions: which accounts may be one person's, with the reasons. Kept as pairs, so that a page asks and does not compute.

What a pair comes to depends on how both accounts were called last, on what files vouched for, and on how many accounts share
their keys, by powers of two. Whenever one of these changes the pair is judged anew, so any windows come to the same rows.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from psycopg.rows import tuple_row

from crm.event import Event
from crm.likeness.judging import LEAST, likeness
from crm.likeness.keys import CROWD, band, keys
from crm.likeness.traits import Traits, traits
from crm.mailmap import Vouched
from crm.members import Account, IdentitySeen
from projections.projection import Projection, Window

JUDGED_BY = "adc728a2"
"""A digest of the rules. A test says when they changed: then all pairs are judged anew, since this file changes with it."""

AT_ONCE = 20_000
"""Accounts taken in, and pairs judged, in one go."""

_decode = lru_cache(1 << 14)(msgspec.msgpack.Decoder(Traits).decode)

_THEIRS = """SELECT unnest(keys) FROM {suggestion_accounts} WHERE identity = ANY(%(ids)s)
    UNION ALL SELECT key FROM {suggestion_keys} WHERE vouched AND identity = ANY(%(ids)s)"""
_SIZES = f"""
SELECT key, count(*) FROM {{suggestion_keys}} WHERE key IN ({_THEIRS} UNION ALL SELECT unnest(%(gone)s::bigint[]))
GROUP BY key HAVING count(*) > 1
"""
_CANDIDATES = f"""
WITH blocks AS (
    SELECT key, array_agg(identity) AS members, bool_or(vouched) AS vouched FROM {{{{suggestion_keys}}}} WHERE {{keys}}
    GROUP BY key HAVING count(*) BETWEEN 2 AND {CROWD} OR (count(*) > 1 AND bool_or(vouched))
), pairs AS (
    SELECT low, high, array_agg(key) AS keys, array_agg(cardinality(members)) AS sizes, bool_or(vouched) AS vouched
    FROM blocks, unnest(members) AS low, unnest(members) AS high WHERE low < high AND ({{pairs}}) GROUP BY low, high
)
SELECT low::text, high::text, p.keys, sizes, vouched, one.traits, other.traits
FROM pairs AS p JOIN {{{{suggestion_accounts}}}} AS one ON one.identity = low
    JOIN {{{{suggestion_accounts}}}} AS other ON other.identity = high
ORDER BY p.keys[1]
"""
"""Each pair with the keys that both have, how many accounts do, whether a file vouches for it, and how both are called.

Who shares a key stands together, since what was read of an account is remembered for a while.
"""
_AMONG_ALL = _CANDIDATES.format(keys="true", pairs="true")
_WITH_THESE = _CANDIDATES.format(keys=f"key IN ({_THEIRS})", pairs="low = ANY(%(ids)s) OR high = ANY(%(ids)s)")

_FORGET = """
WITH theirs AS (SELECT unnest(keys) AS key, identity FROM {suggestion_accounts} WHERE identity = ANY(%(ids)s))
DELETE FROM {suggestion_keys} AS k USING theirs WHERE k.key = theirs.key AND k.identity = theirs.identity RETURNING k.key
"""
_LEARN_ALL = "INSERT INTO {suggestion_keys} SELECT unnest(keys), identity, false FROM {suggestion_accounts}"
_LEARN = f"{_LEARN_ALL} WHERE identity = ANY(%(ids)s) ORDER BY 1"


class _Seen(NamedTuple):
    """An account as it was called at a time. Of several the greatest counts: one that tells a name, then the latest."""

    named: bool
    at: datetime
    position: int
    traits: bytes


def _fold(window: Window) -> None:
    events = window.events(IdentitySeen.TOPIC, Vouched.TOPIC)
    changed, shared = set[UUID](), Counter[int]()
    while batch := list(islice(events, AT_ONCE)):
        changed |= _take_in(window, _newest(window, batch), shared)
        changed |= _vouch(window, [event for _, event in batch if isinstance(event, Vouched)], shared)
    if window.fresh:
        window.run(_LEARN_ALL)
        _judge(window, _AMONG_ALL)
    elif changed:
        concerned = list(changed | _in_changed_blocks(window, changed, shared))
        for side in ("low", "high"):
            window.run(f"DELETE FROM {{suggestions}} WHERE {side} = ANY(%(ids)s)", ids=concerned)
        _judge(window, _WITH_THESE, concerned)


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
    known = list(before.keys() & newer.keys())
    if not window.fresh:
        shared.subtract(row[0] for row in _ask(window, _FORGET, changed.intersection(known)))
    window.run("DELETE FROM {suggestion_accounts} WHERE identity = ANY(%(ids)s)", ids=known)
    borne = {identity: sorted(keys(_decode(one.traits))) for identity, one in newer.items()}
    rows = ((identity, *newer[identity], f"{{{','.join(map(str, borne[identity]))}}}") for identity in newer)
    _copy(window, "suggestion_accounts", "identity, named, at, position, traits, keys", rows)
    if not window.fresh:
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


def _judge(window: Window, candidates: str, ids: Collection[UUID] = ()) -> None:
    """Write down the pairs that are likely enough; asked through a cursor, since there may be any number of candidates."""
    with window.cursor.connection.cursor("candidates", row_factory=tuple_row) as asked:
        asked.execute(candidates.format(**window.tables), {"ids": list(ids)})
        while pairs := asked.fetchmany(AT_ONCE):
            _copy(window, "suggestions", "low, high, confidence, reasons", _judged(pairs))


def _judged(pairs: Iterable[tuple[Any, ...]]) -> Iterator[tuple[str, str, float, str]]:
    for low, high, shared, sizes, vouched, one, other in pairs:
        bands = dict(zip(shared, map(band, sizes), strict=True))
        judged = likeness(_decode(one), _decode(other), bands, vouched=vouched)
        if judged and judged.confidence >= LEAST:
            yield low, high, judged.confidence, msgspec.json.encode(judged.reasons).decode()


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
        "suggestion_keys": "key bigint NOT NULL, identity uuid NOT NULL, vouched boolean NOT NULL",
        "suggestions": "low uuid NOT NULL, high uuid NOT NULL, confidence float8 NOT NULL, reasons text NOT NULL",
    },
    keys={"suggestion_keys": "(key, identity)", "suggestions": "(low, high)"},
    fold=_fold,
    indexes=(
        "CREATE INDEX ON {suggestion_keys} (identity) WHERE vouched",
        "CREATE INDEX ON {suggestions} (confidence DESC, low, high)",
        "CREATE INDEX ON {suggestions} (high)",
    ),
    cost=4,
)
