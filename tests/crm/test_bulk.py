"""Storing what was seen: once, whoever brings it, how often, and in whatever order."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from random import Random

import msgspec
import pytest

from crm.activity import Activity
from crm.bulk import Stored
from crm.installation import Installation
from crm.store import EVENTS
from tests.factories import a_reply, an_act, bring, rows, someone, store, take_back


def counts(kith: Installation) -> dict[str, int]:
    """How many events of each topic there are, imports' own left out."""
    found = rows(
        kith, f"SELECT topic, count(*) AS n FROM {EVENTS} WHERE topic NOT LIKE 'import.%%' GROUP BY topic ORDER BY 1"
    )
    return {row["topic"]: row["n"] for row in found}


def standing(kith: Installation) -> int:
    """How many interactions count: recorded, by an import that was not taken back."""
    query = f"""SELECT count(*) AS n FROM {EVENTS} WHERE topic = 'interaction.recorded'
        AND batch NOT IN (SELECT batch FROM {EVENTS} WHERE topic = 'import.taken_back')"""
    return int(rows(kith, query)[0]["n"])


def some(number: int) -> list[Activity]:
    return [an_act(key=f"some/{each}", by=f"member{each % 7}") for each in range(number)]


def test_the_same_thing_twice_in_a_batch_is_stored_once(kith: Installation) -> None:
    assert store(kith, [*some(10), *some(10)]) == Stored(recorded=10, known=10)
    assert counts(kith) == {"identity.seen": 7, "interaction.recorded": 10, "place.seen": 1}


def test_the_same_thing_in_a_later_batch_adds_nothing(kith: Installation) -> None:
    store(kith, some(10))
    assert store(kith, some(15)) == Stored(recorded=5, known=10)
    assert store(kith, some(15)) == Stored(known=15)


def test_a_batch_of_which_nearly_all_is_known_stores_what_is_new(kith: Installation) -> None:
    run = some(30)
    store(kith, run[:29])
    bring(kith, run + run)
    assert counts(kith)["interaction.recorded"] == 30


def test_two_imports_of_the_same_at_once_store_it_once(kith: Installation) -> None:
    def shuffled(seed: int) -> list[Sequence[Activity]]:
        found = some(300)
        Random(seed).shuffle(found)
        return [found[start : start + 50] for start in range(0, 300, 50)]

    with ThreadPoolExecutor(4) as threads:
        running = [
            threads.submit(lambda seed: [store(kith, batch) for batch in shuffled(seed)], seed) for seed in range(4)
        ]
        stored = [one for each in running for one in each.result()]
    assert sum(one.recorded for one in stored) == 300
    assert sum(one.known for one in stored) == 900
    assert counts(kith) == {"identity.seen": 7, "interaction.recorded": 300, "place.seen": 1}


@pytest.mark.parametrize(
    "looks",
    [
        [{"text": "Hello."}, {"text": "Hello, all.", "revision": 1}],
        [{"reactions": {}}, {"reactions": {"heart": 1}}, {"reactions": {"heart": 2}}],
        [{}, {"removed": True}],
    ],
)
@pytest.mark.parametrize("newest_first", [False, True])
def test_a_later_look_is_an_observation_once_in_any_order(
    kith: Installation, looks: list[dict[str, object]], newest_first: bool
) -> None:
    dumps = [[an_act(key="1", **look)] for look in looks]
    if newest_first:
        dumps.reverse()
    assert store(kith, dumps[0]) == Stored(recorded=1)
    for dump in dumps[1:]:
        assert store(kith, dump) == Stored(changed=1, known=1)
    for dump in dumps * 2:
        assert store(kith, dump) == Stored(known=1)
    assert counts(kith)["interaction.observed"] == len(looks) - 1


def test_several_looks_in_one_batch_are_each_seen(kith: Installation) -> None:
    looks = [an_act(key="1", reactions={"heart": n} if n else {}) for n in (0, 1, 1, 2)]
    assert store(kith, looks) == Stored(recorded=1, changed=2, known=3)
    assert store(kith, looks) == Stored(known=4)


def test_observations_bear_the_versions_that_follow(kith: Installation) -> None:
    store(kith, [an_act(key="1", reactions={"heart": n} if n else {}) for n in range(4)])
    found = rows(
        kith, f"SELECT originator_version AS n FROM {EVENTS} WHERE topic LIKE 'interaction.%%' ORDER BY notification_id"
    )
    assert all(later["n"] == earlier["n"] + 1 for earlier, later in pairwise(found))


def test_a_new_name_of_an_account_is_seen_once(kith: Installation) -> None:
    old = an_act(key="1", by="ann")
    renamed = an_act(key="2", who=msgspec.structs.replace(someone("ann"), name="Ann Married"))
    for dump in ([old], [renamed], [old], [renamed]):
        store(kith, dump)
    assert counts(kith) == {"identity.seen": 2, "interaction.recorded": 2, "place.seen": 1}


def test_an_import_that_was_taken_back_can_be_brought_again(kith: Installation) -> None:
    found = [an_act(key="1"), a_reply(key="2", parent="1")]
    first = bring(kith, found)
    take_back(kith, first)
    assert standing(kith) == 0
    again = bring(kith, found)
    assert (again.recorded, again.known, standing(kith)) == (2, 0, 2)
    assert bring(kith, found).known == 2
    take_back(kith, again)
    assert standing(kith) == 0
    assert bring(kith, found).recorded == 2


def test_what_was_taken_back_is_recorded_again_though_a_later_look_at_it_still_counts(kith: Installation) -> None:
    old, new = [an_act(key="1")], [an_act(key="1", reactions={"heart": 1})]
    first = bring(kith, old)
    bring(kith, new)
    take_back(kith, first)
    assert standing(kith) == 0
    assert bring(kith, new).recorded == 1
    assert standing(kith) == 1
    assert bring(kith, old).recorded == 0
    assert standing(kith) == 1


def test_storing_nothing_is_nothing(kith: Installation) -> None:
    assert store(kith, []) == Stored()
