"""What a command ends with, whatever happens: an answer, or one sentence about what was wrong. Never a traceback."""

import logging
import sys
from typing import TextIO

import click
import psycopg
from eventsourcing import persistence

from crm.cli import (
    comparing,
    importers,
    ledger,
    looking,
    moving,
    networks,
    people,
    projecting,
    reading,
    running,
    scoring,
    segments,
    taking_in,
    vouching,
    whois,
)
from crm.cli.shell import say
from crm.errors import Refusal

LOST = (psycopg.OperationalError, psycopg.InterfaceError, persistence.OperationalError, persistence.InterfaceError)
REFUSED = 2
STOPPED = 130


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def commands() -> None:
    """Kith: the people of your community, and all that they did.

    Settings come from environment variables; `crm settings` lists them.
    """


for part in (
    taking_in,
    moving,
    importers,
    looking,
    people,
    reading,
    scoring,
    comparing,
    networks,
    whois,
    vouching,
    segments,
    projecting,
    ledger,
    running,
):
    for command in part.COMMANDS:
        commands.add_command(command)


def main() -> None:
    """Run the command that was typed and end the process: 0 done, 1 a fault was found, 2 refused, 130 stopped."""
    logging.getLogger("psycopg").addHandler(
        logging.NullHandler()
    )  # what it says about lost connections we say ourselves
    for stream in (sys.stdout, sys.stderr):
        _forgive(stream)
    sys.exit(_run())


def _run() -> int:
    try:
        return commands.main(prog_name="crm", standalone_mode=False) or 0
    except click.ClickException as wrong:
        wrong.show()
        return wrong.exit_code
    except Refusal as refusal:
        say(str(refusal))
    except persistence.IntegrityError:
        say("Somebody else changed the same thing at the same moment. Run the command again.")
    except LOST as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")
        say(
            f"The database went away ({reason}). When it is back, run the same command again; nothing is counted twice."
        )
    except (KeyboardInterrupt, click.Abort):
        say("Stopped. Nothing is half-written; run the same command again to go on.")
        return STOPPED
    except OSError as error:
        say(f"The system refused: {error.strerror or error}{f' ({error.filename})' if error.filename else ''}.")
    return REFUSED


def _forgive(stream: TextIO) -> None:
    """Show a question mark where a terminal cannot write a letter, rather than end there."""
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="replace")
