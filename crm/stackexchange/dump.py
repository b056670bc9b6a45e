"""The tables of one or several dumps, each under the site it belongs to; people and posts are read ahead of the rest."""

import contextlib
from collections.abc import Iterator
from typing import Any, cast

from crm.activity import Refused
from crm.errors import Refusal
from crm.reading import Document, Inputs
from crm.stackexchange.address import host_in
from crm.stackexchange.cells import number
from crm.stackexchange.rows import Row, rows_of
from crm.stackexchange.site import Site
from crm.stackexchange.tables import table_in

NO_HOST = (
    "it can't be told which site this is of: a dump says so only by the name of its folder or archive. "
    "Name that like cooking.stackexchange.com, or give --host cooking.stackexchange.com"
)
SEVERAL = (
    "There are dumps of several sites here ({}), and --host would make one of them. "
    "Leave --host out, or import one dump at a time."
)


class Dumps:
    """Every site in the inputs. Refusal where `--host` is given for the dumps of several sites."""

    def __init__(self, inputs: Inputs) -> None:
        self.given = inputs.host
        self.sites: dict[str, Site] = {}
        told = set()
        for document in inputs.ahead(lambda _: True):
            told.add(host_in(document.name))
            self._learn(document)
        several = sorted(told - {""})
        if self.given and len(several) > 1:
            raise Refusal(SEVERAL.format(", ".join(several[:5])))
        for site in self.sites.values():
            site.settle()

    def open(self, document: Document) -> tuple[str, Site]:
        """Which table of which site a document is. Refusal says what is wrong with it."""
        table = table_in(cast(Any, document.stream).peek(1))
        host = self.given or host_in(document.name)
        if not host:
            raise Refusal(NO_HOST)
        return table, self.sites.setdefault(host, Site(host))

    def _learn(self, document: Document) -> None:
        """Keep people and posts; whatever is wrong with them is told when they are read in earnest."""
        with contextlib.suppress(Refusal):
            table, site = self.open(document)
            for row in rows_of(document, table) if table in ("users", "posts") else ():
                with contextlib.suppress(ValueError):
                    if isinstance(row, Row):
                        learn(row.cells, table, site)

    def rows(self, inputs: Inputs) -> Iterator[tuple[str, Site, Row] | Refused]:
        """Every row of every table with its table and site, and a `Refused` for whatever is none."""
        for document in inputs.documents():
            try:
                table, site = self.open(document)
            except Refusal as reason:
                yield Refused(document.name, 0, str(reason))
                continue
            for row in rows_of(document, table):
                yield row if isinstance(row, Refused) else (table, site, row)


def learn(cells: dict[str, str], table: str, site: Site) -> None:
    if table == "posts":
        site.posts.add(cells)
    else:
        site.people.add(number(cells, "Id"), cells.get("DisplayName", ""), cells.get("ProfileImageUrl", ""))
