"""Commands that prove the log: recompute all of it, and sign what it is now for keeping elsewhere."""

from pathlib import Path

import click

from crm import ledger
from crm.catalogue import catalogue
from crm.cli.meter import Meter
from crm.cli.shell import answer, answer_json, as_json, opened, say
from crm.errors import Refusal

BROKEN = 1


@click.command()
@click.option(
    "--checkpoint", "note", type=Path, metavar="FILE", help="Hold the log against a checkpoint that you kept."
)
@as_json
@click.pass_context
def verify(context: click.Context, note: Path | None, as_json: bool) -> None:
    """Recompute the whole log and say whether it is intact, or which event is not. Exit code 1 where it is not."""
    text = _read(note) if note else ""
    with opened() as kith, kith.connection() as connection, Meter() as meter:
        if text:
            ledger.compare(connection, kith.signing_key, text)
        verdict = ledger.verify(connection, kith.signing_key, lambda done, total: meter.events("Checking", done, total))
    if as_json:
        answer_json({key: getattr(verdict, key) for key in ("intact", "events", "head", "first_broken")})
    elif verdict.intact:
        answer(f"Intact: {verdict.events:,} events, head {verdict.head}.")
    if not verdict.intact:
        say(f"The log is not intact. {verdict.fault}")
        context.exit(BROKEN)


def _read(note: Path) -> str:
    try:
        return note.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise Refusal(
            f"“{note}” cannot be read as a checkpoint; give the file that `crm checkpoint` was written to."
        ) from None


@click.command()
def checkpoint() -> None:
    """Print the log as it stands now, signed. Keep it where nobody who can change the database can change it."""
    with opened() as kith, kith.connection() as connection:
        click.echo(ledger.checkpoint(connection, kith.signing_key), nl=False)


@click.command()
def events() -> None:
    """Print the catalogue of all events as Markdown; docs/events.md is this text."""
    click.echo(catalogue(), nl=False)


COMMANDS = (verify, checkpoint, events)
