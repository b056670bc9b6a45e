"""Whose a mail is. Lists that put their own address into From still tell the writer's in some other header.

A whole address is one account on every list. What is left of a masked address stands for a person only together with the
name; a masked address alone only where nothing of it was cut away.
"""

import re
from functools import lru_cache

from crm.activity import Who
from crm.bots import is_bot
from crm.mail.address import SHORTENED, Mailbox, mailbox, whole
from crm.mail.headers import Fields
from crm.mail.lists import dotted

VIA = re.compile(r"(.*?)\s+(?:via|über|thông qua)\s+(\S.*)", re.IGNORECASE)
MASKED = "the writer’s address is masked, so the account is told by what is left of it and the name"
NAME_ONLY = "the list hides the writer’s address, so the account is told by the name"
HIDDEN = "the address is masked and there is no name, so nobody can be told"
ORIGINAL = ("x-original-from", "original-from", "x-original-sender", "reply-to")
TELLING = 8
"""Letters of a masked address without a name that can stand for one person."""

Writer = tuple[Who | None, str]
"""The account, or None, and what had to be guessed."""


def writer(fields: Fields, host: str, sender: bytes) -> Writer:
    """Who wrote a mail to the list `host`; `sender` is the address on the line that begins the mail."""
    told = fields.get("from") or sender
    if not told:
        return None, ""
    box = mailbox(told)
    via = VIA.fullmatch(box.name)
    if via and is_list(via[2], box, host):
        return behind(fields, host, box._replace(name=via[1].strip(" '\"")))
    if box.address and dotted(box.address) == host:
        return behind(fields, host, box._replace(name=""))
    return account(box)


@lru_cache(maxsize=1_000)
def account(box: Mailbox) -> Writer:
    """The account that a mailbox stands for."""
    name, doubt = box.name, "" if box.address else MASKED
    if box.is_of_one:
        return Who(box.address, "", name, box.address, bot=is_bot("", name, box.address), host=""), doubt
    left = box.address or " ".join(box.rest.split())
    if name:
        uid = f"masked:{left} ({name.casefold()})" if left else f"name:{name.casefold()}"
        return Who(uid, "", name, bot=is_bot("", name, "")), doubt
    if len(left) < TELLING or box.address or SHORTENED.search(left):
        return (Who(left, "", "", left, bot=True) if is_bot("", "", left) else None), HIDDEN
    return Who(f"masked:{left}", left.partition("@")[0].strip()), doubt


def is_list(tail: str, box: Mailbox, host: str) -> bool:
    """Whether what stands behind “via” is the list: its name is in its address."""
    word = tail.split(maxsplit=1)[0].casefold()
    return box.address.endswith("@groups.io") or any(word in text for text in (host, box.address, box.rest))


def behind(fields: Fields, host: str, box: Mailbox) -> Writer:
    """The writer behind a mail that is from the list itself."""
    if "=" in box.address and (carried := whole(box.address.partition("@")[0].replace("=", "@"))):
        return account(Mailbox(box.name, carried))
    for field in ORIGINAL:
        if found := personal(fields.get(field, b""), host, box):
            return account(Mailbox(box.name or found.name, found.address))
    copied = (mailbox(part.strip()) for part in fields.get("cc", b"").split(b",") if box.name)
    for found in copied:
        if found.address and found.name.casefold() == box.name.casefold():
            return account(Mailbox(box.name, found.address))
    if not box.name:
        return None, NAME_ONLY
    return Who(f"name:{box.name.casefold()}", "", box.name, bot=is_bot("", box.name, "")), NAME_ONLY


def personal(told: bytes, host: str, box: Mailbox) -> Mailbox | None:
    """The first mailbox of a header that is neither the list's nor the one in From."""
    for part in told.split(b","):
        found = mailbox(part.strip())
        if found.is_of_one and dotted(found.address) != host and found.address != box.address:
            return found
    return None
