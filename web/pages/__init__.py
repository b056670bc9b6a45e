"""Pages, one file a family. A module here with `ROUTES` is served; with a `MENU` entry it stands in the menu."""

import importlib
import pkgutil
from functools import cache
from types import ModuleType


@cache
def pages() -> tuple[ModuleType, ...]:
    """Every page module, in the order of the names."""
    found = sorted(found.name for found in pkgutil.iter_modules(__path__))
    modules = (importlib.import_module(f"{__name__}.{name}") for name in found)
    return tuple(module for module in modules if hasattr(module, "ROUTES"))
