"""Writes a golden sample for each event class that has none: `python -m tests.crm.make_golden`.

A sample is what the class stores today, as hex, with what it means, as JSON. It stays when the class moves on: whatever was
written once must be read for ever.
"""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints
from uuid import UUID

import msgspec

from crm import coding, event
from crm.event import REGISTRY, Event

GOLDEN = Path(__file__).parent / "golden"

SAMPLES: dict[Any, Any] = {
    UUID: UUID("018f2d3c-7f3a-8b1e-9c55-0123456789ab"),
    datetime: datetime(2024, 5, 31, 12, 0, 0, 123456, tzinfo=UTC),
    date: date(2024, 5, 31),
    str: "Nguyễn",
    bytes: b"\x00sealed\xff",
    int: 7,
    float: 1.5,
    bool: True,
    Any: 2.5,
}


def golden(cls: type[Event], version: int) -> Path:
    """Where the sample of a version of an event lies."""
    return GOLDEN / f"{cls.TOPIC}.{version}.json"


def kiths_own() -> list[type[Event]]:
    """Every event class of the product, those that tests define left out."""
    event.discover()
    return [cls for cls in REGISTRY.values() if cls.__module__.startswith("crm.")]


def sample(cls: type[Event]) -> Event:
    """An event with every field filled."""
    hints = get_type_hints(cls)
    return cls(**{name: _value(hints[name]) for name in cls.__struct_fields__})


def _value(hint: Any) -> Any:
    parts = [part for part in get_args(hint) if part not in (NoneType, ...)]
    if hint in SAMPLES:
        return SAMPLES[hint]
    if get_origin(hint) in (tuple, list, frozenset, set):
        return get_origin(hint)(map(_value, parts))
    if get_origin(hint) is dict:
        return {_value(parts[0]): _value(parts[1])}
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        return hint(
            **{name: _value(part) for name, part in get_type_hints(hint).items() if name in hint.__struct_fields__}
        )
    if not parts:
        raise TypeError(f"There is no sample of {hint} yet: add one to SAMPLES.")
    return parts[0] if isinstance(parts[0], str) else _value(parts[0])


def main() -> None:
    """Write what is missing, and touch nothing that is there."""
    GOLDEN.mkdir(exist_ok=True)
    for cls in kiths_own():
        path = golden(cls, cls.VERSION)
        if not path.exists():
            made = sample(cls)
            content = {"topic": cls.TOPIC, "state": coding.encode(made).hex(), "event": msgspec.to_builtins(made)}
            path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n")


if __name__ == "__main__":
    main()
