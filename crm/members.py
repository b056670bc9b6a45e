"""Members and the accounts they are known by. An identity is a fact from outside; who is one member is decided."""

from datetime import datetime
from typing import ClassVar

import msgspec

from crm.event import Columns, Fact
from crm.kinds import _


class Account(msgspec.Struct, frozen=True, omit_defaults=True):
    """The personal part of an identity: how the platform calls and shows somebody."""

    uid: str
    login: str = ""
    name: str = ""
    email: str = ""
    avatar: str = ""
    about: tuple[tuple[str, str], ...] = ()

    @property
    def display(self) -> str:
        """The name people read: the full one, else the login, else the address, else the uid."""
        return self.name or self.login or self.email.partition("@")[0] or self.uid


class IdentitySeen(Fact, frozen=True, kw_only=True):
    """An account on a platform, with the names it bore at `occurred_at`."""

    TOPIC: ClassVar[str] = "identity.seen"
    SENTENCE: ClassVar[str] = _("An account on {source} was seen")
    ICON: ClassVar[str] = "user"
    PERSONAL = Account

    occurred_at: datetime
    source: str
    host: str
    bot: bool = False

    def columns(self) -> Columns:
        return Columns(
            batch=self.batch,
            occurred_at=self.occurred_at,
            source=self.source,
            actor=self.originator_id,
            digest=self.digest,
        )
