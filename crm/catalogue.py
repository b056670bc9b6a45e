"""The catalogue of events, written from the classes themselves; `docs/events.md` is this text, and a test compares them."""

import msgspec

from crm.event import REGISTRY, Event, Fact, discover


def catalogue() -> str:
    """Every event with its fields, as Markdown."""
    discover()
    ours = sorted((topic, cls) for topic, cls in REGISTRY.items() if cls.__module__.startswith("crm."))
    return "# Events\n\nWritten by `crm events`; do not edit.\n" + "".join(_entry(topic, cls) for topic, cls in ours)


def _entry(topic: str, cls: type[Event]) -> str:
    kind = "fact from outside" if issubclass(cls, Fact) else "decision of the team"
    lines = [f"\n## `{topic}`\n\n{(cls.__doc__ or '').strip().splitlines()[0]}\n"]
    lines.append(f"Version {cls.VERSION}, {kind}, `{cls.__module__}.{cls.__name__}`. Sentence: “{cls.SENTENCE}”.\n")
    fields = [
        field.name for field in msgspec.structs.fields(cls) if field.name not in ("originator_id", "originator_version")
    ]
    lines.append(f"Fields: {', '.join(f'`{name}`' for name in fields)}.")
    if cls.PERSONAL is not None:
        personal = ", ".join(f"`{field.name}`" for field in msgspec.structs.fields(cls.PERSONAL))
        lines.append(f"\nSealed under the person's key: {personal}.")
    return "\n".join(lines) + "\n"
