"""What Mastodon's API answers to moderators (Admin::Report, Admin::Account, Admin::DomainBlock), as far as Kith reads it."""

from urllib.parse import urlsplit

import msgspec

from crm.activity import Who
from crm.bots import is_bot

SOURCE = "mastodon"


class Account(msgspec.Struct, gc=False):
    """An account as everybody sees it, or as moderators do: then the first stands inside as `account`."""

    id: str | int
    username: str = ""
    domain: str | None = None
    acct: str = ""
    display_name: str = ""
    email: str | None = None
    bot: bool | None = None
    url: str | None = None
    avatar: str | None = None
    created_at: str | None = None
    suspended: bool | None = None
    silenced: bool | None = None
    sensitized: bool | None = None
    disabled: bool | None = None
    account: "Account | None" = None


class Status(msgspec.Struct, gc=False):
    id: str | int
    content: str | None = None
    text: str | None = None
    url: str | None = None


class Rule(msgspec.Struct, gc=False):
    text: str = ""


class Report(msgspec.Struct, gc=False):
    """A report; `account` is who reported, which only moderators are told."""

    id: str | int
    created_at: str
    target_account: Account
    updated_at: str | None = None
    action_taken: bool | None = None
    action_taken_at: str | None = None
    category: str | None = None
    comment: str | None = None
    account: Account | None = None
    assigned_account: Account | None = None
    action_taken_by_account: Account | None = None
    statuses: list[Status] | None = None
    rules: list[Rule] | None = None


class Exchange(msgspec.Struct, gc=False):
    """A question to the API and its answer, as test recordings keep them."""

    uri: str
    method: str = "GET"
    request_body: object = None
    status: int = 200
    response: msgspec.Raw = msgspec.Raw(b"null")


def who(account: Account | None) -> Who | None:
    """The account by its number on the server; people of other servers carry their server in the login."""
    if account is None:
        return None
    shown = account.account or account
    login = shown.acct or (f"{account.username}@{account.domain}" if account.domain else account.username)
    avatar = shown.avatar or ""
    return Who(
        str(account.id),
        login,
        shown.display_name,
        account.email or "",
        avatar if avatar.startswith("http") and not avatar.endswith("/missing.png") else "",
        bool(shown.bot) or is_bot(shown.username or account.username, "", ""),
        SOURCE,
    )


def home(account: Account | None) -> str:
    """The server an account lives on, if it is the server that tells of it; "" for accounts from elsewhere."""
    if account is None:
        return ""
    shown = account.account or account
    local = not account.domain and "@" not in shown.acct
    return host_in(shown.url or "") if local else ""


def host_in(address: str) -> str:
    """The host of an address of the web, in small letters, or ""."""
    try:
        return urlsplit(address).netloc.rpartition("@")[2].lower()
    except ValueError:
        return ""
