"""The dry run of an import, told in a terminal."""

from crm.cli.meter import Meter
from crm.cli.shell import answer, answer_json, answer_table, opened
from crm.installation import Installation
from crm.mappings import settle
from crm.reading import Inputs
from crm.rehearsal import Rehearsal, rehearse

KEYS = ("read", "new", "known", "changed", "doubtful", "refused", "doubts", "reasons", "seconds")


def try_out(source: str, inputs: Inputs, as_json: bool) -> None:
    """Say what an import would do, with every doubt and every reason counted."""
    with opened() as kith:
        settle(kith, source, inputs)
        told = _rehearse(kith, source, inputs)
    if as_json:
        return answer_json({key: getattr(told, key) for key in KEYS})
    answer(
        f"Nothing was stored. {told.read:,} rows would give {told.new:,} new, {told.known:,} known already "
        f"({told.changed:,} changed), {told.doubtful:,} doubtful, {told.refused:,} refused."
    )
    for title, counts in (("doubtful because", told.doubts), ("refused because", told.reasons)):
        if counts:
            answer_table(("rows", title), [(n, sentence) for sentence, n in counts.items()])
    return None


def _rehearse(kith: Installation, source: str, inputs: Inputs) -> Rehearsal:
    with Meter() as meter:
        return rehearse(
            kith,
            source,
            inputs,
            lambda so_far: meter.tell("Trying", so_far.done, so_far.total, f"{so_far.read:,} rows"),
        )
