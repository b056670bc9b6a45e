"""The accounts of a member: where each is, the names it bore, and who joined them or parted them, when and why."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Response, get
from litestar.params import FromPath

from projections.accounts import Account, which_accounts
from projections.identities import Name, which_names
from projections.joined import Judged, who_joined_and_parted
from web.about import About, about, elsewhere
from web.page import Asked, kith, page

NAMES = 500
"""Names of all accounts together that are shown at most."""


class Held(msgspec.Struct):
    """An account of the member's, and the names it bore, the latest first."""

    account: Account
    names: list[Name]


class Accounts(msgspec.Struct):
    """The accounts of a member, the most active first, and the acts that joined and parted them; `called` are all those named there."""

    about: About
    accounts: list[Held]
    acts: list[Judged]
    called: dict[UUID, Account]


@get("/members/{member:uuid}/accounts", sync_to_thread=True)
def by_which_accounts(request: Asked, member: FromPath[UUID]) -> Response[Any]:
    """By what accounts and names a member is known."""
    vault = kith(request).vault
    with kith(request).connection() as connection:
        head = about(connection, member)
        if head.member.member != member:
            return elsewhere(request, head.member.member)
        handles = head.accounts
        names = which_names(vault, connection, handles, NAMES)
        acts = who_joined_and_parted(vault, connection, handles)
        view = Accounts(
            about=head,
            accounts=[
                Held(account, [name for name in names if name.identity == account.identity])
                for account in which_accounts(connection, handles)
            ],
            acts=acts,
            called={
                one.identity: one for one in which_accounts(connection, [each for act in acts for each in act.about])
            },
        )
    return page(request, "members/accounts.html", view, rows=names)


ROUTES = [by_which_accounts]
