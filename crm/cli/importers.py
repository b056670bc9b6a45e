"""What can be read: for people in a table, and as the page of the documentation, so that it cannot grow old."""

from inspect import cleandoc

import click

from crm.cli.shell import answer_json, answer_table, as_json
from crm.sources import Source, sources

OPENING = """# What Kith can read

Made from the importers by `scripts/crm sources --markdown`; change it there. Every source takes a file, a folder, a pattern
or `-` for what is piped in, plain or packed (gz, bz2, xz, zip, tar). Reading the same things again adds nothing. A row that
cannot be read is kept with its reason and never stops the rest. `crm import auto PATH` tells by itself what files are,
`--dry-run` says what would come in.
"""


@click.command("sources")
@click.option("--markdown", is_flag=True, help="As docs/sources.md.")
@as_json
def importers(markdown: bool, as_json: bool) -> None:
    """What can be imported, and by which name."""
    known = sources()
    if markdown:
        click.echo(page(), nl=False)
    elif as_json:
        answer_json([{"name": name, "label": one.LABEL, "help": one.HELP} for name, one in known.items()])
    else:
        answer_table(
            ("source", "what it is", "what it reads"), [(name, one.LABEL, one.HELP) for name, one in known.items()]
        )


def page() -> str:
    """The page of the documentation: a part for each source."""
    return OPENING + "".join(_part(name, source) for name, source in sources().items())


def _part(name: str, source: Source) -> str:
    makes = _bullets("What it makes of it", getattr(source, "MAKES", ()))
    lacks = _bullets("What it cannot know", getattr(source, "CANNOT_KNOW", ()))
    return f"\n## {source.LABEL}: `{name}`\n\n{source.HELP}\n\n{cleandoc(source.__doc__ or '')}\n{makes}{lacks}"


def _bullets(title: str, sentences: tuple[str, ...]) -> str:
    return f"\n{title}:\n\n" + "".join(f"- {sentence}\n" for sentence in sentences) if sentences else ""


COMMANDS = (importers,)
