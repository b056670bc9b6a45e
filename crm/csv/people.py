"""Who a row is about: the cells of one person in a table, and an id that stays the same at every import."""

import re
from collections.abc import Mapping
from functools import lru_cache

from crm.activity import Who, told
from crm.bots import is_bot
from crm.csv.meanings import ABOUT

NOBODY = frozenset({"", "-", "–", "—", "?", "NA", "N/A", "n/a", "#N/A", "NULL", "null", "None", "nan", "NaN"})
"""What programs write where there is nothing. “Null” and “Na” are names of people."""

ADDRESS = re.compile(r"[^@\s<>\"',;:()]+@[^@\s<>\"',;:()]+\.[^@\s<>\"',;:().]+")
NAMED = re.compile(r"\"?(?P<name>[^<>\"]*?)\"?\s*<(?:mailto:)?(?P<address>[^<>\s]+)>")
LONGEST = 500
"""Characters of a cell in which an address is looked for; nobody is called by more."""

YES = frozenset({"yes", "y", "true", "1", "x", "bot", "có", "co", "đúng"})
BY_NAME = "somebody is known by a display name only, which others may bear too"

PARTS = ("uid", "login", "email", "name")
OWN = ("first_name", "last_name", "avatar", "bot")
"""What a row tells only of the person whom it is about."""


def person(cells: Mapping[str, str], *, family_first: bool = False) -> Who | None:
    """The person whom a row is about; None where it names nobody.

    The id is the member's own number, else the e-mail address, else the user name, else the display name.
    """
    get = cells.get
    about = told(**{field: get(meaning) for meaning, field in ABOUT.items()})
    return who_of(
        *[get(part, "") for part in PARTS], *[get(part, "") for part in OWN], about, family_first=family_first
    )


def other(cells: Mapping[str, str]) -> Who | None:
    """The other person whom a row names, if it does."""
    get = cells.get
    return who_of(*[get(f"whom_{part}", "") for part in PARTS])


@lru_cache(8_000)
def who_of(
    uid: str,
    login: str,
    email: str,
    name: str,
    given: str = "",
    family: str = "",
    avatar: str = "",
    bot: str = "",
    about: tuple[tuple[str, str], ...] = (),
    *,
    family_first: bool = False,
) -> Who | None:
    """An account from its cells. The same people stand in many rows, so those met last are remembered."""
    name, address = split(name)
    beside, mail = split(email)
    name, email = name or beside, mail or email or address
    if "@" in login and not login.startswith("@"):
        login, email = "", email or split(login)[1]
    login = login.removeprefix("@")
    if not login and is_handle(name):
        name, login = "", name[1:]
    name = name or " ".join(filter(None, (family, given) if family_first else (given, family)))
    email = email.lower()
    if not (uid := uid or email or login or (name and f"name:{name}")):
        return None
    return Who(uid, login, name, email, web(avatar), bot.lower() in YES or is_bot(login, name, email), about=about)


def is_handle(cell: str) -> bool:
    """Whether it is a user name as it is written where people are spoken to."""
    return cell.startswith("@") and len(cell) > 1 and " " not in cell


def split(cell: str) -> tuple[str, str]:
    """The name and the first address in a cell such as `An Nguyễn <an@example.org>`, either of which may be missing."""
    if "@" not in cell or cell.startswith("@") or len(cell) > LONGEST or not (found := ADDRESS.search(cell)):
        return cell, ""
    return cell[: found.start()].removesuffix("mailto:").strip(" \"'<(,;"), found[0]


def web(link: str) -> str:
    """A link of the web as it is; anything else is none."""
    return link if link.startswith(("https://", "http://")) else ""
