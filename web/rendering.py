"""Templates in a language: Jinja with gettext, the filters of that language, and addresses of files that can be cached."""

from functools import cache
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from crm.kinds import KINDS
from crm.sources import sources
from web.i18n import LANGUAGES, filters, saying, translations

HERE = Path(__file__).parent
TEMPLATES = [HERE / "templates"]
"""Folders in which templates are looked for; a plug-in may add its own before the first page is shown."""


@cache
def environment(language: str) -> Environment:
    """Where the templates of a language are compiled, once."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        extensions=["jinja2.ext.i18n"],
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    catalogue = translations(language)
    made.globals.update(saying(language))
    made.filters.update(filters(language), outside=outside)
    made.globals.update(static=static, kinds=KINDS, hue=hue)
    made.globals.update(source_name=lambda source: catalogue.gettext(source_name(source)))
    return made


def compile_all() -> None:
    """Compile every template in every language now, rather than for the first person who opens a page."""
    for language, _ in LANGUAGES:
        made = environment(language)
        for name in made.list_templates():
            made.get_template(name)


@cache
def static(name: str) -> str:
    """The address of a file of ours; it changes with the file, so that browsers may keep it for ever."""
    return f"/static/{name}?{sha256((HERE / 'static' / name).read_bytes()).hexdigest()[:12]}"


def hue(somebody: UUID) -> int:
    """Which of the eight tones an avatar has: always the same for the same person."""
    return somebody.bytes[0] % 8


@cache
def source_name(source: str) -> str:
    """What people call a source; one that no importer of ours reads is called as it calls itself."""
    known = sources().get(source)
    return known.LABEL if known else source.capitalize()


def outside(link: str) -> str:
    """A link as the source gave it, if a browser may follow it to a page; else nothing."""
    return link if link.startswith(("https://", "http://")) else ""
