"""Files on their way in: sent, looked at as what they seem to be, tried out, and brought in or thrown away.

Each step has its own address, and can be left and come back to; the work is done by `crm.uploading.Helper`.
"""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath, URLEncodedBody

from crm.csv.meanings import MEANINGS
from crm.errors import Refusal
from crm.kinds import _
from crm.rehearsal import Rehearsal
from crm.sources import sources
from crm.uploading import ask_import, ask_rehearsal, throw_away
from crm.uploads import Upload, change, find_upload, inputs_of
from web.columns import Column, columns_of, mapping_of
from web.page import Asked, engine, kith, page, redirect, wanted
from web.pages.sources import Importer, importers
from web.preview import Preview, preview
from web.receiving import receive

GONE = _("These files are no longer here: they were brought in or thrown away.")
AT_WORK = _("These files are being brought in. They can’t be changed now.")


class Correction(msgspec.Struct):
    """What somebody knows better than Kith: the source, where it lives, and what each column means, in their order."""

    source: str = ""
    host: str = ""
    meaning: list[str] | str = []


class Look(msgspec.Struct):
    """Files as they would come in. `asks_host` is whether it helps to say where they are from."""

    upload: Upload
    importers: list[Importer]
    asks_host: bool
    columns: list[Column]
    meanings: dict[str, str]
    preview: Preview


class DryRun(msgspec.Struct):
    """How far a dry run is, or what it found. `rate` is rows a second, `left` seconds to go."""

    upload: Upload
    told: Rehearsal
    rate: float | None
    left: float | None


@post("/sources/uploads", request_max_body_size=None, exclude_from_csrf=True)
async def send(request: Asked) -> Response[Any]:
    """Take files in, of any length. A program that asks for JSON is told where they are now; browsers are led there."""
    address = f"/sources/uploads/{await receive(request, 'operator')}"
    return Response({"href": address}) if wanted(request) == "json" else redirect(address)


@get("/sources/uploads/{upload:uuid}", sync_to_thread=True)
def look(request: Asked, upload: FromPath[UUID]) -> Response[Any]:
    """What these files seem to be, and how they would come in."""
    found = find_upload(kith(request), upload)
    if found is None or found.state == "importing":
        return _elsewhere(found)
    columns = columns_of(kith(request), found)
    inputs = inputs_of(kith(request), found)
    inputs.mapping = mapping_of(columns)
    seen = preview(kith(request), found.source, inputs) if found.source else Preview()
    view = Look(found, importers(), _asks_host(found, seen), columns, MEANINGS, seen)
    return page(request, "uploads/look.html", view)


@post("/sources/uploads/{upload:uuid}", sync_to_thread=True)
def correct(request: Asked, upload: FromPath[UUID], data: URLEncodedBody[Correction]) -> Response[Any]:
    """Take the files for what somebody says they are."""
    found = _one(request, upload)
    if data.source and data.source not in sources():
        raise Refusal(_("There is no such source. Choose one from the list."))
    meanings = [data.meaning] if isinstance(data.meaning, str) else data.meaning
    columns = columns_of(kith(request), found) if meanings and data.source == found.source else []
    mapping = {column.heading: meaning for column, meaning in zip(columns, meanings, strict=False)}
    values = {"source": data.source, "host": data.host.strip(), "mapping": mapping}
    if any(getattr(found, name) != value for name, value in values.items()):
        anew = {"state": "new", "batch": None, "rehearsal": None, "trouble": ""}
        if found.state == "importing" or not change(kith(request), found, **values, **anew):
            raise Refusal(AT_WORK)
    return redirect(f"/sources/uploads/{upload}")


@get("/sources/uploads/{upload:uuid}/rehearsal", sync_to_thread=True)
def rehearsal(request: Asked, upload: FromPath[UUID]) -> Response[Any]:
    """How far the dry run is, or what it found."""
    found = find_upload(kith(request), upload)
    if found is None or found.state == "importing":
        return _elsewhere(found)
    if found.rehearsal is None:
        return redirect(f"/sources/uploads/{upload}")
    told = found.rehearsal
    rate = told.read / told.seconds if told.seconds else None
    left = told.seconds / told.done * (told.total - told.done) if told.done and told.total else None
    return page(request, "uploads/rehearsal.html", DryRun(found, told, rate, left), fragment="live")


@post("/sources/uploads/{upload:uuid}/rehearsal", sync_to_thread=True)
def rehearse(request: Asked, upload: FromPath[UUID]) -> Response[Any]:
    """Let a dry run be done."""
    ask_rehearsal(kith(request), _settled(request, upload))
    return redirect(f"/sources/uploads/{upload}/rehearsal")


@post("/sources/uploads/{upload:uuid}/import", sync_to_thread=True)
def bring_in(request: Asked, upload: FromPath[UUID]) -> Response[Any]:
    """Let the files be imported."""
    batch = ask_import(kith(request), _settled(request, upload))
    engine(request).catch_up("imports")
    return redirect(f"/sources/{batch}")


@post("/sources/uploads/{upload:uuid}/removal", sync_to_thread=True)
def remove(request: Asked, upload: FromPath[UUID]) -> Response[Any]:
    """Throw the files away."""
    if found := find_upload(kith(request), upload):
        throw_away(kith(request), found)
    return redirect("/sources", _("The files were thrown away."))


def _one(request: Asked, upload: UUID) -> Upload:
    if (found := find_upload(kith(request), upload)) is None:
        raise Refusal(GONE)
    return found


def _settled(request: Asked, upload: UUID) -> Upload:
    """The upload with the meaning of its columns written down as the page showed it."""
    found = _one(request, upload)
    mapping = mapping_of(columns_of(kith(request), found))
    if mapping != found.mapping and change(kith(request), found, mapping=mapping):
        found.mapping = mapping
    return found


def _elsewhere(found: Upload | None) -> Response[Any]:
    """To the import that reads the files; where they are gone, to where new ones can be sent."""
    return redirect(f"/sources/{found.batch}") if found else redirect("/sources", GONE)


def _asks_host(upload: Upload, seen: Preview) -> bool:
    """Whether the source speaks of an address in its help or in what it refuses, or one was given."""
    known = sources().get(upload.source)
    said = [known.HELP if known else "", seen.trouble, *(fact.reason for fact in seen.facts)]
    return bool(upload.host) or any("--host" in sentence for sentence in said)


ROUTES = [send, look, correct, rehearsal, rehearse, bring_in, remove]
