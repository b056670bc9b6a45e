"""Which list a mail was sent to: the host of all that is read from it, so every file of a list must give the same.

What is told as List-Id (“users.lists.example.org”) and what is told as an address (“users@lists.example.org”) is the same.
"""

import re

from crm.mail.address import whole
from crm.mail.encoded import header
from crm.mail.headers import Fields

BRACKETED = re.compile(r"<\s*([^<>\s]+?)\s*>[^<>]*$")
NAMED = re.compile(r"\blist\s+([^\s;<>]+@[^\s;<>]+)")


def dotted(address: str) -> str:
    """A list's address as List-Id writes it: users@lists.example.org is users.lists.example.org."""
    return address.replace("@", ".").lower()


def given(host: str) -> str:
    """The list as somebody typed it: an address, with “mailto:” or brackets, or what List-Id says."""
    typed = host.strip().strip("<>")
    return dotted(whole(typed)) if whole(typed) else typed.lower()


def told_by(fields: Fields) -> str:
    """The list that a mail's own headers name, or ""."""
    if told := fields.get("list-id"):
        text = header(told)
        found = BRACKETED.search(text)
        name = found[1] if found else text.strip()
        if name and " " not in name:
            return dotted(whole(name) or name)
    for field in ("list-post", "x-mailing-list", "x-beenthere"):
        if told := fields.get(field):
            text = header(told).removesuffix(">")
            found = BRACKETED.search(header(told))
            address = whole((found[1] if found else text).partition("?")[0].removeprefix("mailto:"))
            if address:
                return dotted(address)
    if (told := fields.get("mailing-list")) and (named := NAMED.search(header(told))) and whole(named[1]):
        return dotted(whole(named[1]))
    groups = header(fields.get("newsgroups", b"")).replace(",", " ").split()
    return groups[0].lower() if groups else ""
