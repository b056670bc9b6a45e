"""The table of contributors in a README, for projects of which nothing else is at hand; it shows what the settings hold.

A kind links to its search for the person's work, or to `#kind-login`: between them they name kind, login and repository.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from html import unescape
from typing import NamedTuple
from urllib.parse import unquote

from crm.activity import Activity, Who
from crm.contributors.credit import Project
from crm.contributors.types import KINDS
from crm.github.place import Repo

BEGIN, END = "ALL-CONTRIBUTORS-LIST:START", "ALL-CONTRIBUTORS-LIST:END"
PARTED = re.compile(r"<td\b|</td>|\|")
"""Between cells: an older table has bars, and no name has, because the tools write them as `&#124;`."""

LONGEST = 20_000
"""Letters of a cell that are looked at."""

LOGIN = r"([\w.-]+(?:\[bot\])?)"
PICTURE = re.compile(r"<img\b[^>]*?\bsrc=\"([^\"]*)\"")
SIZE = re.compile(r"[?&]s=\d+$")
NAMED = re.compile(r"<sub>\s*(?:<b>)?([^<]*)")
CREDIT = re.compile(r"<a href=\"([^\"]*)\" title=\"([^\"]*)\"|\(([^()\s]+) \"([^\"]*)\"\)")
ANCHOR = re.compile(rf"#([A-Za-z\d_]+)-{LOGIN}")
SEARCH = re.compile(
    r"https?://([\w.:-]+)/([\w.-]+(?:/[\w.-]+)+?)(?:/-)?/(?:commits|issues|pulls|merge_requests)\b"
    rf".*?(?:author|reviewed-by|author_username)[=:]{LOGIN}"
)


class Found(NamedTuple):
    """A credit in a cell: for which kind, in words too, whose, and in which repository if its address tells."""

    kind: str
    words: str
    login: str = ""
    link: str = ""
    host: str = ""
    name: str = ""


class Cell(NamedTuple):
    name: str
    avatar: str
    found: list[Found]


def cells(text: str) -> list[Cell]:
    """The people of a table, each with what they are credited for."""
    parts = (part[:LONGEST] for part in PARTED.split(text.partition(BEGIN)[2].partition(END)[0]))
    return [cell(part) for part in parts if NAMED.search(part)]


def cell(part: str) -> Cell:
    name, picture = NAMED.search(part), PICTURE.search(part)
    links = [(first or third, title or other) for first, title, third, other in CREDIT.findall(part)]
    return Cell(
        " ".join(unescape(name[1]).split()) if name else "",
        SIZE.sub("", unescape(picture[1])) if picture else "",
        [credit for credit in (credited(unescape(link), unescape(title)) for link, title in links) if credit],
    )


def credited(link: str, title: str) -> Found | None:
    """What a link of a kind tells; None for one that leads anywhere else and has no word known for a kind."""
    if anchor := ANCHOR.fullmatch(link):
        return Found(anchor[1], title, anchor[2])
    kind = KINDS.get(title.casefold(), "")
    if search := SEARCH.match(unquote(link)):
        return Found(kind or title, title, search[3], link, search[1].lower(), search[2])
    return Found(kind, title, link=link) if kind else None


def project_of(found: list[Cell], typed: tuple[str, str], at: datetime) -> Project | None:
    """The project as it was typed, else as the first address tells it; None where none does."""
    told = next(((one.host, one.name) for cell in found for one in cell.found if one.name), ("", ""))
    host, name = typed[0] or told[0], typed[1] or told[1]
    forge = "gitlab" if "gitlab" in host else "github"
    return Project(Repo(host or f"{forge}.com", name), forge, at, {}) if name else None


def tabled(project: Project, people: list[Cell]) -> Iterator[Activity]:
    """Every credit of everybody in the table."""
    for one in people:
        login = next((credit.login for credit in one.found if credit.login), "")
        if login or one.name:
            who: Who = project.person(login, one.name, one.avatar)
            for credit in one.found:
                yield project.credit(who, credit.kind, credit.link, credit.words)
