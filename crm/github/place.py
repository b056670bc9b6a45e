"""Which GitHub and which repository an address points at; issue documents say it nowhere else."""

import re

import msgspec

from crm.activity import Place

ADDRESS = re.compile(r"https?://(?:api\.)?([^/]+)/(?:api/v3/)?(?:repos/)?([^/?#]+/[^/?#]+)(?:/[a-z]+/(\d+))?")


class Repo(msgspec.Struct, frozen=True):
    """`name` is `owner/repository` as written; lower-cased it is the key, as all documents know that much."""

    host: str
    name: str

    @property
    def key(self) -> str:
        return self.name.lower()

    @property
    def link(self) -> str:
        return f"https://{self.host}/{self.name}"

    @property
    def place(self) -> Place:
        return Place(key=self.key, name=self.name, link=self.link)


def locate(address: str | None, host: str = "") -> tuple[Repo, int] | None:
    """Repository and number (0 if none is named) of a page or API address; `host` wins over the one in it."""
    found = ADDRESS.match(address or "")
    if found is None:
        return None
    return Repo(host or found[1].lower(), found[2]), int(found[3] or 0)
