"""What Kith remembers for reading. A module here with a `PROJECTION` is one; all of it can be thrown away and rebuilt."""

import importlib
import pkgutil

from projections.projection import Projection, defined_in


def projections() -> dict[str, Projection]:
    """Every projection by its name, in the order of the names."""
    modules = (importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__))
    known = [defined_in(module) for module in modules if hasattr(module, "PROJECTION")]
    return {projection.name: projection for projection in sorted(known, key=lambda one: one.name)}
