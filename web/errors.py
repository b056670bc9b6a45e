"""Whatever goes wrong becomes a sentence, on a page of the same look; the log of the server gets the traceback."""

import logging
from typing import Any

from litestar import MediaType, Response
from litestar.exceptions import HTTPException

from crm.errors import Conflict, Refusal
from crm.kinds import _
from web.i18n import chosen, translations
from web.page import Asked, html, wanted

log = logging.getLogger(__name__)

SENTENCES = {
    400: _("Something in this address or form does not fit. Go back and try again."),
    403: _("This form has expired. Go back, reload the page and send it again."),
    404: _("There is nothing at this address."),
    405: _("This address does not take that kind of request."),
    500: _("Something went wrong on our side. It was written down; please try again."),
}


def answer(request: Asked, error: Exception) -> Response[Any]:
    """A page (or JSON) with a sentence and the right status."""
    status = _status(error)
    if status >= 500:
        log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    language = chosen(request.cookies.get("language"), request.headers.get("Accept-Language", ""))
    known = SENTENCES.get(status, SENTENCES[400 if status < 500 else 500])
    sentence = translations(language).gettext(str(error) if isinstance(error, Refusal) else known)
    if wanted(request) == "json":
        return Response({"status": status, "sentence": sentence}, media_type=MediaType.JSON, status_code=status)
    return html(request, "error.html", {"status": status, "sentence": sentence}, status=status, bare=status >= 500)


def _status(error: Exception) -> int:
    if isinstance(error, HTTPException):
        return error.status_code
    if isinstance(error, Conflict):
        return 409
    return 422 if isinstance(error, Refusal) else 500
