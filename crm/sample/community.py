"""Two years of the invented community told day by day, up to a given midnight, in its order."""

from collections.abc import Iterator
from datetime import datetime

from crm.activity import Activity
from crm.sample.code import change, issue, release, star
from crm.sample.life import arrivals, departures, gathering, spam
from crm.sample.people import DAYS
from crm.sample.scene import Scene
from crm.sample.talks import CHAT, FORUM, conversation
from crm.sample.vocabulary import load

WEEK = {
    "forum": (2.5, 2.6, 2.6, 2.4, 2.1, 1.4, 1.4),
    "chat": (1.1, 1.1, 1.2, 1.3, 1.6, 1.9, 1.6),
    "code": (0.6, 0.7, 0.7, 0.6, 0.5, 0.2, 0.2),
}
"""How many threads are opened on each day of the week, Monday first, at the community's middle size."""


def activities(until: datetime, seed: int = 7) -> Iterator[Activity]:
    """About 12,000 acts before `until` (a midnight in UTC), oldest first; same seed and day, same acts."""
    scene = Scene(until, seed, load())
    told = [act for day in range(DAYS) for act in one_day(scene, day) if act.at < until]
    yield from sorted(told, key=lambda act: act.at)


def one_day(scene: Scene, day: int) -> Iterator[Activity]:
    scene.dawn(day)
    for happening in (arrivals, star, release, gathering, spam, departures):
        yield from happening(scene)
    for _ in range(how_many(scene, "forum")):
        yield from conversation(scene, FORUM, scene.words.forum)
    for _ in range(how_many(scene, "chat")):
        yield from conversation(scene, CHAT, scene.words.chat)
    for _ in range(how_many(scene, "code")):
        yield from issue(scene)
        yield from change(scene)


def how_many(scene: Scene, what: str) -> int:
    """Threads of this day: more as the community grows, made a whole number by chance."""
    weekday = (scene.start.weekday() + scene.day) % 7
    growth = 0.54 + 0.74 * scene.day / DAYS
    wanted = WEEK[what][weekday] * growth * scene.rng.uniform(0.5, 1.5)
    return int(wanted) + (scene.rng.random() < wanted % 1)
