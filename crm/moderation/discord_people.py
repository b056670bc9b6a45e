"""Accounts of Discord as audit logs and bots name them: the same accounts as the importer of its channels makes."""

from functools import lru_cache

import msgspec

from crm.activity import Who
from crm.bots import is_bot
from crm.discord.people import account

SOURCE, HOST = "discord", "discord.com"
LOST = ("", "0", "3553")
"""What stands where an account is gone; 3553 is what Red-DiscordBot puts in the place of a deleted account."""


class User(msgspec.Struct, gc=False):
    """An account as Discord's API tells it."""

    id: str | int
    username: str = ""
    discriminator: str | int | None = None
    global_name: str | None = None
    bot: bool | None = None


def of_user(user: User) -> Who | None:
    number = str(user.discriminator or "")
    return ours(account(str(user.id), user.username, number, user.global_name or "", bool(user.bot), ""))


@lru_cache(1 << 16)
def of_id(number: str | int | None, name: str = "") -> Who | None:
    """An account by its id, and by its name as a bot had it (`mai` or `mai#1234`); by the name alone where there is no id."""
    uid = str(number if number is not None else "")
    login, _, tag = name.rpartition("#")
    if not login or len(tag) != 4 or not tag.isdecimal():
        login, tag = name, ""
    if uid in LOST or not (uid.isascii() and uid.isdecimal()):
        alone = name or (uid if uid not in LOST else "")
        return Who(f"name:{alone}", name=alone, source=SOURCE) if alone else None
    return ours(account(uid, login, tag, "", is_bot(login, "", ""), ""))


def ours(who: Who | None) -> Who | None:
    return msgspec.structs.replace(who, source=SOURCE, host=HOST) if who else None
