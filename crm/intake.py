"""From what an importer yields to drafts of facts for the log: ids are made, accounts and places named once."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import chain
from uuid import UUID

import msgspec

from crm.activity import Activity, Place, Refused, Who
from crm.ids import Ids
from crm.interactions import InteractionRecorded, PlaceSeen, Words
from crm.kinds import KINDS
from crm.members import Account, IdentitySeen
from crm.sealing import Draft

REMEMBERED = 20_000
"""Accounts and places of a run, as hashes of 8 bytes, that are not looked at again; forgotten all at once when there are more."""

MADE = 4_000
"""Ids made of late that are not made again."""

EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)

_encode = msgspec.msgpack.Encoder(uuid_format="bytes").encode


class Intake:
    """Turns the activities of one import into drafts of facts of one batch."""

    def __init__(self, ids: Ids, batch: UUID) -> None:
        self._ids = ids
        self._batch = batch
        self._make = lru_cache(MADE)(ids.make)  # rooms, threads and what is answered come again and again
        self._met: set[int] = set()
        self._latest = datetime.now(UTC) + timedelta(days=1)

    def drafts(self, activities: Iterable[Activity]) -> list[Draft]:
        """The facts in these activities, not sealed yet: newly seen accounts and places, and each interaction."""
        return list(chain.from_iterable(map(self._drafts, activities)))

    def doubt(self, activity: Activity) -> Refused | None:
        """Why this activity cannot be true, if it cannot: a date no projection could count, or a kind nobody knows."""
        if activity.kind not in KINDS:
            return Refused("", 0, f"{activity.key}: “{activity.kind}” is no kind of interaction.")
        if not EARLIEST <= activity.at <= self._latest:
            return Refused("", 0, f"{activity.key}: the date {activity.at:%Y-%m-%d} is before 1970 or after tomorrow.")
        return None

    def _drafts(self, activity: Activity) -> Iterator[Draft]:
        where = activity.place
        place = self._make("place", activity.source, activity.host, where.key) if where else None
        if where and place and self._is_new(activity, where):
            yield self._place(activity, where, place)
        people = [*([activity.who] if activity.who else []), *(whom.who for whom in activity.whom)]
        identities = [self._make("identity", *_where(activity, who), who.uid) for who in people]
        for who, identity in zip(people, identities, strict=True):
            if self._is_new(activity, who):
                yield self._account(activity, who, identity)
        actor = identities.pop(0) if activity.who else None
        yield self._interaction(activity, actor, tuple(identities), place)

    def _is_new(self, activity: Activity, met: Who | Place) -> bool:
        """Whether this run has not met the account or place under just these names."""
        known = hash((activity.source, activity.host, met))
        if known in self._met:
            return False
        if len(self._met) > REMEMBERED:
            self._met.clear()
        self._met.add(known)
        return True

    def _account(self, activity: Activity, who: Who, identity: UUID) -> Draft:
        account = Account(who.uid, who.login, who.name, who.email, who.avatar, who.about)
        source, host = _where(activity, who)
        fact = IdentitySeen(
            originator_id=identity,
            originator_version=1,
            batch=self._batch,
            sealed=b"",
            digest=self._ids.digest(_encode((account, who.bot))),
            occurred_at=activity.at,
            source=source,
            host=host,
            bot=who.bot,
        )
        return Draft(fact, account)

    def _place(self, activity: Activity, place: Place, identity: UUID) -> Draft:
        fact = PlaceSeen(
            originator_id=identity,
            originator_version=1,
            batch=self._batch,
            sealed=b"",
            digest=self._ids.digest(_encode((place.name, place.link))),
            source=activity.source,
            host=activity.host,
            name=place.name,
            link=place.link,
        )
        return Draft(fact, None)

    def _interaction(
        self, activity: Activity, actor: UUID | None, targets: tuple[UUID, ...], place: UUID | None
    ) -> Draft:
        source, host = activity.source, activity.host
        words = Words(activity.key, host, activity.title, activity.text, activity.link)
        state = (
            activity.revision,
            sorted(activity.reactions.items()),
            activity.edited_at,
            activity.removed,
            words.title,
            words.text,
        )
        fact = InteractionRecorded(
            originator_id=self._make("interaction", source, host, activity.key),
            originator_version=1,
            batch=self._batch,
            sealed=b"",
            digest=self._ids.digest(_encode(state)),
            occurred_at=activity.at,
            kind=activity.kind,
            own_kind=activity.own_kind,
            source=source,
            precision=activity.precision,
            actor=actor,
            targets=targets,
            roles=tuple(whom.role for whom in activity.whom),
            place=place,
            thread=self._make("thread", source, host, activity.thread) if activity.thread else None,
            parent=self._make("interaction", source, host, activity.parent) if activity.parent else None,
            revision=activity.revision,
            reactions=activity.reactions,
            edited_at=activity.edited_at,
            removed=activity.removed,
        )
        return Draft(fact, words)


def _where(activity: Activity, who: Who) -> tuple[str, str]:
    """Source and host of an account: the activity's own unless the account says otherwise."""
    return who.source or activity.source, activity.host if who.host is None else who.host
