"""A real list of contributors: everybody on it, with everything they are thanked for, counted by plain means."""

import json
from collections import Counter
from pathlib import Path

from crm.activity import Activity
from crm.reading import Inputs
from crm.sources import contributors


def test_everybody_is_credited_for_everything(data: Path) -> None:
    path = data / "github/litestar.all-contributorsrc.json"
    people = json.loads(path.read_text(encoding="utf-8"))["contributors"]
    expected = Counter((one["login"], kind) for one in people for kind in one["contributions"])
    found = list(contributors.read(Inputs((str(path),))))
    acts = [act for act in found if isinstance(act, Activity)]
    assert len(acts) == len(found)
    assert Counter((act.who.login if act.who else "", act.own_kind) for act in acts) == expected
    assert len({act.key for act in acts}) == len(expected) == 330
    numbers = {one["login"]: one["avatar_url"].partition("/u/")[2].partition("?")[0] for one in people}
    assert {act.who.login: act.who.uid for act in acts if act.who} == numbers
    assert {act.place.key for act in acts if act.place} == {"litestar-org/litestar"}
