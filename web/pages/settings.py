"""A reader's own settings: language and theme. They live in cookies until there is somebody to sign in."""

from typing import Any, Literal

import msgspec
from litestar import Response, post
from litestar.datastructures import Cookie
from litestar.params import URLEncodedBody

from web.page import redirect


class Language(msgspec.Struct):
    """The language somebody chose, and the page they were on."""

    language: Literal["en", "vi"]
    next: str = "/"


class Theme(msgspec.Struct):
    """The theme somebody chose, and the page they were on."""

    theme: Literal["light", "dark", "system"]
    next: str = "/"


@post("/settings/language", sync_to_thread=False)
def choose_language(data: URLEncodedBody[Language]) -> Response[Any]:
    """Remember the language for a year and stay on the page."""
    return _remembered("language", data.language, data.next)


@post("/settings/theme", sync_to_thread=False)
def choose_theme(data: URLEncodedBody[Theme]) -> Response[Any]:
    """Remember the theme for a year and stay on the page."""
    return _remembered("theme", data.theme, data.next)


def _remembered(name: str, value: str, path: str) -> Response[Any]:
    answer = redirect(path)
    answer.cookies.append(Cookie(key=name, value=value, max_age=365 * 24 * 3600, path="/", samesite="lax"))
    return answer


ROUTES = [choose_language, choose_theme]
