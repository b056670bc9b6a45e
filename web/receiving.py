"""A form with files is taken in piece by piece: nothing of it is held, however long it is, and nothing is parsed twice."""

from asyncio import to_thread
from uuid import UUID

from litestar.exceptions import ClientException, PermissionDeniedException
from multipart import MultipartError, MultipartSegment, PushMultipartParser  # type: ignore[import-untyped]

from crm.arriving import Arrival
from web.page import Asked, kith
from web.security import is_ours

TOKEN = 200
"""Bytes of a token at most."""


async def receive(request: Asked, by: str) -> UUID:
    """Keep the files of a form as an upload. Its token stands before them; without it nothing is kept (403)."""
    boundary = request.content_type[1].get("boundary", "")
    try:
        with Arrival(kith(request), by) as arrival:
            form = _Form(arrival, kith(request).secret("csrf"), request.cookies.get("csrftoken", ""))
            with PushMultipartParser(boundary) as parser:
                async for chunk in request.stream():
                    if chunk and not parser.closed:
                        await to_thread(form.take, parser, chunk)
            return await to_thread(arrival.keep)
    except MultipartError:
        raise ClientException(status_code=400) from None


class _Form:
    """What came of a form so far: the token, then files."""

    def __init__(self, arrival: Arrival, secret: str, kept: str) -> None:
        self._arrival = arrival
        self._secret = secret
        self._kept = kept
        self._field = ""
        self._token = b""
        self._is_ours = False

    def take(self, parser: PushMultipartParser, chunk: bytes) -> None:
        for part in parser.parse(chunk):
            if isinstance(part, MultipartSegment):
                self._begin(part)
            elif part and self._field == "_csrf_token":
                self._token = (self._token + part)[:TOKEN]
            elif part and self._field == "files":
                self._arrival.write(part)

    def _begin(self, part: MultipartSegment) -> None:
        self._field = part.name if part.filename or part.name != "files" else ""
        if self._field != "files":
            return
        self._is_ours = self._is_ours or is_ours(self._secret, self._token.decode("ascii", "replace"), self._kept)
        if not self._is_ours:
            raise PermissionDeniedException
        self._arrival.begin(part.filename)
