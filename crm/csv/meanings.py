"""What a column can mean, in one place: the importer, the command line and the page that asks all read this table."""

from collections.abc import Iterable, Mapping

from crm.errors import Refusal
from crm.kinds import _

MEANINGS: dict[str, str] = {
    "": _("leave this column out"),
    "name": _("full name"),
    "first_name": _("given name"),
    "last_name": _("family name"),
    "email": _("e-mail address"),
    "login": _("user name"),
    "uid": _("member’s own number"),
    "avatar": _("link to a picture of the member"),
    "bot": _("whether it is a bot (yes or no)"),
    "joined": _("date of joining"),
    "pronouns": _("pronouns"),
    "zone": _("time zone"),
    "languages": _("languages"),
    "lives": _("where the member lives"),
    "birthday": _("birthday"),
    "time": _("date of the activity"),
    "clock": _("time of day"),
    "kind": _("what happened"),
    "key": _("activity’s own number"),
    "title": _("title"),
    "text": _("text"),
    "link": _("link to the activity"),
    "place": _("channel, group or category"),
    "thread": _("conversation"),
    "parent": _("number of the activity that is answered"),
    "whom_name": _("full name of the other person"),
    "whom_email": _("e-mail address of the other person"),
    "whom_login": _("user name of the other person"),
    "whom_uid": _("own number of the other person"),
    "reactions": _("how many reactions"),
}
"""What `inputs.mapping` may say of a column, and how people read it."""

PERSON = ("name", "first_name", "last_name", "email", "login", "uid")
"""A table is only of use if one of these is in it."""

ABOUT = {"pronouns": "pronouns", "zone": "zone", "languages": "languages", "lives": "place", "birthday": "birthday"}
"""Meanings that fill a field of the member's, and which of `crm.fields.BUILT_IN` it is."""

MEMBER = (*PERSON, *ABOUT, "avatar", "bot", "joined")
"""What a table of members can tell."""

ACTIVITY = ("time", "clock", "kind", "key", "title", "text", "parent", "thread")
"""One of these makes a table one of activities; without any, and without another person, it is one of members."""


def of_activity(meaning: str) -> bool:
    """Whether only activities have it."""
    return meaning in ACTIVITY or meaning.startswith("whom_")


def check(mapping: Mapping[str, str]) -> None:
    """Refusal where a mapping says what no column can mean, says something twice, or leaves out who it was."""
    said = [meaning for meaning in mapping.values() if meaning]
    for heading, meaning in mapping.items():
        if meaning not in MEANINGS:
            known = ", ".join(name for name in MEANINGS if name)
            raise Refusal(f"“{meaning}”, given for the column “{heading}”, is not a meaning. Known are: {known}.")
        if meaning and said.count(meaning) > 1:
            both = " and ".join(f"“{one}”" for one, what in mapping.items() if what == meaning)
            raise Refusal(f"The columns {both} cannot both be “{meaning}”. Leave one of them out.")
    if not any(meaning in PERSON for meaning in said):
        raise Refusal(f"No column says who it was. Give one of these meanings to a column: {', '.join(PERSON)}.")
    if "joined" in said and any(map(of_activity, said)):
        raise Refusal(
            "A date of joining belongs to a table of members, and this one is of activities. Leave that column out."
        )


def check_headings(mapping: Mapping[str, str], headings: Iterable[str], file: str) -> None:
    """Refusal where a mapping names a column that a table lacks."""
    there = list(headings)
    if missing := next((heading for heading in mapping if heading not in there), ""):
        names = ", ".join(f"“{heading}”" for heading in there)
        raise Refusal(f"There is no column “{missing}” in {file}. Its columns are: {names}.")
