"""Whom a project thanks, and for what: the list that the all-contributors tools keep, much of it work that no log shows."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from crm.activity import Activity, Refused
from crm.contributors import table
from crm.contributors.settings import NO_PROJECT, listed
from crm.contributors.types import WORDS
from crm.errors import Refusal
from crm.github.place import locate
from crm.kinds import _
from crm.reading import Document, Glimpse, Inputs
from crm.reading.fields import fields_in
from crm.reading.rows import rows_of

NAME = "contributors"
LABEL = _("All-contributors list")
HELP = _("The file .all-contributorsrc of a repository, or its README with the table made from it.")
MAKES = (
    "Each kind of contribution of each person becomes a credit in the repository, under its own name.",
    f"Known kinds are {', '.join(WORDS)}; a project may have its own beside them.",
    "Somebody on the list without any contribution was on the list.",
    "A person becomes the GitHub (or GitLab) account whose number stands in the address of the picture.",
)
CANNOT_KNOW = (
    "When somebody contributed: only that it was before the list was first read.",
    "How much somebody contributed.",
    "Which account it is, where the picture is not GitHub’s: then only the login, which may have passed to another since.",
    "That somebody was taken off the list.",
)

LONGEST = 8 << 20
"""Bytes of a README that are looked through."""

NO_TABLE = "there is no list of contributors in this file"


def fits(glimpse: Glimpse) -> int:
    """The settings by their names, the table by the mark around it."""
    fields = fields_in(glimpse)
    if fields:
        known = {"contributors", "projectName", "projectOwner", "contributorsPerLine", "imageSize", "badgeTemplate"}
        return 96 if "contributors" in fields and (len(fields & known) > 1 or b'"contributions"' in glimpse.head) else 0
    return 95 if table.BEGIN in glimpse.text else 0


def read(inputs: Inputs) -> Iterator[Activity | Refused]:
    """Every credit in every list. Refusal when `host` is no address."""
    typed = typed_in(inputs.host)
    at = datetime.now(UTC).replace(microsecond=0)
    for document in inputs.documents():
        if is_json(document):
            for row in rows_of(document):
                yield from (row,) if isinstance(row, Refused) else listed(row, typed, at)
        else:
            yield from in_readme(document, typed, at)


def typed_in(host: str) -> tuple[str, str]:
    """Host and owner/repository of an address as typed: both, only the host, or neither."""
    if not host:
        return "", ""
    address = host if "://" in host else f"https://{host}"
    if found := locate(address):
        return found[0].host, found[0].name.removesuffix(".git")
    bare = address.partition("://")[2].strip("/")
    if "." not in bare or "/" in bare:
        raise Refusal(f"“{host}” is not the address of a repository; write it like github.com/curl/curl.")
    return bare.lower(), ""


def is_json(document: Document) -> bool:
    stream: Any = document.stream
    try:
        return stream.peek(64).lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[")
    except Refusal:
        return True  # whatever is wrong with it is told where it is read


def in_readme(document: Document, typed: tuple[str, str], at: datetime) -> Iterator[Activity | Refused]:
    try:
        text = document.stream.read(LONGEST).decode("utf-8-sig", "replace").replace("\0", "\ufffd")
    except Refusal as reason:
        yield Refused(document.name, 0, str(reason))
        return
    people = table.cells(text)
    project = table.project_of(people, typed, at)
    if not people:
        yield Refused(document.name, 0, NO_TABLE)
    elif project is None:
        yield Refused(document.name, 0, NO_PROJECT)
    else:
        yield from table.tabled(project, people)
