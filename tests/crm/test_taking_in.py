"""Trying an import, telling what files are, explaining columns, and moving house, as it is typed."""

import gzip
import json
from pathlib import Path

from tests.crm.conftest import Shell

TABLE = "Họ tên,Thư,Ngày\nNguyễn Ánh,anh@example.org,31/05/2024\nTrần Bình,binh@example.org,01/06/2024\n"


def written(shell: Shell, name: str, content: str) -> str:
    Path(shell.folder, name).write_text(content)
    return name


def test_a_dry_run_says_what_would_come_in_and_stores_nothing(shell: Shell) -> None:
    told = shell.ask("import", "csv", written(shell, "members.csv", TABLE), "--dry-run")
    assert (told["read"], told["new"], told["known"], told["refused"]) == (2, 2, 0, 0)
    out, _ = shell.type("import", "csv", "members.csv", "--dry-run")
    assert out.startswith("Nothing was stored. 2 rows would give 2 new")
    assert shell.ask("stats")["events"] == 0


def test_what_files_are_is_told_by_their_content(shell: Shell) -> None:
    commit = {"hash": "1" * 40, "parents": [], "subject": "First"}
    author = {"name": "Linh", "email": "linh@example.org", "date": "2024-03-01T08:00:00+07:00"}
    row = json.dumps(commit | {"author": author, "committer": author, "body": "", "trailers": [], "files_changed": 1})
    _, said = shell.type("import", "auto", written(shell, "whatever.txt", row), "--no-projections")
    assert "These files are of “git”." in said
    _, said = shell.type("import", "auto", written(shell, "noise.bin", "\x01\x02 nothing"), code=2)
    assert "Kith does not recognise these files" in said and "slack" in said


def test_columns_are_explained_once(shell: Shell) -> None:
    table = written(shell, "odd.csv", "A,B\nMai Lê,mai@example.org\n")
    shell.type("import", "csv", table, "--map", "A=name", "--map", "B=email")
    written(shell, "odd.csv", "A,B\nMai Lê,mai@example.org\nBa Vũ,ba@example.org\n")
    done = shell.ask("import", "csv", "odd.csv")
    assert (done["recorded"], done["known"]) == (1, 1)
    assert "Ba Vũ" in shell.type("member", "ba")[0]


def test_columns_explained_wrongly_are_refused_and_not_remembered(shell: Shell) -> None:
    written(shell, "members.csv", TABLE)
    for wrong, reason in (
        ("Họ tên", "does not say what the column means"),
        ("Name=name", "no column “Name”"),
        ("Thư=post", "not a meaning"),
    ):
        _, said = shell.type("import", "csv", "members.csv", "--map", wrong, code=2)
        assert reason in said
    assert shell.ask("import", "csv", "members.csv")["recorded"] == 2


def test_everything_moves_to_a_fresh_kith(shell: Shell, new_database) -> None:  # type: ignore[no-untyped-def]
    shell.type("import", "csv", written(shell, "members.csv", TABLE))
    before = shell.ask("stats")
    shell.type("export", "all", "kith.jsonl.gz")
    assert b"Nguy" in gzip.decompress(Path(shell.folder, "kith.jsonl.gz").read_bytes())
    _, said = shell.type("export", "all", "kith.jsonl.gz", code=2)
    assert "is there already" in said
    fresh = Shell(shell.folder, new_database())
    fresh.home = shell.folder / "fresh"
    fresh.environment["CRM_HOME"] = str(fresh.home)
    fresh.type("restore", "kith.jsonl.gz")
    assert fresh.ask("stats") == before
    again = fresh.ask("import", "csv", "members.csv")
    assert (again["recorded"], again["known"]) == (0, 2)


def test_what_can_be_read_is_listed(shell: Shell) -> None:
    names = [one["name"] for one in shell.ask("sources")]
    assert {
        "git",
        "github",
        "github-webhook",
        "discourse",
        "slack",
        "discord",
        "mail",
        "stackexchange",
        "csv",
        "events",
    } <= set(names)
