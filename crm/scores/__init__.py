"""Formulas, one file each. A module here with a `FORMULA` is one; nothing else need be told.

A formula is data with a version, and says where it is from and what it means. Whoever has the facts (`projections.scores`) works it
out: for all members at once, as of any day, and opened to what a number came from.
"""

import importlib
import pkgutil

from crm.errors import Refusal
from crm.scores.formula import Formula


def formulas() -> dict[str, Formula]:
    """Every formula by its name, Kith's own first, then in the order of the names."""
    modules = (importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__))
    known = {module.FORMULA.name: module.FORMULA for module in modules if hasattr(module, "FORMULA")}
    return dict(sorted(known.items(), key=lambda one: (one[0] != "advocacy", one[0])))


def formula(name: str) -> Formula:
    """The formula of that name; Refusal names those there are."""
    known = formulas()
    if name not in known:
        raise Refusal(f"There is no formula called “{name}”. Known are: {', '.join(known)}.")
    return known[name]
