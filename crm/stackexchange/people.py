"""Who is who on a site. Every row names people by number only, so their names are read before anything else.

A person takes 12 bytes and the name and portrait as UTF-8: some 500 MB for the largest site there is, 5 MB for a usual one.
"""

from array import array
from functools import lru_cache

from crm.activity import Who
from crm.bots import is_bot
from crm.stackexchange.compact import Index

LOST = "the account is gone and only its display name is told"
REMEMBERED = 1 << 10


class People:
    """The users of one site."""

    def __init__(self) -> None:
        self.index = Index()
        self.begins = array("q")
        self.told = bytearray()
        self.known = lru_cache(REMEMBERED)(self._known)

    def add(self, number: int, name: str, portrait: str) -> None:
        self.index.add(number)
        self.begins.append(len(self.told))
        one_line = name.strip().replace("\n", " ")
        self.told += f"{one_line}\n{portrait.strip()}".encode()

    def settle(self) -> None:
        """Make ready for looking up, once all were added."""
        self.begins.append(len(self.told))
        self.index.settle()

    def _known(self, number: int) -> Who | None:
        entry = self.index.find(number)
        if entry < 0:
            return None
        name, _, portrait = self.told[self.begins[entry] : self.begins[entry + 1]].decode().partition("\n")
        return account(number, name, portrait)

    def who(self, number: int, name: str = "") -> Who:
        """The account of that number; `name` is what its row calls it, for those that the list of users lacks."""
        return self.known(number) or account(number, name)


def account(number: int, name: str, portrait: str = "") -> Who:
    """An account; negative numbers are the network's own machines, -1 is called Community."""
    return Who(str(number), name=name, avatar=portrait, bot=number < 0 or is_bot("", name, ""))


def nameless(name: str) -> Who:
    """An account of which only the display name is left."""
    return Who(f"name:{name}", name=name, bot=is_bot("", name, ""))
