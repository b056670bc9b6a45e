"""Lists of contributors: everybody is credited for everything they are thanked for, once, as the account that they are."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm import importing
from crm.activity import Activity, Refused
from crm.contributors.types import KINDS, WORDS
from crm.detecting import detected
from crm.errors import Refusal
from crm.github.people import who as github_account
from crm.github.shapes import Account
from crm.installation import Installation
from crm.reading import Inputs
from crm.sources import contributors

HERE = Path(__file__).parent / "contributors"
SAMPLES = (HERE / "sample.json", HERE / "sample.md")
LIST, README = SAMPLES


def read(*paths: Path, host: str = "") -> list[Activity | Refused]:
    return list(contributors.read(Inputs(tuple(map(str, paths)), host)))


def acts(*paths: Path, host: str = "") -> list[Activity]:
    return [found for found in read(*paths, host=host) if isinstance(found, Activity)]


def plain(found: Activity | Refused) -> dict[str, Any]:
    """All of a fact that is not its default, but its moment; a refusal by its line and reason."""
    if isinstance(found, Refused):
        return {"line": found.line, "refused": found.reason}
    empty = json.loads(msgspec.json.encode(Activity(source="", host="", key="", kind="", own_kind="", at=found.at)))
    return {name: value for name, value in json.loads(msgspec.json.encode(found)).items() if value != empty[name]}


def settings(folder: Path, **parts: Any) -> Path:
    path = folder / "all-contributorsrc.json"
    person = {"login": "mai", "name": "Mai", "contributions": ["code"]}
    path.write_text(json.dumps({"contributors": [person], "projectName": "Pot", "projectOwner": "Tea"} | parts))
    return path


def test_everybody_on_the_samples_is_credited_as_was_written_down() -> None:
    expected = json.loads((HERE / "expected.json").read_text(encoding="utf-8"))
    found = [plain(one) for one in read(*SAMPLES)]
    for one, right in zip(found, expected, strict=False):
        assert one == right
    assert len(found) == len(expected)


def test_a_credit_is_the_same_act_from_the_list_and_from_the_table() -> None:
    listed, tabled = ({act.key: act for act in acts(path)} for path in SAMPLES)
    shared = listed.keys() & tabled.keys()
    assert shared >= {"teahouse/kettle:linh-tran:code", "teahouse/kettle:linh-tran:doc"}
    for key in shared:
        one, other = listed[key], tabled[key]
        assert one.who and other.who and (one.host, one.text, one.who.uid) == (other.host, other.text, other.who.uid)
    linh = "teahouse/kettle:linh-tran:code"
    assert listed[linh].who == tabled[linh].who


def test_a_person_is_the_account_that_the_github_importer_knows() -> None:
    person = acts(LIST)[0].who
    known = github_account(Account(1001, "Linh-Tran"))
    assert person and known
    assert (person.source, person.host, person.uid) == ("github", "github.com", known.uid)


def test_a_picture_that_is_not_the_forges_leaves_the_login_and_says_so() -> None:
    doubts = {act.who.uid: act.doubt for act in acts(LIST) if act.who}
    assert doubts["1001"] == ""
    assert "login" in doubts["login:ngoc-dev"] and "name" in doubts["name:Nhà trà Sen"]
    assert "login:kettle-bot[bot]" in doubts


def test_nobody_knows_when_so_it_is_by_now() -> None:
    assert {act.precision for act in acts(*SAMPLES)} == {"by"}
    assert all(timedelta(0) <= datetime.now(UTC) - act.at < timedelta(minutes=5) for act in acts(*SAMPLES))


def test_a_projects_own_words_are_shown_for_its_kinds() -> None:
    words = {act.own_kind: act.text for act in acts(LIST) if act.kind == "credited"}
    assert (words["brewing"], words["infra"], words["code"]) == ("Pha trà", "Hạ tầng", "Code")


def test_only_what_stands_between_the_marks_is_a_list() -> None:
    assert {act.who.name for act in acts(README) if act.who}.isdisjoint({"Nobody", "not on the list"})


def test_every_kind_has_words_of_its_own() -> None:
    assert len(KINDS) == len(WORDS) >= 33


@pytest.mark.parametrize(
    ("parts", "host", "where"),
    [
        ({}, "", ("github.com", "tea/pot", "github")),
        ({"repoHost": "https://git.tea.example/"}, "", ("git.tea.example", "tea/pot", "github")),
        ({"repoHost": "git.tea.example"}, "", ("git.tea.example", "tea/pot", "github")),
        ({"repoType": "gitlab"}, "", ("gitlab.com", "tea/pot", "gitlab")),
        ({"projectName": ""}, "github.com/Tea/Cup", ("github.com", "tea/cup", "github")),
        ({}, "https://git.tea.example/Tea/Cup", ("git.tea.example", "tea/cup", "github")),
        ({}, "git.tea.example", ("git.tea.example", "tea/pot", "github")),
    ],
)
def test_the_repository_is_the_one_that_was_typed_or_that_the_settings_name(
    tmp_path: Path, parts: dict[str, Any], host: str, where: tuple[str, str, str]
) -> None:
    act = acts(settings(tmp_path, **parts), host=host)[0]
    assert act.place and act.who
    assert (act.host, act.place.key, act.who.source) == where


@pytest.mark.parametrize("host", ["Tea/Pot", "tea/", "//"])
def test_what_is_no_address_is_refused_at_once(host: str) -> None:
    with pytest.raises(Refusal, match=r"github\.com/curl/curl"):
        read(LIST, host=host)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"contributors": [{"login": "mai", "contributions": ["code"]}]}', "--host"),
        ('{"projectName": "Pot", "projectOwner": "Tea"}', "contributors"),
        ('{"contributors": 5}', "list"),
        ("# Kettle", "no list"),
        (README.read_text().replace("github.com/Teahouse/Kettle", ""), "--host"),
        ("", ""),
    ],
)
def test_what_is_no_list_says_so(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "list"
    path.write_text(text)
    found = read(path)
    assert found and all(isinstance(one, Refused) and reason in one.reason for one in found)


def test_they_are_recognised_by_what_stands_in_them() -> None:
    for path in SAMPLES:
        assert detected(Inputs((str(path),))).NAME == "contributors"


@given(st.binary(max_size=6), st.integers(0, 2**31), st.sampled_from(SAMPLES))
def test_bytes_that_fell_over_never_raise(tmp_path_factory: Any, noise: bytes, seed: int, sample: Path) -> None:
    whole = sample.read_bytes()
    at = seed % len(whole)
    path = tmp_path_factory.getbasetemp() / "fallen"
    path.write_bytes(whole[:at] + noise + whole[at + len(noise) :])
    for found in read(path):
        assert "\0" not in found.text if isinstance(found, Activity) else found.reason


def test_a_table_without_end_comes_to_an_end(tmp_path: Path) -> None:
    path = tmp_path / "README.md"
    for part in ("<td", "<sub>", '<img src="', '<a href="', "[](", "|<sub>x"):
        path.write_text("ALL-CONTRIBUTORS-LIST:START" + part * 30_000)
        assert all(isinstance(found, Refused) for found in read(path))


def test_importing_twice_adds_nothing(kith: Installation) -> None:
    first = importing.run(kith, "contributors", Inputs(tuple(map(str, SAMPLES))))
    assert first.recorded and first.refused == 2
    again = importing.run(kith, "contributors", Inputs(tuple(map(str, SAMPLES))))
    assert (again.recorded, again.changed) == (0, 0)
