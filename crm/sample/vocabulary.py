"""What the invented community says: the word lists beside this file; {words} in braces are slots."""

import tomllib
from importlib.resources import files

import msgspec


class Talk(msgspec.Struct, frozen=True):
    """A conversation: `answers` come from helpers, `more` from who opened it. A chat has no title.

    Only a member of `from_day` to `to_day` days opens it: who has been there for long no longer introduces
    themselves.
    """

    lang: str
    kind: str
    place: str
    text: str
    answers: list[str]
    more: list[str]
    title: str = ""
    from_day: int = 0
    to_day: int = 10_000


class Issue(msgspec.Struct, frozen=True):
    """A fault or wish told to the developers."""

    title: str
    text: str
    answers: list[str]


class Change(msgspec.Struct, frozen=True):
    """A change proposed to the program, and what reviewers say."""

    title: str
    text: str
    reviews: list[str]


class Meetup(msgspec.Struct, frozen=True):
    """A regular gathering."""

    key: str
    place: str
    lang: str
    title: str
    text: str


class Names(msgspec.Struct, frozen=True):
    """Parts of names, Vietnamese and of the rest of the world."""

    family: list[str]
    middle: list[str]
    given: list[str]
    world_first: list[str]
    world_last: list[str]


class Manners(msgspec.Struct, frozen=True):
    """Thanks and spam by language, gatherings, and what places are called."""

    thanks: dict[str, list[str]]
    spam: dict[str, list[str]]
    meetup: list[Meetup]
    places: dict[str, str]


class Vocabulary(msgspec.Struct, frozen=True):
    """Everything together."""

    names: Names
    slots: dict[str, list[str]]
    manners: Manners
    forum: list[Talk]
    chat: list[Talk]
    issue: list[Issue]
    change: list[Change]


def load() -> Vocabulary:
    """The word lists as they lie in this package."""
    lists = ("names", "slots", "manners", "forum", "chat", "code")
    folder = files("crm.sample")
    read = {name: tomllib.loads((folder / f"{name}.toml").read_text("utf-8")) for name in lists}
    whole = read | read["code"] | {"forum": read["forum"]["talk"], "chat": read["chat"]["talk"]}
    return msgspec.convert(whole, Vocabulary)
