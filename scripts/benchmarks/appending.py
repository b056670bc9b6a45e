"""Appending: many prepared interactions at once, and one command with one event."""

from time import perf_counter
from typing import cast
from uuid import uuid4

import psycopg
from eventsourcing.domain import Aggregate

from crm import wire
from crm.append import Entry, schema
from crm.bulk import Bulk
from crm.importing import BATCH, seldom_looking_for_cycles
from crm.imports import Import
from crm.installation import Installation
from crm.intake import Intake
from crm.interactions import InteractionRecorded, Words
from crm.merkle import leaf_hash
from crm.sealing import Draft, sealed
from crm.store import packed
from scripts.benchmarks import library
from scripts.benchmarks.community import acts
from scripts.benchmarks.figures import Figure, against, interleaved, seconds
from scripts.benchmarks.place import Place

MOST = 200_000
"""More prepared interactions are not held in memory."""

SHARE = 10
"""The library is given a tenth of them, or it would take all the time."""

SAVED = 500
"""Aggregates that the library saves in a transaction; with a thousand of this size psycopg's pipeline can hang for ever."""

COMMANDS = 300


def in_bulk(place: Place, events: int) -> list[Figure]:
    """Prepared interactions to durable events, with encryption and leaves, against the library and against a bare COPY."""
    number = min(events, MOST)
    with place.kith() as kith:
        drafts = prepared(kith, number)
        rates = interleaved(
            {
                "ours": lambda: ours(place, drafts),
                "library": lambda: the_librarys(place, drafts[: number // SHARE]),
                "copy": lambda: bare_copy(place, kith, drafts),
            },
            repeat=7,
        )
    what = f"bulk append of {number:,} prepared interactions, with encryption and leaves"
    return [
        against(what, rates["ours"], "events/s", (f"the library's Aggregate + save(*{SAVED})", rates["library"]), 7),
        against(what, rates["ours"], "events/s", ("bare binary COPY of packed rows", rates["copy"]), 0.33),
    ]


def prepared(kith: Installation, number: int) -> list[Draft]:
    """Interactions and their words, not yet sealed; the first sight of people and places is left out."""
    intake = Intake(kith.ids, uuid4())
    return [draft for draft in intake.drafts(acts(number)) if isinstance(draft.fact, InteractionRecorded)]


def ours(place: Place, drafts: list[Draft]) -> float:
    """Events a second, from drafts to committed; the people have their keys already, as in the midst of an import."""
    with place.kith() as kith:
        kith.vault.keys({draft.fact.subject for draft in drafts}, make=True)
        bulk, starts = Bulk(kith.log, kith.vault, "bench"), range(0, len(drafts), BATCH)
        started = perf_counter()
        with seldom_looking_for_cycles():  # as an import does
            stored = [bulk.store(drafts[at : at + BATCH]) for at in starts]
        assert sum(each.recorded for each in stored) == len(drafts)
        return len(drafts) / (perf_counter() - started)


def the_librarys(place: Place, drafts: list[Draft]) -> float:
    """Events a second of the library: an aggregate an interaction, many in a transaction."""
    with place.database() as conninfo, library.application(conninfo) as app:
        return len(drafts) / seconds(lambda: save(app, drafts))


def save(app: library.Interactions, drafts: list[Draft]) -> None:
    """Let the library save the same interactions as its aggregates."""
    for start in range(0, len(drafts), SAVED):
        chunk = drafts[start : start + SAVED]
        app.save(*(library.made_of(cast(InteractionRecorded, fact), cast(Words, words)) for fact, words in chunk))


def bare_copy(place: Place, kith: Installation, drafts: list[Draft]) -> float:
    """Events a second that PostgreSQL takes in by COPY: the same rows, packed before, into the same table."""
    tails = [packed(fact, "bench") for fact in sealed(kith.vault, drafts)]
    blocks = [block_of(tails[start : start + BATCH], start) for start in range(0, len(tails), BATCH)]
    with place.database() as conninfo, psycopg.connect(conninfo, autocommit=True) as connection:
        for statement in schema("copied"):
            connection.execute(statement)
        started = perf_counter()
        for block in blocks:
            statement = f"COPY copied ({wire.COLUMNS}, leaf) FROM STDIN (FORMAT binary)"
            with connection.cursor() as cursor, cursor.copy(statement) as copy:
                copy.write(block)
        return len(drafts) / (perf_counter() - started)


def block_of(entries: list[Entry], start: int) -> bytes:
    """What COPY takes in, for positions after `start`."""
    bodies = [wire.head(position, 0, None) + tail for position, (tail, _) in enumerate(entries, start + 1)]
    return wire.SIGNATURE + b"".join(wire.row(body, leaf_hash(body)) for body in bodies) + wire.TRAILER


def one_by_one(place: Place, _: int) -> list[Figure]:
    """A command with one event, each waited for."""
    with place.kith() as kith, place.database() as conninfo, library.application(conninfo) as app:
        rates = interleaved(
            {
                "ours": lambda: (
                    COMMANDS / seconds(lambda: [kith.log.save(Import.start("bench", ("a",))) for _ in range(COMMANDS)])
                ),
                "library": lambda: (
                    COMMANDS / seconds(lambda: [app.save(Note("bench", ["a"])) for _ in range(COMMANDS)])
                ),
            },
            repeat=5,
        )
    return [against("one command, one event", rates["ours"], "commands/s", ("the library's save", rates["library"]), 1)]


class Note(Aggregate):
    """The same command as an aggregate of the library."""

    def __init__(self, source: str, files: list[str]) -> None:
        self.source = source
        self.files = files
