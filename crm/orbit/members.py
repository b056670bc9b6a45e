"""Orbit's members, as its pages of answers name them; an activity only gives a member's number."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from crm.activity import Who, told
from crm.bots import is_bot
from crm.csv.people import web
from crm.orbit.shapes import Thing
from crm.recent import Recent

HOST = "orbit.love"
"""Orbit's numbers are of all its workspaces, so one host holds for all."""


def text(value: Any) -> str:
    """A value as text; nothing where it is none."""
    if isinstance(value, str):
        return value.strip()
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


class Written(NamedTuple):
    """An activity that was told, and who did it."""

    key: str
    who: Who | None


class Members:
    """Everybody met so far, by number, and the last activities by the key that their platform gave them."""

    def __init__(self) -> None:
        self._known: dict[str, Who] = {}
        self.written: Recent[str, Written] = Recent()

    def meet(self, things: Iterable[Thing]) -> None:
        """Learn the members among these objects."""
        for thing in things:
            if thing.type == "member":
                self._known[text(thing.id)] = member(thing)

    def of(self, thing: Thing) -> Who | None:
        """Who did an activity; None where it names nobody."""
        told = thing.relationships.get("member")
        data = told.get("data") if isinstance(told, dict) else None
        number = text(data.get("id")) if isinstance(data, dict) else ""
        return self._known.get(number) or (Who(number) if number else None)


def member(thing: Thing) -> Who:
    """A member as an account of Orbit: the slug is its user name."""
    get = thing.attributes.get
    login, name, email = text(get("slug")), text(get("name")), text(get("email")).lower()
    languages = get("languages")
    about = told(
        pronouns=text(get("pronouns")),
        place=text(get("location")),
        birthday=text(get("birthday")),
        languages=", ".join(map(text, languages)) if isinstance(languages, list) else text(languages),
    )
    avatar = web(text(get("avatar_url")))
    return Who(text(thing.id), login, name, email, avatar, is_bot(login, name, email), about=about)
