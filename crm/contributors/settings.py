"""The settings file of all-contributors, `.all-contributorsrc`, in which the list of people is kept."""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from crm.activity import Activity, Refused
from crm.contributors.credit import Project
from crm.github.place import Repo
from crm.reading import Row, decode

NO_PROJECT = "the file does not say whose project it is (“projectOwner”, “projectName”); give it with --host github.com/curl/curl"
NOBODY = "this person has neither a login nor a name"
NO_LIST = "this is no list of contributors: it has no “contributors”"


class Contribution(msgspec.Struct):
    """A kind of contribution with the address of what was contributed."""

    type: str
    url: str | None = None


class Person(msgspec.Struct):
    """Somebody on the list; people without an account have no login."""

    login: str | None = None
    name: str | None = None
    avatar_url: str | None = None
    contributions: list[str | Contribution] = []


class Kind(msgspec.Struct):
    """A kind of contribution that the project has made or renamed."""

    description: str = ""


class Settings(msgspec.Struct, rename="camel"):
    """The few settings that say which project it is; people are still packed, so that one bad one does not cost the others."""

    contributors: list[msgspec.Raw] | None = None
    project_name: str = ""
    project_owner: str = ""
    repo_type: str | None = None
    repo_host: str | None = None
    types: dict[str, Kind] = {}


def listed(row: Row, typed: tuple[str, str], at: datetime) -> Iterator[Activity | Refused]:
    """Every credit of everybody on the list. `typed` are host and owner/repository as the user gave them, or empty."""
    settings = decode(row, Settings)
    if isinstance(settings, Refused):
        yield settings
    elif settings.contributors is None:
        yield row.refuse(NO_LIST)
    elif project := project_of(settings, typed, at):
        for raw in settings.contributors:
            yield from credits_of(project, Row(row.file, row.line, bytes(raw)))
    else:
        yield row.refuse(NO_PROJECT)


def project_of(settings: Settings, typed: tuple[str, str], at: datetime) -> Project | None:
    """The project as it was typed, else as the settings have it; None where neither says which."""
    host, name = typed
    owner, project = settings.project_owner.strip(), settings.project_name.strip()
    if not name and owner and project:
        name = f"{owner}/{project}"
    forge = (settings.repo_type or "github").lower()
    host = host or (settings.repo_host or "").split("://")[-1].strip("/") or f"{forge}.com"
    words = {kind: one.description for kind, one in settings.types.items() if one.description}
    return Project(Repo(host.lower(), name), forge, at, words) if name else None


def credits_of(project: Project, row: Row) -> Iterator[Activity | Refused]:
    person = decode(row, Person)
    if isinstance(person, Refused):
        yield person
        return
    login, name = (person.login or "").strip(), (person.name or "").strip()
    if not login and not name:
        yield row.refuse(NOBODY)
        return
    who = project.person(login, name, person.avatar_url or "")
    if not person.contributions:
        yield project.act(who, "listed", "contributor")
    for one in person.contributions:
        kind, link = (one, "") if isinstance(one, str) else (one.type, one.url or "")
        if kind:
            yield project.credit(who, kind, link)
