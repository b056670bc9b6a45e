"""Commands that take everything out into one file, and into a fresh Kith."""

import gzip
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

import click

from crm import archive
from crm.cli.meter import Meter
from crm.cli.shell import answer, opened, say
from crm.errors import Refusal
from crm.reading import Inputs
from crm.restoring import restore
from projections.engine import Engine


@click.command()
@click.argument("what", type=click.Choice(["all"]))
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
def export(what: str, file: Path | None) -> None:
    """Write everything to FILE (packed where its name ends in .gz), or to where the output goes.

    Names and texts stand in it in clear: keep it as carefully as the master key.
    """
    with opened() as kith, _written(file) as out, Meter() as meter:
        for line in archive.lines(kith, lambda done, total: meter.events("Exporting", done, total)):
            out.write(line)
    say("Names and texts stand in this file in clear. Keep it as carefully as the master key.")


@contextmanager
def _written(file: Path | None) -> Iterator[BinaryIO]:
    """Where the archive goes; a file appears under its name only when it is whole."""
    if file is None:
        yield sys.stdout.buffer
        return
    if file.exists():
        raise Refusal(f"“{file}” is there already. Give another name, or take it away first.")
    part = file.with_name(f"{file.name}.part")
    try:
        with open(os.open(part, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as plain:
            if file.suffix == ".gz":
                with gzip.open(plain, "wb") as packed:
                    yield cast(BinaryIO, packed)
            else:
                yield plain
        part.rename(file)
    finally:
        part.unlink(missing_ok=True)


@click.command("restore")
@click.argument("file")
def take_in(file: str) -> None:
    """Make this Kith, which must be fresh, what the archive FILE tells. Broken off, it goes on when run again."""
    with opened() as kith, Meter() as meter:
        events = restore(kith, _lines(file), lambda done, total: meter.events("Restoring", done, total))
        Engine(kith, tell=meter.events).catch_up()
    answer(f"{events:,} events are here, as they were.")


def _lines(file: str) -> Iterator[bytes]:
    for document in Inputs((file,)).documents():
        yield from document.stream


COMMANDS = (export, take_in)
