"""The sample community: put in with one button, so that every page has something to show, and taken out with another."""

import logging
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Any
from uuid import UUID

from litestar import Response, post

from crm import importing
from crm.command import dispatch
from crm.errors import Refusal
from crm.importing import Progress
from crm.imports import TakeBackImport
from crm.installation import Installation
from crm.kinds import _
from crm.reading import Inputs
from projections.imports import which_samples
from web.page import Asked, engine, kith, redirect
from web.pages.leaving import is_gone_at_once

log = logging.getLogger(__name__)

_adding = Lock()
"""Held while the sample comes in: neither twice at once nor out again before it is in."""


@post("/sample", sync_to_thread=True)
def add_sample(request: Asked) -> Response[Any]:
    """Begin to add the sample community and show how far it is."""
    opened = kith(request)
    with opened.connection() as connection:
        if which_samples(connection):
            return redirect("/", _("The sample community is here already."))
    if not _adding.acquire(blocking=False):
        return redirect("/sources", _("The sample community is being added."))
    begun: SimpleQueue[UUID | Exception] = SimpleQueue()
    Thread(target=_add, args=(opened, begun), name="sample", daemon=True).start()
    first = begun.get()
    if isinstance(first, Exception):
        raise first
    engine(request).catch_up("imports")
    return redirect(f"/sources/{first}", _("The sample community is coming in. You can leave this page."))


@post("/sample/removal", sync_to_thread=True)
def remove_sample(request: Asked) -> Response[Any]:
    """Take every import of the sample back and bring the pages to where it is gone."""
    if not _adding.acquire(blocking=False):
        raise Refusal(_("The sample community is still coming in. Wait until it is there, then remove it."))
    try:
        with kith(request).connection() as connection:
            batches = which_samples(connection)
        for batch in batches:
            dispatch(kith(request), TakeBackImport(batch=batch))
    finally:
        _adding.release()
    if not is_gone_at_once(request):
        return redirect("/", _("The sample is taken out. Within some minutes it is gone from every page."))
    return redirect("/", _("The sample community is gone."))


def _add(opened: Installation, begun: "SimpleQueue[UUID | Exception]") -> None:
    """Run the import; tell its batch as soon as it has one, or what went wrong."""

    def tell(progress: Progress) -> None:
        begun.put(progress.batch)

    try:
        importing.run(opened, "sample", Inputs(()), tell=tell)
    except Exception as error:
        log.exception("The sample community could not be added.")
        begun.put(error)
    finally:
        _adding.release()


ROUTES = [add_sample, remove_sample]
