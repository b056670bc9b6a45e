"""A project's `.mailmap`: what it says of who is who is believed first, and proposed with the reason."""

from contextlib import ExitStack
from pathlib import Path

import click
import msgspec

from crm.activity import Refused
from crm.cli.shell import answer, answer_json, as_json, opened, say
from crm.command import dispatch
from crm.errors import Refusal
from crm.mailmap import Alias, VouchFor, aliases_in, groups_in


class Heard(msgspec.Struct):
    """What came of a file: people of whom it names several signatures, things said anew that accounts here fit, lines refused."""

    people: int
    said: int
    refused: int


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--host", default="", help="The host that the commits were imported with, if any was given.")
@as_json
def mailmap(file: Path, host: str, as_json: bool) -> None:
    """Read a git .mailmap FILE: accounts that it says are one person are suggested first.

    Nobody is merged by it; see `crm suggestions`. Reading it again adds nothing.
    """
    if not file.is_file():
        raise Refusal(f"There is no file {file}.")
    with ExitStack() as stack:
        found = list(aliases_in(stack.enter_context(file.open(encoding="utf-8", errors="replace")), file.name))
        kith = stack.enter_context(opened())
        groups = groups_in(one for one in found if isinstance(one, Alias))
        before = kith.log.recorder.max_notification_id() or 0
        heard = Heard(len(groups), dispatch(kith, VouchFor(groups=groups, host=host)) - before, 0)
    for line in (one for one in found if isinstance(one, Refused)):
        heard.refused += 1
        say(f"{line.file}, line {line.line}: {line.reason}")
    if as_json:
        return answer_json(heard)
    return answer(
        f"It names {heard.people:,} people by several signatures; {heard.said:,} of them are here and were not known to be one."
    )


COMMANDS = (mailmap,)
