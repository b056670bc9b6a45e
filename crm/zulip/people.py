"""The accounts of one organisation, by Zulip's own numbers.

Who hides their address is given one made of that number (`user12@chat.example.org`); it is no address of theirs, but it
tells under which address the organisation is found.
"""

import re
from collections import Counter
from collections.abc import Iterator

from crm.activity import Who, told
from crm.bots import is_bot
from crm.zulip.shapes import Message, User

MADE_UP = re.compile(r"user(\d+)@([\w.-]+)")
OF_BOT = re.compile(r"[\w.+-]+-bot@([\w.-]+)")
SERVERS_OWN = re.compile(r"[\w.+-]+@zulip\.com")
NAMELESS = "the account has no number here and was told by its name"


class People:
    """Everybody known so far. `joined` holds who is on the list of members, `hosts` counts what made-up addresses tell."""

    def __init__(self) -> None:
        self.accounts: dict[int, Who] = {}
        self.named: dict[str, int] = {}
        self.joined: dict[int, float | str | None] = {}
        self.hosts: Counter[str] = Counter()

    def add(self, user: User, listed: bool = True) -> None:
        """Learn an account from a list; only members of the organisation itself are `listed`."""
        uid = user.id if user.id is not None else user.user_id
        if uid is None:
            return
        email = user.email or ""
        name = user.full_name or ("" if listed else email.partition("@")[0].replace("-", " ").title())
        bot = bool(user.is_bot) or not listed or is_bot("", name, email)
        self.learn_host(uid, email, bool(user.is_bot))
        self.keep(uid, name, user.delivery_email or email, user.avatar_url, bot, user.timezone)
        if listed and not bot:
            self.joined[uid] = user.date_joined

    def learn_host(self, uid: int, email: str, bot: bool) -> None:
        if found := MADE_UP.fullmatch(email):
            if found[1] == str(uid):
                self.hosts[found[2]] += 1
        elif bot and (found := OF_BOT.fullmatch(email)) and not SERVERS_OWN.fullmatch(email):
            self.hosts[found[1]] += 1

    def keep(self, uid: int, name: str, email: str, avatar: str | None, bot: bool, zone: str | None = None) -> Who:
        found = MADE_UP.fullmatch(email)
        real = "" if found and found[1] == str(uid) else email
        shown = avatar if avatar and avatar.startswith("http") else ""
        who = self.accounts[uid] = Who(str(uid), "", name, real, shown, bot, about=told(zone=None if bot else zone))
        if name:
            self.named[name] = uid if self.named.get(name, uid) == uid else -1
        return who

    def of(self, uid: int, name: str = "") -> Who:
        """The account of a number; one in no list by the name that stands beside it."""
        known = self.accounts.get(uid)
        if known is None or (name and not known.name):
            known = self.keep(uid, name, "", None, is_bot("", name, ""))
        return known

    def by_name(self, name: str) -> Who | None:
        """The account of that name, if there is just one."""
        return self.accounts.get(self.named.get(name, -1))

    def writer(self, message: Message) -> Who | None:
        """Who wrote a message; by name alone where nothing else is told, as in public archives."""
        uid = message.sender_id if message.sender_id is not None else message.sender
        name, email = message.sender_full_name or "", message.sender_email or ""
        if uid is None:
            return (self.by_name(name) or Who(f"name:{name}", name=name, bot=is_bot("", name, ""))) if name else None
        known = self.accounts.get(uid)
        if known is None or (name and not known.name):
            self.learn_host(uid, email, False)
            known = self.keep(uid, name, email, message.avatar_url, is_bot("", name, email))
        return known

    def members(self) -> Iterator[tuple[Who, float | str | None]]:
        """The members, each with the date of joining where the list tells it."""
        for uid, date in self.joined.items():
            yield self.accounts[uid], date
