"""Commands that bring a community's history in, say what came of it, and take it back."""

from typing import Any
from uuid import UUID

import click

from crm import importing, uploading
from crm.cli.batches import all_imports, find_batch, state_of
from crm.cli.meter import Meter
from crm.cli.rehearsing import try_out
from crm.cli.shell import answer, answer_json, answer_table, as_json, opened, say
from crm.command import dispatch
from crm.detecting import detected
from crm.errors import Refusal
from crm.importing import Progress
from crm.imports import TakeBackImport
from crm.installation import Installation
from crm.mappings import settle
from crm.reading import Inputs
from crm.sources import source as find_source
from projections.engine import Engine
from projections.imports import which_rows_were_refused

KEYS = ("batch", "read", "recorded", "known", "changed", "refused", "seconds")

skip_projections = click.option(
    "--no-projections", is_flag=True, help="Only fill the log; pages follow at the next start."
)


@click.command("import")
@click.argument("source")
@click.argument("paths", nargs=-1, required=True, metavar="PATH…")
@click.option("--host", default="", help="Where it lives, if the files do not tell: forum.example.org")
@click.option("--map", "columns", multiple=True, metavar="COLUMN=MEANING", help="What a column of a table means.")
@click.option("--dry-run", is_flag=True, help="Read everything, say what would come in, and store nothing.")
@skip_projections
@as_json
def bring(
    source: str,
    paths: tuple[str, ...],
    host: str,
    columns: tuple[str, ...],
    dry_run: bool,
    no_projections: bool,
    as_json: bool,
) -> None:
    """Read the files of a SOURCE: its exports, folders of them, packed or not, or - for what is piped in.

    With auto as SOURCE Kith tells from what stands in the files what they are. Reading the same things again adds
    nothing, so it can be stopped and run again at any time.
    """
    inputs = Inputs(paths, host, _mapping(columns))
    if source == "auto":
        source = detected(inputs).NAME
        say(f"These files are of “{source}”.")
    if dry_run:
        try_out(source, inputs, as_json)
    else:
        _run(source, inputs, not no_projections, as_json)


def _mapping(columns: tuple[str, ...]) -> dict[str, str]:
    """“Column=meaning” as typed. Refusal where there is no “=”."""
    if wrong := next((column for column in columns if "=" not in column), ""):
        raise Refusal(f'“{wrong}” does not say what the column means. Write for example: --map "E-mail=email"')
    return {heading.strip(): meaning.strip() for heading, _, meaning in (one.rpartition("=") for one in columns)}


@click.command()
@skip_projections
@as_json
def sample(no_projections: bool, as_json: bool) -> None:
    """Fill Kith with an invented community, to look around in."""
    _run("sample", Inputs(()), not no_projections, as_json)


def _run(source: str, inputs: Inputs, project: bool, as_json: bool) -> None:
    find_source(source)  # a wrong name is said before a database is started
    with opened() as kith:
        settle(kith, source, inputs)
        with Meter() as meter:
            done = importing.run(kith, source, inputs, tell=lambda progress: _tell(meter, progress))
            if project:
                Engine(kith, tell=meter.events).catch_up()
        if as_json:
            answer_json({key: getattr(done, key) for key in KEYS})
        else:
            answer(_summary(done))
        if done.refused:
            _regret(kith, done)


def _tell(meter: Meter, progress: Progress) -> None:
    rate = progress.read / progress.seconds if progress.seconds else 0
    meter.tell("Importing", progress.done, progress.total, f"{progress.read:,} rows, {rate:,.0f} a second")


def _summary(done: Progress) -> str:
    return (
        f"Read {done.read:,} rows in {done.seconds:,.1f} s: {done.recorded:,} new, {done.known:,} known already "
        f"({done.changed:,} of those changed), {done.refused:,} refused."
    )


def _regret(kith: Installation, done: Progress) -> None:
    """Say where refused rows can be seen; where nothing else was read, that is a Refusal with the first reason."""
    with kith.connection() as connection:
        first = which_rows_were_refused(connection, done.batch, limit=1)[0]
    where = f"{first['file']}, line {first['line']}: " if first["line"] else first["file"] and f"{first['file']}: "
    see = f"See why: crm refused {str(done.batch)[:8]}"
    if done.read == done.refused:
        raise Refusal(f"Nothing could be read. {where}{first['reason'].rstrip('.')}. {see}")
    rows = "1 row was" if done.refused == 1 else f"{done.refused:,} rows were"
    say(f"{rows} refused and kept aside. {see}")


@click.command()
@as_json
def imports(as_json: bool) -> None:
    """What was imported, the newest first."""
    with opened() as kith:
        rows = all_imports(kith)
    if as_json:
        return answer_json(rows)
    heads = ("batch", "when (UTC)", "source", "state", "read", "new", "known", "changed", "refused", "files")
    answer_table(heads, [_line(row) for row in rows])
    return None


def _line(row: Any) -> tuple[Any, ...]:
    when, files = f"{row.started_at:%Y-%m-%d %H:%M}", ", ".join(row.files[:3]) + (" …" if len(row.files) > 3 else "")
    counts = (row.read, row.recorded, row.known, row.changed, row.refused)
    return (str(row.batch)[:8], when, row.source, state_of(row), *counts, files)


@click.command()
@click.argument("batch")
@click.option("--limit", default=1000, show_default=True, help="At most so many.")
@as_json
def refused(batch: str, limit: int, as_json: bool) -> None:
    """The rows of an import that could not be read: file, line and reason."""
    with opened() as kith:
        found = find_batch(kith, batch)
        with kith.connection() as connection:
            rows = which_rows_were_refused(connection, found, limit=limit)
    keys = ("number", "file", "line", "reason")
    if as_json:
        answer_json([{key: row[key] for key in keys} for row in rows])
    elif rows:
        answer_table(keys, [[row[key] for key in keys] for row in rows])
    else:
        answer("No row of this import was refused.")


@click.command("take-back")
@click.argument("batch")
def take_back(batch: str) -> None:
    """Let nothing of an import count any more. The log keeps it, and it can be imported again."""
    with opened() as kith:
        dispatch(kith, TakeBackImport(batch=find_batch(kith, batch)))
        with Meter() as meter:
            Engine(kith, tell=meter.events).catch_up()
    answer("Taken back: nothing of this import counts any more.")


@click.command("carry-out", hidden=True)
@click.argument("upload", type=click.UUID)
def carry_out(upload: UUID) -> None:
    """Do what was asked of an upload on the Sources page; the server calls this."""
    with opened() as kith:
        uploading.carry_out(kith, upload)


COMMANDS = (bring, carry_out, sample, imports, refused, take_back)
