"""Who is behind a name on Discord: accounts by their snowflakes, machines, and those who are gone."""

from functools import lru_cache

from crm.activity import Who
from crm.bots import is_bot
from crm.discord.shapes import Person

LOST = "456226577798135808"
"""The one account to which Discord gives the messages of all who left it: “Deleted User#0000”."""

NO_NUMBER = ("", "0", "0000")
KEPT = 1 << 16


def who(person: Person | None) -> Who | None:
    """The account, or None where Discord has lost it."""
    if person is None:
        return None
    number = str(person.discriminator or "")
    return account(
        str(person.id), person.name or "", number, person.nickname or "", bool(person.is_bot), person.avatar_url or ""
    )


@lru_cache(KEPT)
def account(uid: str, name: str, number: str, nickname: str, bot: bool, avatar: str) -> Who | None:
    """An account by all that is told of it. A portrait that was saved beside the export has no address of its own."""
    if uid in ("", LOST) or (name == "Deleted User" and number in NO_NUMBER and not bot):
        return None
    login = name if number in NO_NUMBER else f"{name}#{number}"
    return Who(uid, login, nickname or name, avatar=avatar if "://" in avatar else "", bot=bot)


@lru_cache(KEPT)
def author(uid: str, written: str, aged: bool) -> Who | None:
    """The account of a row in a table, where `written` is all there is: `name#1234`, or `name` of the newer names.

    Where a table is `aged`, from before the newer names, only webhooks and lost accounts have the number 0000.
    """
    name, _, number = written.rpartition("#")
    if not name or len(number) != 4 or not number.isdecimal():
        name, number = written, ""
    bot = is_bot(name, "", "") or (aged and number == "0000" and name != "Deleted User")
    return account(uid or f"name:{written}", name, number, "", bot, "") if uid or written else None
