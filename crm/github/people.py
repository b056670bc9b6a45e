"""GitHub accounts as identities, and whom a text names.

A login may pass to another account, an id never does. So a login in a text counts only where the same
document also gives its id; a login alone would make a second identity of somebody who has one already,
and of every `@Override`.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from crm.activity import Role, Who, Whom
from crm.bots import is_bot
from crm.github.shapes import Account

People = dict[str, Who]
"""Who is known in a document, by lower-cased login."""

UNSPOKEN = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`|^[ ]{0,3}>[^\n]*", re.DOTALL | re.MULTILINE)
HANDLE = re.compile(r"(?<![\w/@.+-])@([a-z\d](?:[a-z\d-]{0,38}))(?![\w/-])", re.IGNORECASE)


@lru_cache(maxsize=4096)
def who(account: Account | None) -> Who | None:
    """None for an account that GitHub has lost."""
    if account is None:
        return None
    return Who(
        uid=str(account.id),
        login=account.login,
        name=account.name or "",
        avatar=account.avatar_url or "",
        bot=account.type == "Bot" or is_bot(account.login, account.name or "", ""),
    )


def acquainted(accounts: Iterable[Account | None]) -> People:
    """The accounts given, by login."""
    known = {}
    for account in accounts:
        if account and account.login.lower() not in known:
            known[account.login.lower()] = who(account)
    return {login: found for login, found in known.items() if found}


def mentions(text: str, people: People) -> list[tuple[Who | None, Role]]:
    """Those whom a text addresses with @login outside code and quotations."""
    handles = HANDLE.findall(UNSPOKEN.sub("", text)) if "@" in text else []
    return [(people[handle.lower()], "mentioned") for handle in handles if handle.lower() in people]


def touched(actor: Who | None, *others: tuple[Who | None, Role]) -> tuple[Whom, ...]:
    """Each other account once, in its first role; never the actor, never one that is lost."""
    seen = {actor.uid} if actor else set()
    whom = []
    for other, role in others:
        if other and other.uid not in seen:
            seen.add(other.uid)
            whom.append(Whom(other, role))
    return tuple(whom)
