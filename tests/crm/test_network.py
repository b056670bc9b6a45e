"""The network on the command line: of everybody, and the circle of one, as of a day."""

import json
from pathlib import Path

import pytest

from tests.crm.conftest import Shell


@pytest.fixture
def pair(shell: Shell) -> Shell:
    """Linh and Minh, each of whom committed a change of the other's, in January and in March."""
    people = [{"name": f"{name} Phạm", "email": f"{name.lower()}@kith.vn"} for name in ("Linh", "Minh")]
    lines = []
    for number, month in enumerate(("01", "03")):
        author, committer = (one | {"date": f"2024-{month}-05T08:00:00Z"} for one in people[:: -1 if number else 1])
        lines.append(
            json.dumps(
                {
                    "hash": f"{number:040x}",
                    "parents": [],
                    "subject": "A change",
                    "body": f"Reviewed-by: {committer['name']} <{committer['email']}>",
                    "author": author,
                    "committer": committer,
                }
            )
        )
    path = Path(shell.folder) / "commits.jsonl"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    shell.bring(path)
    return shell


def test_everybody_is_told_with_what_they_measure(pair: Shell) -> None:
    told = pair.ask("network")
    assert (told["day"], told["people"], told["ties"], told["density"]) == ("2024-03-05", 2, 1, 1)
    assert {one["name"] for one in told["members"]} == {"Linh Phạm", "Minh Phạm"}
    assert [(one["degree"], one["betweenness"], one["pagerank"]) for one in told["members"]] == [
        (1, 0, pytest.approx(0.5, abs=0.1))
    ] * 2
    assert [one["name"] for one in pair.ask("network", "--limit", 1)["members"]] == [told["members"][0]["name"]]
    text, _ = pair.type("network")
    assert text.startswith("As of 2024-03-05: people with a tie 2, ties 1, groups 0.")


def test_a_circle_is_told_as_of_a_day(pair: Shell) -> None:
    then, now = pair.ask("network", "Linh", "--as-of", "2024-01-31"), pair.ask("network", "Linh")
    assert [one["name"] for one in now["neighbours"]] == ["Minh Phạm"]
    assert then["ties"] == now["ties"] == 1
    assert now["reach"] == pytest.approx(then["reach"] * 0.9 + then["reach"])
    assert pair.ask("network", "Linh", "--as-of", "2024-01-04")["neighbours"] == []
    text, _ = pair.type("network", "Linh")
    assert "Linh Phạm, as of 2024-03-05: reach" in text
    assert "Minh Phạm" in text


def test_what_is_no_day_and_who_is_nobody_are_told_in_a_sentence(pair: Shell) -> None:
    assert "--as-of takes a day such as 2024-05-31" in pair.type("network", "--as-of", "May", code=2)[1]
    assert "Nobody here is called “Zoe”" in pair.type("network", "Zoe", code=2)[1]
