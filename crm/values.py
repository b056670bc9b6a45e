"""Values of fields as they are kept: each must fit the type of its field."""

import re
from datetime import date
from uuid import UUID

from crm.doing import must_be_known
from crm.errors import Refusal
from crm.fields import BUILT_IN, BUILT_IN_TYPES, FieldDefined
from crm.installation import Installation
from crm.kinds import _
from crm.vocabulary import what_is_set_up

LONGEST = 2_000
"""Letters of a value at most."""

_NUMBER = re.compile(r"[+-]?[0-9]{1,30}(\.[0-9]{1,30})?")


def checked(kith: Installation, field: str, value: str | list[str]) -> str | list[str]:
    """The value as it is kept. Refusal for an unknown field, or a value that does not fit its type; empty always fits."""
    if field in BUILT_IN:
        return _CHECKS[BUILT_IN_TYPES.get(field, "text")](value) if value else ""
    with kith.connection() as connection:
        known = what_is_set_up(connection, FieldDefined).get(f"field:{field}")
    if known is None:
        raise Refusal(_("There is no such field any more. Load the page again."))
    if known.type in ("choice", "choices"):
        return _chosen(known, value)
    text = _text(value)
    if known.type == "member" and text:
        must_be_known(kith, [_member(text)])
    return _CHECKS[known.type](text) if text else ""


def _text(value: str | list[str]) -> str:
    text = (value if isinstance(value, str) else ", ".join(value)).strip()
    if len(text) > LONGEST:
        raise Refusal(_("This is too long: two thousand letters at most."))
    return text


def _number(value: str | list[str]) -> str:
    text = _text(value).replace(" ", "")
    if not _NUMBER.fullmatch(text):
        raise Refusal(_("This field takes a number, such as 12 or 3.5."))
    return text


def _date(value: str | list[str]) -> str:
    try:
        return date.fromisoformat(_text(value)).isoformat()
    except ValueError:
        raise Refusal(_("This field takes a date, such as 2024-05-31.")) from None


def _link(value: str | list[str]) -> str:
    text = _text(value)
    if not text.startswith(("https://", "http://")) or " " in text:
        raise Refusal(_("This field takes a link that begins with https://."))
    return text


def _member(value: str | list[str]) -> UUID:
    try:
        return UUID(_text(value))
    except ValueError:
        raise Refusal(_("This field takes a member. Choose one from the list.")) from None


def _chosen(known: FieldDefined, value: str | list[str]) -> str | list[str]:
    several = [value] if isinstance(value, str) else value
    chosen = [one for one in known.choices if one in several]
    if len(chosen) < len([one for one in several if one]):
        raise Refusal(_("Choose from what this field offers."))
    return chosen if known.type == "choices" else "".join(chosen[:1])


_CHECKS = {"text": _text, "number": _number, "date": _date, "link": _link, "member": _text}
