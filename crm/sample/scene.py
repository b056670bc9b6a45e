"""The stage on which the community lives: who is there on a day, when they come, what the words mean then."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from random import Random
from typing import TypedDict, Unpack

from crm.activity import Activity, Place, Precision, Role, Whom
from crm.sample.people import DAYS, Person, crowd
from crm.sample.vocabulary import Vocabulary

HOSTS = {"discourse": "forum.sample.kith", "github": "code.sample.kith", "discord": "chat.sample.kith"}
HOURS = (1, 0, 0, 0, 0, 0, 2, 4, 5, 6, 6, 5, 4, 4, 5, 5, 5, 5, 6, 9, 13, 14, 10, 4)
"""How busy each hour of a member's own clock is; shops are closed in the evening."""
ASLEEP = 6
RELEASE_DAYS = 42


class More(TypedDict, total=False):
    """What not every act has; see `crm.activity.Activity`."""

    whom: tuple[Whom, ...]
    place: Place | None
    thread: str
    parent: str
    title: str
    text: str
    precision: Precision
    reactions: dict[str, int]


class Scene:
    """One telling of the story: `start` and `until` are midnights in UTC, all chance comes from one seed."""

    def __init__(self, until: datetime, seed: int, words: Vocabulary) -> None:
        self.rng = Random(seed)
        self.words = words
        self.until = until
        self.start = until - timedelta(days=DAYS)
        self.people = crowd(self.rng, words.names)
        self.numbers = {name: count(1) for name in ("topic", "post", "message", "thread", "code", "comment")}
        self.shown: set[tuple[int, str]] = set()
        self.day = -1
        self.present: list[tuple[Person, float]] = []

    def dawn(self, day: int) -> None:
        """Go on to a day."""
        self.day = day
        there = ((person, person.eagerness(day)) for person in self.people)
        self.present = [(person, eager) for person, eager in there if eager > 0]

    def next(self, name: str) -> int:
        return next(self.numbers[name])

    def one(self, source: str, fit: Callable[[Person], float], without: tuple[Person, ...] = ()) -> Person | None:
        """Somebody present on a platform, by chance weighted with `fit`; None if there is nobody."""
        able = [(one, eager * fit(one)) for one, eager in self.present if source in one.accounts and one not in without]
        weights = [weight for _, weight in able]
        return self.rng.choices(able, weights)[0][0] if sum(weights) > 0 else None

    def starter(self, source: str, lang: str = "") -> Person | None:
        return self.one(source, lambda one: one.sort.zest * (not lang or one.lang == lang))

    def helper(self, source: str, lang: str, without: tuple[Person, ...]) -> Person | None:
        return self.one(source, lambda one: one.sort.skill * one.speaks(lang), without)

    def moment(self, person: Person) -> datetime:
        """When on this day they come, by their own clock."""
        hour = self.rng.choices(range(24), HOURS)[0]
        at = self.start + timedelta(days=self.day, hours=hour, seconds=self.rng.randrange(3600))
        return max(
            at - timedelta(hours=person.hours),
            self.arrival(person) + timedelta(minutes=self.rng.randint(2, 90)),
        )

    def arrival(self, person: Person) -> datetime:
        """When they came first: late in the morning of their day, spread by their number."""
        return self.start + timedelta(days=person.joined, minutes=(person.number * 37) % 600)

    def later(self, at: datetime, person: Person, minutes: float) -> datetime:
        """A while after, `minutes` at the median; nobody answers in their sleep."""
        then = max(at, self.arrival(person)) + timedelta(
            seconds=max(60, round(60 * minutes * self.rng.lognormvariate(0, 1.1)))
        )
        own = then + timedelta(hours=person.hours)
        if 0 < own.hour < ASLEEP:
            then += timedelta(hours=ASLEEP - own.hour, minutes=self.rng.randint(5, 120))
        return then

    def version(self) -> str:
        major, minor = divmod(10 + self.day // RELEASE_DAYS, 10)
        return f"{major}.{minor}"

    def slots(self) -> dict[str, str]:
        """What the words in braces mean in one conversation."""
        chosen = {name: self.rng.choice(words) for name, words in self.words.slots.items()}
        month = (self.start + timedelta(days=self.day)).month
        return chosen | {"version": self.version(), "month": str(month)}

    def place(self, source: str, key: str) -> Place:
        return Place(key, self.words.manners.places[key], f"https://{HOSTS[source]}/{key}")

    def act(
        self, source: str, key: str, kind: str, own: str, at: datetime, who: Person, **more: Unpack[More]
    ) -> Activity:
        """An activity of a person on one of the three platforms."""
        link = f"https://{HOSTS[source]}/{key.replace(':', '/')}"
        return Activity(
            source=source,
            host=HOSTS[source],
            key=key,
            kind=kind,
            own_kind=own,
            at=at,
            who=who.accounts[source],
            link=link,
            **more,
        )


def whom(source: str, person: Person, *roles: Role) -> tuple[Whom, ...]:
    """A person touched in one or more ways."""
    return tuple(Whom(person.accounts[source], role) for role in roles)
