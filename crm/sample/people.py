"""The crowd: a few pillars, regulars who fade, many who ask once; on one to three platforms."""

import unicodedata
from dataclasses import dataclass, field
from random import Random

from crm.activity import Who
from crm.sample.vocabulary import Names

DAYS = 730
FOREVER = 10 * DAYS
VIETNAM = 7
ELSEWHERE = (-8, -5, -3, 0, 1, 2, 3, 5, 8, 9)
"""Hours from UTC of those who live elsewhere."""


@dataclass(frozen=True)
class Sort:
    """A sort of people: how many, for how many days they stay, how much they start, how much they help."""

    count: int
    stay: tuple[int, int]
    zest: float
    skill: float
    developers: float


PILLARS = Sort(8, (FOREVER, FOREVER), 2.0, 14.0, 0.6)
SORTS = (
    PILLARS,
    Sort(44, (160, 560), 3.0, 4.0, 0.45),
    Sort(168, (40, 260), 1.6, 0.5, 0.2),
    Sort(180, (4, 24), 5.0, 0.05, 0.1),
)


@dataclass
class Person:
    """One member; days are counted from the start of the story, `hours` is their clock's from UTC."""

    number: int
    name: str
    lang: str
    hours: int
    sort: Sort
    joined: int
    stay: int
    accounts: dict[str, Who] = field(default_factory=dict)

    def eagerness(self, day: int) -> float:
        """How present they are on a day, from 0 to 1: fading over the second half of their stay."""
        age = day - self.joined
        return 0.0 if not 0 <= age < self.stay else min(1.0, 2 * (1 - age / self.stay))

    def speaks(self, lang: str) -> bool:
        """The Vietnamese among the pillars answer in English too."""
        return self.lang == lang or (self.sort is PILLARS and self.lang == "vi")


def plain(name: str) -> str:
    """A name in small letters without accents, words kept apart."""
    spelt = unicodedata.normalize("NFD", name.lower().replace("đ", "d").replace("ı", "i").replace("ł", "l"))
    return "".join(sign for sign in spelt if (sign.isalnum() and sign.isascii()) or sign == " ")


def crowd(rng: Random, names: Names) -> list[Person]:
    """Everybody who ever comes, in no order of arrival."""
    people: list[Person] = []
    taken: set[str] = set()
    for sort in SORTS:
        for _ in range(sort.count):
            person = newcomer(rng, names, sort, len(people) + 1)
            person.accounts = accounts(rng, person, taken)
            people.append(person)
    people[3].stay = DAYS * 3 // 5  # even a pillar can tire
    return people


def newcomer(rng: Random, names: Names, sort: Sort, number: int) -> Person:
    lang = "vi" if number * 11 % 20 < 11 else "en"  # 55 in a hundred, in every sort
    if lang == "vi":
        middle = rng.sample(names.middle, rng.choice((1, 1, 2)))
        name = " ".join([rng.choice(names.family), *middle, rng.choice(names.given)])
    else:
        name = f"{rng.choice(names.world_first)} {rng.choice(names.world_last)}"
    hours = VIETNAM if lang == "vi" else rng.choice(ELSEWHERE)
    joined = rng.randrange(20) if sort is PILLARS else int(DAYS * rng.random() ** 0.8)
    return Person(number, name, lang, hours, sort, joined, rng.randint(*sort.stay))


def accounts(rng: Random, person: Person, taken: set[str]) -> dict[str, Who]:
    """Where they are known, and as whom. A mail address is shown by some, the same everywhere."""
    words = plain(person.name).split()
    first, last = (words[-1], words[0]) if person.lang == "vi" else (words[0], words[-1])
    developer = rng.random() < person.sort.developers
    wanted = {"discourse": rng.random() < 0.82, "github": developer, "discord": rng.random() < 0.45}
    if not any(wanted.values()):
        wanted["discourse"] = True
    logins = {
        "discourse": rng.choice(
            ("".join(words), f"{first}.{last}", f"{last}_{first}", f"{first}{rng.randint(80, 99)}")
        ),
        "github": rng.choice((f"{first}-{last}", f"{last}{first[0]}", f"{first}{last[0]}-dev")),
        "discord": rng.choice((first, f"{first}.{last[0]}", f"{first}_{rng.choice(('cafe', 'shop', 'home', 'nha'))}")),
    }
    email = f"{first}.{last}{person.number}@mail.sample.kith" if rng.random() < 0.5 else ""
    return {
        source: Who(uid(source, person.number), free(login, source, taken), shown(rng, source, person), email)
        for source, login in logins.items()
        if wanted[source]
    }


def uid(source: str, number: int) -> str:
    """An id such as the platform itself gives, one for each person."""
    first, step = {
        "discourse": (20, 1),
        "github": (4_100_000, 1_709),
        "discord": (812 * 10**15, 7_919 * 10**9),
    }[source]
    return str(first + step * number)


def free(login: str, source: str, taken: set[str]) -> str:
    """The login, with a number behind it if somebody on that platform already has it."""
    tries = (login if again == 1 else f"{login}{again}" for again in range(1, DAYS))
    found = next(one for one in tries if f"{source}:{one}" not in taken)
    taken.add(f"{source}:{found}")
    return found


def shown(rng: Random, source: str, person: Person) -> str:
    """The name they show: mostly their own, in chats often only the last word or nothing."""
    short = person.name.split()[-1 if person.lang == "vi" else 0]
    return rng.choice((person.name, short, "")) if source == "discord" else person.name
