"""Importers, one file each. A module here with a `NAME` and a `read(inputs)` is a source; nothing else need be told.

`read` yields `Activity` for each act and `Refused` for each row that could not be read, streaming, in any order.
"""

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Protocol, cast

from crm.activity import Activity, Refused
from crm.errors import Refusal
from crm.reading import Inputs


class Source(Protocol):
    """`NAME` is typed on the command line, `LABEL` and `HELP` are read by people."""

    NAME: str
    LABEL: str
    HELP: str

    def read(self, inputs: Inputs) -> Iterator[Activity | Refused]: ...


def sources() -> dict[str, Source]:
    """Every importer by its name, in the order of the names."""
    modules = (importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__))
    known = {module.NAME: cast(Source, module) for module in modules}
    return dict(sorted(known.items()))


def source(name: str) -> Source:
    """The importer of that name; Refusal names those there are."""
    known = sources()
    if name not in known:
        raise Refusal(f"There is no source called “{name}”. Known are: {', '.join(known)}.")
    return known[name]
