"""The team's own acts told in words, from old to new."""

from collections.abc import Sequence
from typing import Any

from psycopg import Connection

from crm.event import REGISTRY
from crm.vault import Vault
from projections.history import Change
from projections.written import what_was_written
from web.named import Named
from web.teamlines import Piece, TeamLine
from web.teamwords import ITEMS, PICTURES, TOLD


def team_lines(vault: Vault, connection: Connection[Any], changes: Sequence[Change]) -> list[TeamLine]:
    """These acts in words, in the order given; all that they name and hold is asked once for all of them."""
    if not changes:
        return []
    named = Named(connection, changes)
    told = {each for one in changes for each in (one.position, one.old_position, one.about_position) if each}
    words = what_was_written(vault, connection, told)
    return [_line(one, named, words) for one in changes]


def _line(one: Change, named: Named, words: dict[int, str]) -> TeamLine:
    kind = one.slot.partition(":")[0] if one.topic == "item.written" else ""
    step = 2 if one.value is None else 1 if one.old is not None else 0
    event = REGISTRY[one.topic]
    sentence = ITEMS[kind][step] if kind else TOLD.get(one.topic, (event.SENTENCE,) * 3)[step if one.slot else 0]
    return TeamLine(
        done=one,
        day=None,
        icon=PICTURES.get(kind, event.ICON),
        kind=kind,
        sentence=sentence,
        pieces=_pieces(one, named),
        text=words.get(one.about_position or one.position, ""),
        before=words.get(one.old_position, "") if kind else "",
    )


def _pieces(one: Change, named: Named) -> dict[str, Piece]:
    """Whatever a sentence about this act may name."""
    act = named.acts[one.position]
    own = {name: Piece(str(getattr(act, name))) for name in act.__struct_fields__ if name != "sealed"}
    about = dict(zip(("first", "second"), map(named.account, act.about), strict=False))
    by, old, new = Piece(one.by[:1].upper() + one.by[1:]), named.value(one, one.old), named.value(one, one.value)
    return {**own, **about, "by": by, "field": named.field(one), "old": old, "new": new}
