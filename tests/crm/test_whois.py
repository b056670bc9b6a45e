"""Who is who on the command line: found, told, merged, split and undone, each as JSON too."""

import json
from pathlib import Path

from tests.crm.conftest import Shell


def people(shell: Shell) -> None:
    """Linh committed from two addresses, and from one of them under two names; Ba once."""
    rows = [("Linh Phạm", "linh@kith.vn"), ("Linh Phạm", "linh.pham@work.vn"), ("Ba Vũ", "ba@kith.vn")]
    lines = []
    for number, (name, email) in enumerate(rows):
        author = {"name": name, "email": email, "date": f"2024-03-0{number + 1}T08:00:00+07:00"}
        lines.append(json.dumps({"hash": f"{number:040x}", "parents": [], "author": author, "subject": "A change"}))
    path = Path(shell.folder) / "commits.jsonl"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    shell.bring(path)


def test_two_accounts_are_proposed_merged_told_split_and_undone(shell: Shell) -> None:
    people(shell)
    (pair,) = shell.ask("suggestions")
    assert {pair[side]["name"] for side in ("one", "other")} == {"Linh Phạm"}
    assert pair["one"].keys() >= {"source", "host", "handle", "name", "identity"}
    assert 0.5 <= pair["confidence"] <= 1 and pair["reasons"] == ["Both are called Linh Phạm"]
    one, other = (pair[side]["identity"] for side in ("one", "other"))

    merged = shell.ask("merge", one, other, "--reason", "Same person")["position"]
    assert shell.ask("suggestions") == []
    known = shell.ask("member", other)
    assert (known["member"], len(known["accounts"]), known["acts"]) == (one, 2, 2)

    shell.ask("undo", merged)
    assert len(shell.ask("member", one)["accounts"]) == 1
    shell.ask("undo", merged + 1)
    shell.ask("split", one, other, "--reason", "Two people")
    assert [len(shell.ask("member", each)["accounts"]) for each in (one, other)] == [1, 1]


def test_members_are_found_by_a_part_of_their_name(shell: Shell) -> None:
    people(shell)
    assert [one["name"] for one in shell.ask("members", "vu")] == ["Ba Vũ"]
    assert len(shell.ask("member", "linh")) == 2
    told, _ = shell.type("member", "ba", "vu")
    assert "Ba Vũ" in told and "account:" in told
    assert shell.type("members", "zzz")[0] == "Nobody here is called “zzz”.\n"


def test_what_was_done_is_told_with_how_to_undo_it(shell: Shell) -> None:
    people(shell)
    one, other = (one["member"] for one in shell.ask("members", "linh"))
    told, _ = shell.type("merge", one, other)
    assert told.startswith("They are one member now. It can be undone with: crm undo ")
    assert "Undone." in shell.type("undo", told.split()[-1])[0]
    assert "Linh Phạm (linh.pham@work.vn)" in " ".join(shell.type("suggestions")[0].split())


def test_a_mailmap_is_believed_once_and_its_bad_lines_are_named(shell: Shell) -> None:
    people(shell)
    Path(shell.folder, ".mailmap").write_text("Ba Vũ <ba@kith.vn> <linh@kith.vn>\nnonsense\n", encoding="utf-8")
    told, said = shell.type("mailmap", ".mailmap", "--json")
    assert json.loads(told) == {"people": 1, "said": 1, "refused": 1}
    assert ".mailmap, line 2: Not a line of a mailmap" in said
    surest = shell.ask("suggestions")[0]
    assert {surest[side]["name"] for side in ("one", "other")} == {"Ba Vũ", "Linh Phạm"}
    assert surest["reasons"] == ["A file says that they are one person"]
    assert shell.ask("mailmap", ".mailmap")["said"] == 0
    assert "no file" in shell.type("mailmap", "elsewhere", code=2)[1]


def test_what_cannot_be_is_refused_with_a_sentence(shell: Shell) -> None:
    people(shell)
    ba = shell.ask("members", "ba")[0]["member"]
    nobody = "00000000-0000-0000-0000-000000000007"
    for words, sentence in (
        (("merge", ba, ba), "merged with themselves"),
        (("merge", ba, nobody), "Nobody here is known by that id"),
        (("merge", "linh", ba), "More than one member fits"),
        (("split", ba, ba), "only this one account"),
        (("split", ba, "linh"), "is not the id of an account"),
        (("undo", "1"), "Only what the team did can be undone"),
        (("undo", "4000"), "no event at this position"),
        (("undo", "soon"), "not a valid integer"),
        (("member", nobody), "Nobody here has the id"),
        (("suggestions", "--least", "2"), "range"),
    ):
        _, said = shell.type(*words, code=2)
        assert sentence in said
