"""What Savannah knows, told right: invented people whose acts are known."""

import random
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from crm import importing
from crm.activity import Activity, Refused
from crm.csv.people import BY_NAME
from crm.installation import Installation
from crm.reading import Glimpse, Inputs
from crm.sources import csv as table
from crm.sources import orbit, savannah

HERE = Path(__file__).parent / "savannah"


def told(*paths: Path, host: str = "") -> tuple[dict[str, Activity], list[Refused]]:
    found = list(savannah.read(Inputs([str(path) for path in paths], host)))
    acts = [one for one in found if isinstance(one, Activity)]
    assert len({act.key for act in acts}) == len(acts)
    return {act.key: act for act in acts}, [one for one in found if isinstance(one, Refused)]


def touched(act: Activity) -> list[tuple[str, str]]:
    return [(whom.role, whom.who.uid) for whom in act.whom]


def test_people_of_another_file_are_named_in_what_they_said() -> None:
    acts, _ = told(HERE)
    said = acts["conversation:c1"]
    assert said.who is not None and (said.who.name, said.who.login, said.who.email) == (
        "Đặng Thị Mơ",
        "mo.dang",
        "mo@example.org",
    )
    assert (said.kind, said.text, said.link) == ("posted", "Kiln stays cold", "https://lantern.example/c/1")
    assert touched(said) == [("mentioned", "2"), ("mentioned", "u9")]
    assert said.place is not None and said.place.key == "general"


def test_times_have_their_zone_and_lost_speakers_are_nobody() -> None:
    acts, refused = told(HERE / "conversations.json")
    assert acts["conversation:c2"].at == datetime(2022, 3, 1, 4, tzinfo=UTC)
    assert (acts["conversation:c3"].who, acts["conversation:c3"].place) == (None, None)
    reasons = [one.reason for one in refused]
    assert len(reasons) == 2 and "later" in reasons[0] and "missing" in reasons[1]


def test_contributions_are_what_their_type_says() -> None:
    acts, refused = told(HERE / "contributions.json")
    assert not refused
    assert {act.own_kind: act.kind for act in acts.values()} == {
        "Pull Request": "proposed",
        "Support": "answered",
        "Pot throwing": "contributed",
    }
    assert acts["contribution:p1"].parent == "conversation:c1"


def test_a_gathering_is_the_thread_of_those_who_came() -> None:
    acts, refused = told(HERE / "events.json")
    held = acts["event:e1"]
    assert not refused and (held.kind, held.who, held.title) == ("hosted", None, "Spring fire")
    came = [act for act in acts.values() if act.kind == "attended"]
    assert [act.who and act.who.uid for act in came] == ["u1", "2"]
    assert {(act.thread, act.parent, act.at) for act in came} == {(held.thread, held.key, held.at)}


def test_members_were_there_by_when_they_were_first_seen() -> None:
    acts, refused = told(HERE / "members.csv")
    mo, otto, watch = acts.values()
    assert (mo.kind, mo.precision, mo.at.year, mo.who and mo.who.uid) == ("listed", "by", 2021, "mo@example.org")
    assert otto.doubt == BY_NAME and otto.who is not None and not otto.who.bot
    assert watch.who is not None and watch.who.bot
    assert [one.line for one in refused] == [5]


def test_the_body_of_a_webhook_names_a_member(tmp_path: Path) -> None:
    path = tmp_path / "hook.json"
    data = b'{"id": 19, "name": "An", "email": "an@example.org", "role": "Bot", "company": "", "tags": []}'
    path.write_bytes(
        b'{"event": {"id": "x", "hook": "y", "name": "Member.updated", "signature": "z"}, "data": ' + data + b"}"
    )
    acts, refused = told(path)
    (act,) = acts.values()
    assert not refused and act.who is not None and (act.who.uid, act.who.bot) == ("member:19", True)
    assert savannah.fits(Glimpse("x", path.read_bytes())) == 60


def test_each_of_its_sources_has_numbers_of_its_own() -> None:
    assert {act.host for act in told(HERE, host="slack")[0].values()} == {"slack"}


def test_savannah_is_recognised_before_any_table() -> None:
    for path in HERE.iterdir():
        glimpse = Glimpse("x", path.read_bytes())
        assert savannah.fits(glimpse) > max(table.fits(glimpse), orbit.fits(glimpse))
    assert savannah.fits(Glimpse("x", b"member,email\nAn,an@example.org\n")) == 0


def test_two_imports_add_nothing(kith: Installation) -> None:
    done = importing.run(kith, "savannah", Inputs([str(HERE)]))
    again = importing.run(kith, "savannah", Inputs([str(HERE)]))
    assert (again.recorded, again.changed) == (0, 0) and done.recorded == 15


def test_mangled_documents_give_acts_or_reasons(tmp_path: Path) -> None:
    for name in ("conversations.json", "identities.json", "events.json", "members.csv"):
        whole = (HERE / name).read_bytes()
        for seed in range(40):
            chance, content = random.Random(seed), bytearray(whole)
            for _ in range(chance.randint(1, 20)):
                content[chance.randrange(len(content))] = chance.randrange(256)
            path = tmp_path / f"{seed}-{name}"
            path.write_bytes(content)
            found = list(savannah.read(Inputs([str(path)])))
            assert found and msgspec.json.encode(found)
            savannah.fits(Glimpse("x", bytes(content)))


def test_other_files_are_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"id": 5}\n')
    (tmp_path / "b.csv").write_text("task,due\nCall An,2024-01-01\n")
    acts, refused = told(tmp_path)
    assert not acts and ["Savannah" in one.reason for one in refused] == [True, True]
