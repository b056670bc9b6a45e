"""One helper for every page: the same data as a page, a fragment, JSON, CSV or a workbook; in the reader's language and theme.

A handler asks its questions, puts the answers in a struct, and returns `page(...)`. What is wanted is told by `?as=json`,
`?as=csv` or `?as=xlsx` (or by Accept), and by htmx, which asks for a fragment with `HX-Request-Type: partial`.
"""

from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl, urlencode

import msgspec
from jinja2_fragments import render_block
from litestar import MediaType, Request, Response
from litestar.datastructures import Cookie
from litestar.response import Redirect
from litestar.utils.scope.state import ScopeState
from markupsafe import Markup

from crm.installation import Installation
from projections.engine import Engine
from projections.imports import which_samples
from web.i18n import LANGUAGES, chosen, translations
from web.menu import menu
from web.rendering import environment
from web.table import table
from web.workbook import workbook

Asked = Request[Any, Any, Any]

FILES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""Forms that a browser keeps as a file, and what they are called in HTTP."""


def kith(request: Asked) -> Installation:
    """The opened installation."""
    return request.app.state.kith  # type: ignore[no-any-return]


def engine(request: Asked) -> Engine:
    """The engine that keeps the read tables."""
    return request.app.state.engine  # type: ignore[no-any-return]


def page(
    request: Asked,
    template: str,
    view: msgspec.Struct,
    *,
    fragment: str = "rows",
    rows: Sequence[msgspec.Struct | dict[str, Any]] = (),
) -> Response[Any]:
    """The answer in the form that was asked for.

    The template sees `view` and its fields, JSON holds it whole; `fragment` is the block that htmx gets; `rows` become a file.
    """
    form = wanted(request)
    if form == "json":
        return Response(msgspec.json.encode(view), media_type=MediaType.JSON)
    if form in FILES:
        name = request.url.path.strip("/").replace("/", "-") or "today"
        headers = {"Content-Disposition": f'attachment; filename="{name}.{form}"'}
        content = table(rows) if form == "csv" else workbook(rows)
        return Response(content, media_type=FILES[form], headers=headers)
    return html(request, template, {**msgspec.structs.asdict(view), "view": view}, fragment=fragment)


def html(
    request: Asked, template: str, values: dict[str, Any], *, fragment: str = "", status: int = 200, bare: bool = False
) -> Response[str]:
    """A template as a whole page, or its block when htmx asks for a part. A `bare` one has no menu and asks the database nothing."""
    language = chosen(request.cookies.get("language"), request.headers.get("Accept-Language", ""))
    context = {**_shell(request, language, bare), **values}
    if fragment and is_partial(request):
        content = render_block(environment(language), template, fragment, context)
    else:
        content = environment(language).get_template(template).render(context)
    shown_once = [Cookie(key="notice", value="", max_age=0, path="/")] if "notice" in request.cookies else []
    return Response(content, media_type=MediaType.HTML, status_code=status, cookies=shown_once)


def redirect(path: str, notice: str = "", undo: int = 0) -> Redirect:
    """On to another page of ours after a form; `notice`, an English msgid, is said there once.

    With `undo`, the position in the log of what was done, a button beside it undoes that.
    """
    ours = path if path.startswith("/") and not path.startswith(("//", "/\\")) else "/"
    value = urlencode({"say": notice, "undo": undo})
    cookies = [Cookie(key="notice", value=value, max_age=60, path="/", httponly=True, samesite="lax")] if notice else []
    return Redirect(ours, status_code=303, cookies=cookies)


def with_query(request: Asked, **changes: object) -> str:
    """This page's address with some of its query changed; None or "" takes a parameter away."""
    query = dict(parse_qsl(request.url.query)) | {name: str(value) for name, value in changes.items()}
    kept = {name: value for name, value in query.items() if value not in ("", "None")}
    return request.url.path + (f"?{urlencode(kept)}" if kept else "")


def wanted(request: Asked) -> str:
    """In which form the answer is wanted: html, json, csv or xlsx."""
    if (asked := request.query_params.get("as", "")) in ("json", *FILES):
        return str(asked)
    accepted = request.headers.get("Accept", "")
    return "json" if "application/json" in accepted else "csv" if "text/csv" in accepted else "html"


def is_partial(request: Asked) -> bool:
    """Whether htmx asks for a part of a page that somebody has before them."""
    return request.headers.get("HX-Request-Type") == "partial"


def _shell(request: Asked, language: str, bare: bool) -> dict[str, Any]:
    """What the layout shows on every page."""
    token = ScopeState.from_scope(request.scope).csrf_token
    token = (
        token if isinstance(token, str) else request.cookies.get("csrftoken", "")
    )  # no route, no token: that of before
    notice = dict(parse_qsl(request.cookies.get("notice", "")))
    said, undo = notice.get("say", ""), notice.get("undo", "")
    return {
        "menu": [] if bare else menu(request.url.path, language),
        "lang": language,
        "languages": LANGUAGES,
        "theme": request.cookies.get("theme", "system"),
        "path": with_query(request),
        "csrf_token": token,
        "csrf_input": Markup('<input type="hidden" name="_csrf_token" value="{}">').format(token),
        "sample": not bare and _has_sample(request),
        "notice": translations(language).gettext(said) if said else "",
        "undo": int(undo) if undo.isdecimal() else 0,
        "with_query": lambda **changes: with_query(request, **changes),
    }


def _has_sample(request: Asked) -> bool:
    with kith(request).connection() as connection:
        return bool(which_samples(connection))
