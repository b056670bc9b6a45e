"""Sanctions that sources tell of: who was warned, silenced, suspended or banned, and what of that was lifted again.

They are few, so each act is kept as it was told; which of them stand on a day is asked when they are read.
"""

from psycopg.rows import tuple_row

from crm import coding
from crm.interactions import InteractionRecorded
from crm.moderation.words import spelled
from projections.projection import FACTS, Projection, Window

LIFTING = {
    "unmute": ("mute", "timeout"),
    "unsilence": ("silence",),
    "unsuspend": ("suspend",),
    "unban": ("ban", "suspend"),
}
"""Acts that lift others, and which."""

LASTING = frozenset({"warn", "mute", "timeout", "silence", "suspend", "ban", "kick", "limit"})

_TOLD = f"SELECT notification_id, topic, state FROM {FACTS} WHERE kind = 'moderated' AND targets IS NOT NULL"


def _fold(window: Window) -> None:
    cursor = window.cursor.connection.cursor(row_factory=tuple_row)
    told = cursor.execute(_TOLD, {"lo": window.lo, "hi": window.hi, "gone": window.gone})
    rows = []
    for position, topic, state in told:
        event = coding.decode(topic, bytes(state))
        assert isinstance(event, InteractionRecorded)
        act = spelled(event.own_kind)
        if act in LASTING or act in LIFTING:
            rows += [
                {
                    "member": member,
                    "act": act,
                    "at": event.occurred_at,
                    "position": position,
                    "lifts": list(LIFTING.get(act, ())),
                }
                for member, role in zip(event.targets, event.roles, strict=True)
                if role == "moderated"
            ]
    window.run_many(
        "INSERT INTO {sanctions} VALUES (%(member)s, %(act)s, %(lifts)s, %(at)s, (%(at)s AT TIME ZONE 'UTC')::date, %(position)s)",
        rows,
    )


PROJECTION = Projection(
    name="sanctions",
    tables={
        "sanctions": """member uuid NOT NULL, act text NOT NULL, lifts text[] NOT NULL, at timestamptz NOT NULL, day date NOT NULL,
            position bigint NOT NULL"""
    },
    fold=_fold,
    indexes=("CREATE INDEX ON {sanctions} (member, at)",),
)

STANDING = """
SELECT x.member, x.act, x.day, x.position, coalesce((
    SELECT min(y.day) FROM sanctions AS y WHERE y.member = x.member AND y.at >= x.at AND x.act = ANY(y.lifts)
), 'infinity') AS until
FROM sanctions AS x WHERE x.day <= %(today)s AND cardinality(x.lifts) = 0
"""
"""Sanctions by the account they were laid on, each with the day `until` which it stood: that on which it was lifted."""
