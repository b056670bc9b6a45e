"""What every answer carries so that a browser runs nothing but our own files, and no other site can act in a reader's name.

There is no sign-in yet, so the server listens on this machine only and answers to no other host name.
"""

from secrets import compare_digest

from litestar.config.allowed_hosts import AllowedHostsConfig
from litestar.config.csrf import CSRFConfig
from litestar.datastructures import MutableScopeHeaders
from litestar.middleware.csrf import CSRF_SECRET_LENGTH, generate_csrf_hash
from litestar.types import Message, Scope

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": "no-store",
    "Vary": "HX-Request, HX-Request-Type, Accept, Accept-Language, Cookie",
}


def hosts(port: int) -> AllowedHostsConfig:
    """The names this machine is called by, so that no page elsewhere can reach us under a name of its own."""
    return AllowedHostsConfig(allowed_hosts=[f"127.0.0.1:{port}", f"localhost:{port}"], www_redirect=False)


def csrf(secret: str) -> CSRFConfig:
    """Forms carry a token that another site cannot read; static files need none."""
    return CSRFConfig(secret=secret, cookie_httponly=True, cookie_samesite="lax", exclude=["^/static", "^/health"])


def is_ours(secret: str, sent: str, kept: str) -> bool:
    """Whether the token that came with a form is the one in the reader's cookie, and made here.

    For the one form that Litestar's own check would read whole, into memory, before anything of it could be stored.
    """
    signed = generate_csrf_hash(token=kept[:CSRF_SECRET_LENGTH], secret=secret)
    return compare_digest(sent.encode(), kept.encode()) and compare_digest(signed, kept[CSRF_SECRET_LENGTH:])


async def protect(message: Message, _: Scope) -> None:
    """Put the headers on every answer, errors included; nothing of a page is kept by a browser."""
    if message["type"] == "http.response.start":
        headers = MutableScopeHeaders.from_message(message)
        for name, value in HEADERS.items():
            headers.setdefault(name, value)
