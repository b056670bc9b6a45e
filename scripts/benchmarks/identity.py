"""Who may be the same person: how right the suggestions are on real communities whose answers are known, and how long they take.

How truth was made of each community, and what it leaves open, stands in `docs/identity.md`. The communities lie beside the checkout.
"""

import gzip
import json
import lzma
import re
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import combinations
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from crm.activity import Activity, Who
from crm.git.trailers import person
from crm.likeness.judging import LIKELY, POSSIBLE, Likeness, likeness
from crm.likeness.keys import CROWD, band, keys
from crm.likeness.spelling import full_name
from crm.likeness.traits import Traits, bare, traits
from crm.likeness.words import GIVEN
from crm.mailmap import Alias, Signature, aliases_in, groups_in
from crm.members import Account
from crm.sources.git import account, folded
from projections import acts, identities, members, suggestions
from projections.engine import Engine
from projections.pairs import how_many_pairs
from projections.projection import defined_in
from scripts.benchmarks.community import START
from scripts.benchmarks.figures import Figure, seconds
from scripts.benchmarks.place import Place
from scripts.benchmarks.work import brought

_SURNAMES = "Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý"
_MIDDLES = "Văn Thị Minh Ngọc Thanh Quốc Hữu Đức Thu Phương Gia Bảo Tiến Xuân Hồng Kim Anh Hải Nhật Khánh"
_GIVEN = """
An Anh Bình Châu Chi Cường Dũng Duy Giang Hà Hải Hằng Hạnh Hiền Hiếu Hòa Hoàng Hùng Huy Hương Khánh Khoa Lan Linh Long Mai Minh My
Nga Ngân Ngọc Nhi Nhung Phong Phúc Phương Quân Quang Sơn Tâm Thảo Thắng Thu Thư Tiến Trang Trung Tú Tuấn Tùng Vân Vinh Vy Yến
"""
_SYLLABLES = "an bar ber ca cor da den el er fa gar hal hol ing jor ka kin la lin lo man mar mo nel or per ra ri ros sal sen son ter wal"
SURNAMES, MIDDLES, GIVEN_VI, SYLLABLES = (text.split() for text in (_SURNAMES, _MIDDLES, _GIVEN, _SYLLABLES))
"""Of these the names of made-up people are put together."""

FORUM = "urho3d-forum-topics.jsonl.xz"
RULE = re.compile(r"^s/\^?([^/\\\[\]*+$]+)\$?/([^/]+)/$", re.MULTILINE)
"""A rule of the filter that leads one spelling to one name, without a pattern."""

DATA = Path(__file__).parents[2] / "../shared/data"
Pairs = set[tuple[int, int]]


class Known(NamedTuple):
    """An account, and the people it is known to be: accounts that share one are the same person."""

    who: Who
    source: str
    people: frozenset[Hashable]


def identity(place: Place, events: int) -> list[Figure]:
    """Precision and recall over pairs, at both thresholds; and the time for `events` made-up accounts."""
    figures = [made_up(place, events)]
    if not DATA.exists():
        return figures
    curl, urho3d = (signatures(DATA / f"git/{name}.gitlog.jsonl.gz") for name in ("curl", "urho3d"))
    mailmap = DATA / "git/curl.mailmap"
    communities = {
        "curl, signatures that its mailmap names": mailmapped(curl, mailmap),
        "curl, the same by names alone": unaddressed(mailmapped(curl, mailmap)),
        "curl, all signatures as git shortlog has them": mailmapped(curl, mailmap, shortlog=True),
        "curl, names that it thanks and their variants": thanked(DATA / "git"),
        "Urho3D, forum to git": urho(urho3d),
        "Urho3D, the same by names and logins alone": unaddressed(urho(urho3d)),
        "Urho3D, the same without full names in the forum": unaddressed(urho(urho3d, named=False)),
    }
    return figures + [figure for name, known in communities.items() for figure in measured(name, known)]


def measured(name: str, known: list[Known]) -> Iterator[Figure]:
    """F1 of the pairs found among these accounts, and what it is made of; where there are two sources, of pairs between them."""
    shown = [
        traits(one.source, "", Account(one.who.uid, one.who.login, one.who.name, one.who.email), bot=one.who.bot)
        for one in known
    ]
    across = len({one.source for one in known}) > 1
    meant = {pair for pair in joined([one.people for one in known]) if not across or _between(known, pair)}
    found = judged(shown)
    for threshold in (LIKELY, POSSIBLE):
        likely = {pair for pair, each in found.items() if each.confidence >= threshold}
        accepted = joined([{number, *(pair for pair in likely if number in pair)} for number in range(len(known))])
        said, all_said = (
            {pair for pair in pairs if not across or _between(known, pair)} for pairs in (likely, accepted)
        )
        note = f"{len(known):,} accounts, {len(meant):,} true pairs: {_scores(said, meant)}; all accepted: {_scores(all_said, meant)}"
        f1 = 200 * len(said & meant) / max(len(said) + len(meant), 1)
        yield Figure(f"{name}, from {threshold} on, F1", f1, "%", note=f"({note})")


def _between(known: list[Known], pair: tuple[int, int]) -> bool:
    return known[pair[0]].source != known[pair[1]].source


def _scores(said: Pairs, meant: Pairs) -> str:
    right = len(said & meant)
    return f"precision {100 * right / max(len(said), 1):.1f} % ({right} of {len(said)}), recall {100 * right / max(len(meant), 1):.1f} %"


def judged(shown: list[Traits]) -> dict[tuple[int, int], Likeness]:
    """Every pair that shares a key, as the projection judges it."""
    blocks, shared = defaultdict[int, list[int]](list), defaultdict[tuple[int, int], dict[int, int]](dict)
    for number, each in enumerate(shown):
        for key in keys(each):
            blocks[key].append(number)
    for key, sharing in blocks.items():
        for pair in combinations(sharing, 2) if len(sharing) <= CROWD else ():
            shared[pair][key] = band(len(sharing))
    found = {(one, other): likeness(shown[one], shown[other], sizes) for (one, other), sizes in shared.items()}
    return {pair: each for pair, each in found.items() if each}


def joined(marks: Sequence[Collection[Hashable]]) -> Pairs:
    """The pairs, by their numbers, that share a mark, be it over any number of others."""
    groups: dict[Hashable, set[int]] = {}
    for number, own in enumerate(marks):
        group = {number}.union(*(groups.get(each, set()) for each in own))
        groups.update(dict.fromkeys((each for other in group for each in marks[other]), group))
    distinct = {id(group): group for group in groups.values()}.values()
    return {pair for group in distinct for pair in combinations(sorted(group), 2)}


def unaddressed(known: list[Known]) -> list[Known]:
    """The same accounts and truth; addresses, and the logins in them, withheld from whoever judges."""
    return [
        one._replace(who=Who(f"name:{number}", name=one.who.name, bot=one.who.bot)) if one.source == "git" else one
        for number, one in enumerate(known)
    ]


def documents(path: Path) -> Iterator[Any]:
    """A JSON document a line."""
    with lzma.open(path, "rt") if path.suffix == ".xz" else gzip.open(path, "rt") as lines:
        yield from map(json.loads, lines)


def signatures(path: Path) -> list[tuple[str, str]]:
    """Each name with each address that it signs with, as author or committer."""
    return sorted(
        {(one[role]["name"], one[role]["email"]) for one in documents(path) for role in ("author", "committer")}
    )


def mailmapped(signed: Iterable[tuple[str, str]], path: Path, *, shortlog: bool = False) -> list[Known]:
    """The signatures that a mailmap names, each with the person that it says.

    `shortlog` takes in all others as well: who has the same name or address, once the mailmap was heard, is one person.
    """
    aliases = [one for one in aliases_in(path.read_text().splitlines()) if isinstance(one, Alias)]
    people = {signature: group for group in groups_in(aliases) for signature in group}
    proper = {other: proper.name for proper, other in aliases if proper.name}
    found = []
    for name, address in signed:
        signs = [Signature(folded(name), address.lower()), Signature("", address.lower())]
        known = [people[one] for one in signs if one in people][:1]
        called = next((proper[one] for one in signs if one in proper), folded(name))
        who = account(name, address)
        if who and (known or shortlog):
            found.append(Known(who, "git", frozenset([*known, *([called, signs[1]] if shortlog else [])])))
    return found


def thanked(folder: Path) -> list[Known]:
    """Everybody whom curl thanks, each once, and the variants of their names that its filter leads back to one of them."""
    _, _, listed = (folder / "curl.THANKS").read_text().partition("\n\n")
    _, _, listed = listed.partition("\n\n")
    names = dict.fromkeys(name for name in listed.splitlines() if name)
    rules = RULE.findall((folder / "curl.THANKS-filter").read_text())
    variants = {variant: name for variant, name in rules if name in names and variant not in names}
    return [_credited(name, name) for name in names] + [_credited(variant, name) for variant, name in variants.items()]


def _credited(called: str, name: str) -> Known:
    """Somebody in a credit, as the importer of git reads it (`NAME on github` is a login)."""
    credit = next(person("thanked", called), None)
    who = account(credit.name, credit.email, credit.login) if credit else None
    return Known(who or Who(f"name:{called}", name=called), "git", frozenset({name}))


def urho(signed: Iterable[tuple[str, str]], *, named: bool = True) -> list[Known]:
    """The forum of Urho3D and the signatures in its history; `named` shows the forum's full names to whoever judges.

    There is no list of who is who. One person is who has the same address, full name or login, or a login that is the full name.
    """
    found = []
    for name, address in signed:
        who = account(name, address)
        if who:
            found.append(Known(who, "git", frozenset({address.lower(), *_called(name), *_called(who.login)})))
    posts = (post for topic in documents(DATA / "discourse" / FORUM) for post in topic["post_stream"]["posts"])
    users = {post["user_id"]: (post["username"], post["name"] or "") for post in posts}
    for uid, (login, name) in users.items():
        who = Who(str(uid), login, name if named else "", bot=uid < 0)
        found.append(Known(who, "discourse", frozenset({*_called(login), *(_called(name) if full_name(name) else [])})))
    return found


def _called(name: str) -> list[str]:
    """A name or login without regard to case, spaces and dots; a full name also in any order of its words."""
    return [called for called in (bare(name), " ".join(sorted(full_name(name)))) if called]


def made_up(place: Place, number: int) -> Figure:
    """How long a rebuild of the suggestions takes among so many accounts, half with Vietnamese names, a third with a second account."""
    with place.kith() as kith:
        brought(kith, strangers(number))
        Engine(kith, map(defined_in, (identities, members, acts))).catch_up()
        took = seconds(Engine(kith, [defined_in(suggestions)]).catch_up)
        with kith.connection() as connection:
            accounts = connection.execute("SELECT count(*) AS n FROM identities").fetchone()
            note = f"({accounts['n'] if accounts else 0:,} accounts, {how_many_pairs(connection, [POSSIBLE])[0]:,} pairs from {POSSIBLE} on)"
    return Figure("suggestions, rebuilt", took, "s", note=note)


def strangers(number: int, seed: int = 1) -> Iterator[Activity]:
    """One act of each of so many accounts; every third is the last one's person, in the history of a repository."""
    random = Random(seed)
    name = ""
    for each in range(number):
        second = each % 3 == 2
        name = name if second else _name(random)
        login = bare(name)[: random.randint(5, 12)] + random.choice(["", "", str(random.randint(1, 99))])
        who = (
            Who(f"{login}@{each}.example.org", "", name, f"{login}@{each}.example.org")
            if second
            else Who(str(each), login, name)
        )
        yield Activity(
            source="git" if second else "bench",
            host="" if second else "bench.example",
            key=str(each),
            kind="posted",
            own_kind="post",
            at=START + timedelta(minutes=each),
            who=who,
        )


def _name(random: Random) -> str:
    if random.random() < 0.5:
        return " ".join((random.choice(SURNAMES), random.choice(MIDDLES), random.choice(GIVEN_VI)))
    return (
        f"{random.choice(sorted(GIVEN)).title()} {''.join(random.choices(SYLLABLES, k=random.randint(2, 4))).title()}"
    )
