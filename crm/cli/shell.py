"""How every command opens Kith, speaks to people and answers programs: answers on stdout, all else on stderr."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import click
import msgspec
from rich.console import Console
from rich.table import Table
from rich.text import Text

from crm import settings
from crm.installation import Installation

WIDE = 200
"""Columns of a table that goes to a file or another program."""

as_json = click.option("--json", "as_json", is_flag=True, help="Answer with JSON, for programs.")


@contextmanager
def opened() -> Iterator[Installation]:
    """The installation that the environment describes, its database started if need be."""
    with Installation(settings.read(), say) as kith:
        yield kith


def say(sentence: str) -> None:
    """A sentence for the person, beside the answer."""
    click.echo(printable(sentence), err=True)


def answer(sentence: str) -> None:
    """A line of the answer, in words."""
    click.echo(printable(sentence))


def answer_json(value: Any) -> None:
    """The answer as one line of JSON; times are ISO 8601 in UTC."""
    click.echo(msgspec.json.encode(value).decode())


def answer_table(heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """The answer as a table; numbers stand at the right."""
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = WIDE
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for number, head in enumerate(heads):
        right = bool(rows) and isinstance(rows[0][number], int | float)
        table.add_column(Text(head), justify="right" if right else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(_cell(value)) for value in row))
    console.print(table)


def printable(text: str) -> str:
    """Text from outside, without what could steer a terminal."""
    return "".join(letter if letter.isprintable() or letter == "\n" else " " for letter in text)


def _cell(value: Any) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value:,.0f}"
    return " ".join(printable(str(value)).split())
