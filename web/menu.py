"""The menu. Each page module says its own entry; they are put in order and into the reader's language here."""

from itertools import groupby
from typing import NamedTuple

from web.i18n import translations
from web.pages import pages


class Entry(NamedTuple):
    """A place in the menu: an English msgid, where it leads, an icon, and a number that orders it (its tens are a group)."""

    label: str
    href: str
    icon: str
    order: int


class Shown(NamedTuple):
    """A menu entry as the layout shows it."""

    label: str
    href: str
    icon: str
    current: bool
    waiting: int | None = None


def menu(path: str, language: str) -> list[list[Shown]]:
    """The groups of the menu for a page at `path`."""
    entries = sorted((page.MENU for page in pages() if hasattr(page, "MENU")), key=lambda entry: entry.order)
    say = translations(language).gettext
    return [
        [Shown(say(entry.label), entry.href, entry.icon, _is_current(entry.href, path)) for entry in group]
        for _, group in groupby(entries, key=lambda entry: entry.order // 10)
    ]


def _is_current(href: str, path: str) -> bool:
    return path == href or (href != "/" and path.startswith(f"{href}/"))
