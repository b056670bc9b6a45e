"""A made-up community of any size, the same at each run: few people do most, as everywhere (Zipf), in threads of ten."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random

from crm.activity import Activity, Place, Who, Whom

WORDS = [
    "how",
    "do",
    "I",
    "mount",
    "the",
    "drive",
    "when",
    "it",
    "says",
    "no",
    "such",
    "device",
    "thanks",
    "that",
    "helped",
    "xin",
    "chào",
    "mọi",
    "người",
    "anh",
    "em",
    "ơi",
    "giúp",
    "với",
]
START = datetime(2021, 1, 1, tzinfo=UTC)
SPAN = 3 * 365 * 86_400
THREAD = 10
"""Acts in a thread: one opens it, the others answer."""


def acts(number: int, seed: int = 1) -> Iterator[Activity]:
    """So many acts by a twentieth as many people, oldest first."""
    random = Random(seed)
    people = max(number // 20, 10)
    places = [Place(str(each), f"Room {each}", f"https://bench.example/c/{each}") for each in range(20)]
    opener = before = _who(0)
    for each in range(number):
        thread, at = divmod(each, THREAD)
        who = _who(int(people ** random.random()))
        opener = who if at == 0 else opener
        yield Activity(
            source="bench", host="bench.example", key=f"{seed}/{each}", kind="replied" if at else "posted", own_kind="post",
            at=START + timedelta(seconds=SPAN * each // number), who=who, whom=_whom(random, opener, before) if at else (),
            place=places[thread % 20], thread=f"{seed}/{thread}", parent=f"{seed}/{each - 1}" if at else "",
            title="" if at else " ".join(random.choices(WORDS, k=5)), text=" ".join(random.choices(WORDS, k=16)),
            link=f"https://bench.example/p/{each}",
        )  # fmt: skip
        before = who


def _who(number: int) -> Who:
    return Who(str(number), f"member{number}", f"Member Number {number}")


def _whom(random: Random, opener: Who, before: Who) -> tuple[Whom, ...]:
    replied = Whom(before, "replied")
    return (replied, Whom(opener, "mentioned")) if random.random() < 0.1 else (replied,)
