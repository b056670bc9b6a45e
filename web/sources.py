"""What a source is called on a page: people say Discourse forum, the log says discourse."""

from functools import cache

from crm.sources import sources


@cache
def called(source: str) -> str:
    """The label of a source's importer, an English msgid; where it has none its own name with a capital."""
    known = sources().get(source)
    return known.LABEL if known else source.capitalize()
