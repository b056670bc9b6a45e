"""What every answer carries so that a browser runs nothing but our own files, and no other site can act in a reader's name.

There is no sign-in yet, so the server listens on this machine only and answers to no other host name.
"""

from typing import Any

from litestar import Request, Response
from litestar.config.allowed_hosts import AllowedHostsConfig
from litestar.config.csrf import CSRFConfig

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
}


def hosts(port: int) -> AllowedHostsConfig:
    """The names this machine is called by, so that no page elsewhere can reach us under a name of its own."""
    return AllowedHostsConfig(allowed_hosts=[f"127.0.0.1:{port}", f"localhost:{port}"], www_redirect=False)


def csrf(secret: str) -> CSRFConfig:
    """Forms carry a token that another site cannot read; static files need none."""
    return CSRFConfig(secret=secret, cookie_httponly=True, cookie_samesite="lax", exclude=["^/static", "^/health"])


def protect(request: Request[Any, Any, Any], response: Response[Any]) -> None:
    """Put the headers on an answer; nothing of a page is kept by a browser, our own files for ever."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers.setdefault("Vary", "HX-Request, HX-Request-Type, Accept, Accept-Language, Cookie")
