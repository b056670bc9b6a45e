"""Addresses of accounts that go by no login: by them two of one name are told apart. Opened for those who are shown, kept nowhere."""

from collections.abc import Iterable
from typing import Any

from psycopg import Connection

from crm.vault import Vault
from projections.accounts import Account
from projections.identities import which_names

NAMES = 10
"""Names of an account that are looked through for an address."""


def tell_apart(vault: Vault, connection: Connection[Any], accounts: Iterable[Account]) -> None:
    """Let the address stand for the login where there is none."""
    plain = [one for one in accounts if not one.login]
    names = which_names(vault, connection, [one.identity for one in plain], limit=NAMES * len(plain))
    known = {name.identity: name.email for name in reversed(names) if name.email}
    for one in plain:
        one.login = known.get(one.identity, "")
