"""Setting something up for everybody: the wish is done, told with its undo, and seen at once in the list."""

from typing import Any

from litestar import Response

from crm.command import Command, dispatch
from crm.kinds import _
from web.page import Asked, engine, kith, redirect


def set_up(request: Asked, wish: Command, path: str, kept: bool = True) -> Response[Any]:
    """Do it and go back to the list at `path`; not `kept` is what was taken away. Refusal as the command says."""
    done = dispatch(kith(request), wish)
    engine(request).catch_up("members", "acts")
    return redirect(
        path, _("Kept.") if kept else _("It is taken away; what was filled in stays in the history."), undo=done
    )
