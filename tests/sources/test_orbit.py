"""What was saved from Orbit, told right: invented people whose acts are known."""

import json
import random
from pathlib import Path

import msgspec

from crm import importing
from crm.activity import Activity, Refused
from crm.installation import Installation
from crm.kinds import KINDS
from crm.orbit.words import KEYS, LAST, TYPES, kind_by_key
from crm.reading import Glimpse, Inputs
from crm.sources import csv as table
from crm.sources import orbit

HERE = Path(__file__).parent / "orbit"


def told(*paths: Path) -> tuple[dict[str, Activity], list[Refused]]:
    found = list(orbit.read(Inputs([str(path) for path in paths])))
    acts = [one for one in found if isinstance(one, Activity)]
    assert len({act.key for act in acts}) == len(acts)
    return {act.key: act for act in acts}, [one for one in found if isinstance(one, Refused)]


def touched(act: Activity) -> list[tuple[str, str]]:
    return [(whom.role, whom.who.uid) for whom in act.whom]


def test_activities_become_acts_of_members_with_their_names() -> None:
    acts, refused = told(HERE / "activities.json")
    kinds = {key.partition(":")[2]: act.kind for key, act in acts.items() if key.startswith("activity:")}
    assert kinds == {
        "aB1": "posted",
        "aB2": "replied",
        "aB3": "merged",
        "aB4": "posted",
        "aB5": "replied",
        "aB6": "spoke",
        "aB7": "did",
        "aB8": "posted",
    }
    assert len(refused) == 1 and "star_activity aB9" in refused[0].reason and "someday" in refused[0].reason
    opened = acts["activity:aB1"]
    assert opened.who is not None
    assert (opened.who.uid, opened.who.login, opened.who.name, opened.who.email) == (
        "mX1",
        "mo-dang",
        "Đặng Thị Mơ",
        "mo@example.org",
    )
    assert (opened.host, opened.own_kind, opened.title, opened.text) == (
        "orbit.love",
        "issue:opened",
        "Kiln stays cold",
        "It does not get warm.",
    )
    assert opened.place is not None and opened.place.link == "https://github.com/lantern/kiln"
    assert acts["activity:aB8"].text == "Our kiln is on fire"
    assert acts["activity:aB6"].own_kind == "speaker" and acts["activity:aB6"].title == "Talk about glaze"


def test_an_answer_reaches_whoever_wrote_what_it_answers() -> None:
    acts, _ = told(HERE / "activities.json")
    comment, reply = acts["activity:aB2"], acts["activity:aB5"]
    assert (comment.parent, touched(comment), comment.title) == ("activity:aB1", [("replied", "mX1")], "")
    assert comment.thread == acts["activity:aB1"].thread == "github_issue:lantern/kiln/#5"
    assert (reply.parent, touched(reply)) == ("activity:aB4", [("replied", "mX1")])


def test_who_is_not_in_the_file_is_a_number_with_a_doubt() -> None:
    acts, _ = told(HERE / "activities.json")
    lost, nobody = acts["activity:aB5"], acts["activity:aB7"]
    assert lost.who is not None and (lost.who.uid, lost.who.name) == ("mX9", "") and "no name" in lost.doubt
    assert nobody.who is None


def test_members_of_another_file_are_known_before_activities_are_told(tmp_path: Path) -> None:
    page = json.loads((HERE / "activities.json").read_text())
    (tmp_path / "a.json").write_text(json.dumps(page["data"]))
    (tmp_path / "members.json").write_text(json.dumps({"data": page["included"]}))
    acts, _ = told(tmp_path)
    assert acts["activity:aB1"].who == told(HERE / "activities.json")[0]["activity:aB1"].who


def test_the_exported_list_and_the_api_give_the_same_members() -> None:
    listed, refused = told(HERE / "members.csv")
    api = told(HERE / "activities.json")[0]
    one, other = listed["member:mX1"], api["member:mX1"]
    assert (
        one.who
        and other.who
        and (one.who.uid, one.who.name, one.who.email)
        == (
            other.who.uid,
            other.who.name,
            other.who.email,
        )
    )
    assert (one.at.replace(microsecond=0), one.precision, one.kind) == (other.at, "by", "listed")
    assert listed["member:mX3"].who and listed["member:mX3"].who.login == "potter3"
    assert [("soon" in one.reason, one.line) for one in refused] == [(True, 4)]


def test_activities_in_the_columns_of_its_import_are_told_with_its_words() -> None:
    acts, refused = told(HERE / "activities.csv")
    assert not refused and [act.kind for act in acts.values()] == ["attended", "proposed"]
    came = acts["key:fire-1:otto"]
    assert came.who is not None and (came.who.uid, came.who.login, came.own_kind) == (
        "otto@example.org",
        "otto",
        "event:attended",
    )
    assert (came.text, came.link) == ("Stayed till the end", "https://lantern.example/e/1")


def test_words_of_orbit_stand_for_kinds() -> None:
    assert {*TYPES.values(), *KEYS.values(), *LAST.values()} <= KINDS.keys()
    assert [kind_by_key(key) for key in ("discord:message:sent", "Event attended", "webinar:watched", "x")] == [
        "posted",
        "attended",
        "did",
        "did",
    ]


def test_orbit_is_recognised_before_any_table() -> None:
    for path in HERE.iterdir():
        glimpse = Glimpse("x", path.read_bytes())
        assert orbit.fits(glimpse) > table.fits(glimpse)
    assert orbit.fits(Glimpse("x", b"name,email\nAn,an@example.org\n")) == 0


def test_two_imports_add_nothing(kith: Installation) -> None:
    done = importing.run(kith, "orbit", Inputs([str(HERE)]))
    again = importing.run(kith, "orbit", Inputs([str(HERE)]))
    assert (again.recorded, again.changed) == (0, 0) and done.recorded > 10


def test_mangled_documents_give_acts_or_reasons(tmp_path: Path) -> None:
    for name in ("activities.json", "members.csv"):
        whole = (HERE / name).read_bytes()
        for seed in range(60):
            chance, content = random.Random(seed), bytearray(whole)
            for _ in range(chance.randint(1, 30)):
                content[chance.randrange(len(content))] = chance.randrange(256)
            path = tmp_path / f"{seed}-{name}"
            path.write_bytes(content)
            found = list(orbit.read(Inputs([str(path)])))
            assert found and msgspec.json.encode(found)
            orbit.fits(Glimpse("x", bytes(content)))


def test_other_json_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"id": 5, "type": "invoice"}\n{"posts": []}\n')
    acts, refused = told(tmp_path)
    assert not acts and {"Orbit" in one.reason for one in refused} == {True}
