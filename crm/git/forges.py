"""A repository is one place for everybody only by its public address; a path on somebody's disk means nothing to others."""

import re

from crm.activity import Place

REMOTE = re.compile(
    r"(?:(?:https?|ssh|git)://)?(?:[^@/\s]+@)?(?P<host>[a-z0-9-]+(?:\.[a-z0-9-]+)+)(?::\d+(?=/))?[:/]"
    r"(?P<path>[\w.~-]+(?:/[\w.~-]+)+?)/?",
    re.IGNORECASE,
)
COMMITS = {
    "github.com": "/commit/",
    "codeberg.org": "/commit/",
    "git.sr.ht": "/commit/",
    "bitbucket.org": "/commits/",
}
COMMITS |= {"salsa.debian.org": "/-/commit/", "invent.kde.org": "/-/commit/"}


def place_of(address: str) -> Place | None:
    """The repository behind an address such as `github.com/curl/curl` or `git@github.com:curl/curl.git`.

    Key and link never hold the user or the password of the address. None for a path or whatever else is no address.
    """
    found = REMOTE.fullmatch(address.strip())
    if found is None:
        return None
    host, path = found["host"].lower(), found["path"].removesuffix(".git")
    link = f"https://{host}/{path}" if commits_at(host) else ""
    return Place(key=f"{host}/{path}".lower(), name=path, link=link)


def commit_link(place: Place | None) -> str:
    """What the hash of a commit is put behind to make its page; empty if it is not known how."""
    if place is None or not place.link:
        return ""
    return place.link + commits_at(place.key.partition("/")[0])


def commits_at(host: str) -> str:
    return COMMITS.get(host) or ("/-/commit/" if host.startswith("gitlab.") else "")
