"""Half of the people who make a project never author a commit; they stand in its message, and each project has its own way.

Read are lines such as `Reported-by: A and B`, `Patch by: X on github`, and sentences that begin with `Suggested by` a
full name. A credit that is not clearly a person is left out rather than guessed.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from crm.activity import Role

WORDS: dict[Role, str] = {
    "reported": "report found discover spotted detect pointed noticed bisect caught",
    "reviewed": "review ack approv",
    "tested": "test verif confirm",
    "coauthored": "author co-develop patch fix code-by written contribut submitted",
    "committed": "signed-of committed applied",
    "thanked": "thank credit assist suggest help aided idea inspir propos feedback advi clue figured research analy guid "
    "mention remind brought made-aware",
}
"""What a word of a credit begins with, for each role; a line such as `Reported-and-fixed-by` has two."""

STEMS = {role: tuple(f"-{stem}" for stem in words.split()) for role, words in WORDS.items()}

TOOLS = re.compile(
    r"\b(?:coverity|oss.?fuzz|fuzzer|codesonar|codeql|clang|gcc|valgrind|zeropath|pvs|lgtm|sonarcloud|codex|copilot"
    r"|chatgpt|gpt|claude (?:opus|sonnet|haiku|code)|dependabot|autobuild|scan-build|(?-i:CI)|team|\w*sanitizer|code quality)\b",
    re.IGNORECASE,
)
"""Programs find and suggest much, and nobody is to be thanked for it."""

LINE = re.compile(
    r"^[ \t>*-]*((?:[a-z]+[- ]){1,6}(?:by|to)|author) ?:[ \t]*(\S.{0,400})$", re.IGNORECASE | re.MULTILINE
)
WORD = r"[^\W\d_a-z][\w.'’-]*"
FULL = rf"{WORD}(?: {WORD}){{1,3}}"
PROSE = re.compile(
    r"^((?:Bug |Originally |Also )?[A-Z]?[a-z]+ (?:out |and [a-z]+ )?by|Thanks to|Credits? to)"
    rf" ({FULL}(?:(?:,| and|, and) {FULL})*?)(?=\.?$|[,.] | for )",
    re.MULTILINE,
)
ADDRESSED = re.compile(r"([^<>;]*)<([^<>\s]+)>")
ADDRESS = re.compile(r"[^\s@<>()]+@[^\s@<>()]+\.[^\s@<>()]+")
MASKED = re.compile(r"\[at\]|_at_", re.IGNORECASE)
ASIDE = re.compile(r"\s*\((@?)([^()]*)\)")
HANDLE = re.compile(r"(?:.*\buser )?@?['\"]?([\w.-]{2,39})['\"]?(?: on (github|hackerone)\b.*)?", re.IGNORECASE)
PARTED = re.compile(r"\s*[,;&]\s*(?:and\s+)?|\s+and\s+")
NAME = re.compile(r"[^\W_](?:[\w.'’ ·\ufffd\u2009-]){1,60}")
LOOSE = "a an the in of from for with via at on to is was as by this that it my our his jr jr. inc inc."
PLAIN = frozenset(LOOSE.split())
"""Words that no name has, or that are none by themselves."""


INITIAL, LONGEST = 3, 5
"""Letters of a shortened name with its dot (`Jr.`), and words of the longest name."""


class Credit(NamedTuple):
    """What somebody did for a commit. `login` is a name on GitHub; `email` or `name` may be empty, but not both."""

    role: Role
    name: str
    email: str = ""
    login: str = ""


def credits_in(message: str) -> Iterator[Credit]:
    """Everybody credited in a commit message, by role as often as the message says so."""
    if ":" in message:
        for line in LINE.finditer(message):
            yield from credited(line[1], line[2])
    if " by " in message or " to " in message:
        for line in PROSE.finditer(message):
            yield from credited(line[1], line[2])


def credited(words: str, value: str) -> Iterator[Credit]:
    """The credits of one line: `words` say what for, `value` who."""
    for role in roles("-" + words.lower().replace(" ", "-")):
        if "<" in value or words.lower() != "author":
            yield from people(role, MASKED.sub("@", value))


@lru_cache(maxsize=1 << 10)
def roles(key: str) -> list[Role]:
    """The roles that a key such as `-reported-and-tested-by` names, none if it is no credit."""
    known = [role for role, stems in STEMS.items() if any(stem in key for stem in stems)]
    return [role for role in known if role == "thanked"] if key.endswith("-to") else known


def people(role: Role, value: str) -> Iterator[Credit]:
    """The people in what follows a colon, one or several, with or without addresses."""
    addressed = ADDRESSED.findall(value)
    for before, address in addressed:
        *others, own = PARTED.split(before.strip(" \t,&"))
        yield from (credit for other in others for credit in person(role, other))
        name, login = without_aside(own.removeprefix("and "))
        yield Credit(role, name, address if "@" in address else "", login)
    if not addressed and "<" not in value:
        aside = ADDRESS.search(value) if "(" in value else None
        if aside:
            yield Credit(role, without_aside(value)[0], aside[0])
            return
        yield from (credit for part in PARTED.split(value) for credit in person(role, part))


def person(role: Role, text: str) -> Iterator[Credit]:
    """Somebody written without angle brackets, if it is somebody."""
    name, login = without_aside(text)
    handle = HANDLE.fullmatch(name)
    if ADDRESS.fullmatch(name):
        yield Credit(role, "", name)
    elif not is_name(handle[1] if handle else name):
        return
    elif handle and (handle[2] or name != handle[1]) and (handle[2] or "github").lower() == "github":
        yield Credit(role, handle[1], login=handle[1])
    else:
        yield Credit(role, name, login=login)


def without_aside(text: str) -> tuple[str, str]:
    """A name without what stands in brackets behind it, and the GitHub login that stood there with an @."""
    aside = ASIDE.search(text)
    name = ASIDE.sub("", text).strip(" \t\"'`,")
    if name.endswith(".") and len(name.rpartition(" ")[2]) > INITIAL:
        name = name[:-1]
    return name, aside[2] if aside and aside[1] else ""


def is_name(text: str) -> bool:
    """Whether words can be what a person is called: no sentence, no link, no number, no program."""
    words = text.split()
    return (
        NAME.fullmatch(text) is not None
        and len(words) <= LONGEST
        and not text.isnumeric()
        and (len(words) == 1 or not (text.isascii() and text.islower()))
        and PLAIN.isdisjoint(words)
        and TOOLS.search(text) is None
    )
