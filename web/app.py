"""The site: pages are discovered, each answer is protected, each error is a sentence."""

from litestar import Litestar, Router, get
from litestar.datastructures import State
from litestar.datastructures.headers import CacheControlHeader
from litestar.exceptions import HTTPException
from litestar.logging import LoggingConfig
from litestar.static_files import create_static_files_router

from crm.errors import Refusal
from crm.installation import Installation
from projections.engine import Engine
from web.errors import answer
from web.pages import pages
from web.rendering import HERE
from web.security import csrf, hosts, protect


@get("/health", sync_to_thread=False, media_type="text/plain")
def health() -> str:
    """Whether the server answers at all."""
    return "ok"


def create_app(kith: Installation, engine: Engine) -> Litestar:
    """The site over one installation. The caller starts whatever follows the log."""
    static = create_static_files_router(
        path="/static",
        directories=[HERE / "static"],
        cache_control=CacheControlHeader(public=True, max_age=365 * 24 * 3600, immutable=True),
    )
    # All at once, in a router: Litestar wraps a handler twice when another method of its address is registered after it.
    routes = Router("/", route_handlers=[health, *(route for page in pages() for route in page.ROUTES)])
    return Litestar(
        route_handlers=[static, routes],
        state=State({"kith": kith, "engine": engine}),
        csrf_config=csrf(kith.secret("csrf")),
        allowed_hosts=hosts(kith.settings.port),
        before_send=[protect],
        exception_handlers={HTTPException: answer, Refusal: answer, Exception: answer},
        openapi_config=None,
        logging_config=LoggingConfig(log_exceptions="never"),
    )
