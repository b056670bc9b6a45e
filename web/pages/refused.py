"""The rows of an import that could not be read: why, where, and all of them to take along and mend."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from litestar import Response, get
from litestar.params import FromPath, FromQuery
from litestar.response import Stream

from crm.importing import RawRow
from crm.installation import Installation
from crm.vault import unseal
from projections.imports import which_rows_were_refused
from web.page import Asked, kith, page, wanted
from web.pages.sources import SHOWN, one
from web.table import stream


@get("/sources/{batch:uuid}/refused", sync_to_thread=True)
def refused(request: Asked, batch: FromPath[UUID], after: FromQuery[int] = 0) -> Response[Any]:
    """The rows that could not be read; as CSV all of them, each with how it begins."""
    view = one(request, batch, after, SHOWN)
    if wanted(request) == "csv":
        headers = {"Content-Disposition": f'attachment; filename="refused-{batch}.csv"'}
        return Stream(stream(_opened(kith(request), batch)), media_type="text/csv; charset=utf-8", headers=headers)
    return page(request, "sources/refused.html", view)


def _opened(kith: Installation, batch: UUID) -> Iterator[list[dict[str, Any]]]:
    """All refused rows with their first bytes opened, a thousand at a time."""
    after, key = 0, kith.vault.keys([batch]).get(batch)
    while True:
        with kith.connection() as connection:
            rows = which_rows_were_refused(connection, batch, after=after)
        if not rows or key is None:
            return
        for row in rows:
            raw = unseal(key, batch, row["raw"], RawRow)
            row["raw"] = raw.raw.decode("utf-8", "replace") if isinstance(raw, RawRow) else ""
        yield rows
        after = rows[-1]["number"]


ROUTES = [refused]
