"""The command line as people meet it: what they type, what they read, what is in the log afterwards."""

import gzip
import json
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.crm.conftest import Shell

SCRIPT = "<script>alert(1)</script> & <b>bold</b>"


def commit(number: int, **other: Any) -> dict[str, Any]:
    author = {"name": "Linh", "email": "linh@example.org", "date": f"2024-03-{number:02}T08:00:00+07:00"}
    return {"hash": f"{number:040x}", "parents": [], "author": author, "subject": f"Change {number}", **other}


def lines(count: int, **changed: str) -> bytes:
    """That many commits as JSON lines; `line_N` is put in the place of the Nth."""
    return "".join(f"{changed.get(f'line_{n}') or json.dumps(commit(n))}\n" for n in range(1, count + 1)).encode()


def by(name: str) -> dict[str, Any]:
    return {"name": name, "email": "long@example.org", "date": "2024-03-03T08:00:00Z"}


def dated(date: str) -> str:
    return json.dumps(commit(3, author={"name": "Linh", "email": "linh@example.org", "date": date}))


def counts(answer: dict[str, Any]) -> dict[str, int]:
    return {name: answer[name] for name in ("read", "recorded", "known", "refused")}


UNUSABLE = {
    "an empty file": (b"", "the file is empty"),
    "a binary file": (b"\x7fELF\x00\x01\x02" * 50, "not text but a binary file"),
    "no JSON at all": (b"Dear all\nSee you soon\n", "valid JSON"),
}


@pytest.mark.parametrize(("content", "reason"), UNUSABLE.values(), ids=UNUSABLE)
def test_a_file_of_which_nothing_can_be_read_is_refused_in_a_sentence(shell: Shell, content: bytes, reason: str):
    Path(shell.folder, "export.jsonl").write_bytes(content)
    answer, said = shell.bring("export.jsonl", code=2)
    assert counts(answer) == {"read": 1, "recorded": 0, "known": 0, "refused": 1}
    assert reason in said
    assert "export.jsonl" in said
    assert f"crm refused {answer['batch'][:8]}" in said


BAD_LINES = {
    "invalid JSON": ('{"hash": ', "not valid JSON"),
    "the year 0": (dated("0000-01-01T00:00:00Z"), "is not a date"),
    "a year before computers": (dated("1875-05-05T00:00:00Z"), "1970"),
    "a year to come": (dated("2090-05-05T00:00:00Z"), "after tomorrow"),
    "a missing field": ('{"hash": "00", "parents": []}', "the field “author” is missing"),
    "a line of 50 MB": (json.dumps(commit(3, body="x" * 50_000_000)), "long"),
}


@pytest.mark.parametrize(("line", "reason"), BAD_LINES.values(), ids=BAD_LINES)
def test_a_bad_line_is_kept_aside_and_the_others_are_recorded(shell: Shell, line: str, reason: str):
    Path(shell.folder, "export.jsonl").write_bytes(lines(9, line_7=line))
    answer, said = shell.bring("export.jsonl")
    assert counts(answer) == {"read": 9, "recorded": 8, "known": 0, "refused": 1}
    assert "1 row was refused" in said
    (refused,) = shell.ask("refused", answer["batch"][:8])
    assert set(refused) == {"number", "file", "line", "reason"}
    assert reason in refused["reason"]


def test_a_refused_row_is_found_by_its_file_and_line(shell: Shell):
    Path(shell.folder, "export.jsonl").write_bytes(lines(9, line_7="{oops"))
    answer, _ = shell.bring("export.jsonl")
    (refused,) = shell.ask("refused", answer["batch"])
    assert (refused["file"], refused["line"]) == ("export.jsonl", 7)


ODD_TEXTS = {
    "NUL": (json.dumps(commit(3, subject="a\0b")), "b"),
    "half a surrogate pair": (json.dumps(commit(3, subject="a\ud800b")), "a\ufffdb"),
    "a name of 10,000 letters": (json.dumps(commit(3, author=by("n" * 10_000))), "Change 3"),
    "HTML and a script": (json.dumps(commit(3, subject=SCRIPT)), SCRIPT),
    "what steers a terminal": (json.dumps(commit(3, subject="\x1b[2Jred")), "red"),
}


@pytest.mark.parametrize(("line", "shown"), ODD_TEXTS.values(), ids=ODD_TEXTS)
def test_an_odd_text_is_kept_and_shown_without_harm(shell: Shell, line: str, shown: str):
    Path(shell.folder, "export.jsonl").write_bytes(lines(3, line_3=line))
    answer, _ = shell.bring("export.jsonl")
    assert counts(answer) == {"read": 3, "recorded": 3, "known": 0, "refused": 0}
    who = shell.ask("member", json.loads(line)["author"]["name"][:50])[0]["member"]
    told, _ = shell.type("timeline", who)
    assert shown in told
    assert "\x1b" not in told
    assert any(shown in entry["title"] for entry in shell.ask("timeline", who)["entries"])


def test_a_truncated_archive_gives_what_it_holds_and_says_so(shell: Shell):
    whole = gzip.compress(b"".join(lines(1, line_1=json.dumps(commit(1, hash=f"{n:040x}"))) for n in range(2000)))
    Path(shell.folder, "export.jsonl.gz").write_bytes(whole[: len(whole) // 2])
    answer, said = shell.bring("export.jsonl.gz")
    assert 0 < answer["recorded"] < 2000
    assert answer["refused"] == 1
    assert "refused" in said


REFUSED = {
    "an unknown source": (("import", "gitt", "x"), "Known are: contributors, csv, discord, discourse"),
    "a path where nothing is": (("import", "git", "nowhere.jsonl"), "nothing at “nowhere.jsonl”"),
    "an import that never was": (("take-back", "ffff"), "crm imports"),
    "an unknown projection": (("projections", "rebuild", "nothing"), "Known are: "),
    "an unknown member": (("timeline", "nobody"), "Nobody here is called “nobody”"),
    "a note that is none": (("verify", "--checkpoint", "nowhere"), "cannot be read as a checkpoint"),
    "a door to the world": (("serve", "--host", "0.0.0.0"), "no sign-in yet"),
    "a word that is no command": (("bring",), "No such command"),
}


@pytest.mark.parametrize(("words", "sentence"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_done_is_refused_in_one_sentence(shell: Shell, words: tuple[str, ...], sentence: str):
    out, said = shell.type(*words, code=2)
    assert out == ""
    assert sentence in said


def test_the_same_things_again_add_nothing_whatever_they_lie_in(shell: Shell):
    Path(shell.folder, "export.jsonl").write_bytes(lines(9))
    first, _ = shell.bring("export.jsonl")
    assert counts(first) == {"read": 9, "recorded": 9, "known": 0, "refused": 0}

    elsewhere = Path(shell.folder, "elsewhere")
    elsewhere.mkdir()
    (elsewhere / "other.gz").write_bytes(gzip.compress(lines(9)))
    for path in ("export.jsonl", "elsewhere"):
        again, _ = shell.bring(path)
        assert counts(again) == {"read": 9, "recorded": 0, "known": 9, "refused": 0}
    assert shell.ask("stats")["interactions"] == 9


def test_two_imports_at_once_count_everything_once(shell: Shell):
    rows = b"".join(lines(1, line_1=json.dumps(commit(1, hash=f"{n:040x}"))) for n in range(25_000))
    Path(shell.folder, "export.jsonl").write_bytes(rows)
    both = [shell.start("import", "git", "export.jsonl", "--no-projections", "--json") for _ in range(2)]
    answers = [json.loads(one.communicate(timeout=120)[0]) for one in both]
    assert [one.returncode for one in both] == [0, 0]
    assert sum(answer["recorded"] for answer in answers) == 25_000
    assert sum(answer["known"] for answer in answers) == 25_000
    assert shell.ask("stats")["interactions"] == 25_000


def test_what_was_taken_back_counts_no_more_and_can_be_brought_again(shell: Shell):
    Path(shell.folder, "export.jsonl").write_bytes(lines(9))
    first, _ = shell.bring("export.jsonl")
    shell.type("take-back", first["batch"][:8])
    empty = shell.ask("stats")
    assert (empty["interactions"], empty["identities"], empty["members"]) == (0, 0, 0)
    again, _ = shell.bring("export.jsonl")
    assert again["recorded"] == 9
    assert shell.ask("stats")["interactions"] == 9


def test_programs_find_the_keys_they_count_on(shell: Shell):
    Path(shell.folder, "export.jsonl").write_bytes(lines(3))
    answer, _ = shell.bring("export.jsonl")
    assert list(answer) == ["batch", "read", "recorded", "known", "changed", "refused", "seconds"]

    stats = shell.ask("stats")
    assert stats == {
        "events": stats["position"],
        "interactions": 3,
        "identities": 1,
        "members": 1,
        "by_source": {"git": 3},
        "by_kind": {"contributed": 3},
        "position": stats["position"],
        "refused": 0,
    }
    verdict = shell.ask("verify")
    assert verdict == {"intact": True, "events": stats["events"], "head": verdict["head"], "first_broken": None}
    assert {row["state"] for row in shell.ask("projections")} <= {"serving", "not built yet"}
    assert [row["batch"] for row in shell.ask("imports")] == [answer["batch"]]
    assert {row["variable"] for row in shell.ask("settings")} >= {"CRM_HOME", "CRM_DATABASE_URL"}


def test_settings_tell_no_secret(tmp_path: Path):
    shell = Shell(tmp_path, "postgresql://kith:hush@localhost/kith")
    shell.environment["CRM_MASTER_KEY"] = "aHVzaA=="
    out, _ = shell.type("settings")
    assert "user=kith" in out
    assert "hush" not in out
    assert "aHVzaA" not in out


def test_a_changed_event_is_named(shell: Shell, database: str):
    Path(shell.folder, "export.jsonl").write_bytes(lines(3))
    shell.bring("export.jsonl")
    forge = "UPDATE kith_events SET kind = {} WHERE notification_id = 3"
    _against_the_guard(database, forge.format("'starred'"))
    verdict = shell.ask("verify", code=1)
    assert (verdict["intact"], verdict["first_broken"]) == (False, 3)
    _against_the_guard(database, forge.format("'contributed'"))


def _against_the_guard(database: str, statement: str) -> None:
    with psycopg.connect(database) as connection:
        connection.execute("SET session_replication_role = replica")
        assert connection.execute(statement).rowcount == 1


def test_a_kept_checkpoint_fits_the_log(shell: Shell):
    Path(shell.folder, "export.jsonl").write_bytes(lines(3))
    shell.bring("export.jsonl")
    note, _ = shell.type("checkpoint")
    Path(shell.folder, "note").write_text(note)
    shell.type("sample", "--no-projections")
    assert "Intact" in shell.type("verify", "--checkpoint", "note")[0]


def _begun(shell: Shell, database: str) -> subprocess.Popen[str]:
    """An import that has begun and waits for more to be piped into it."""
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("LISTEN kith_events")
        started = shell.start("import", "git", "-", "--no-projections", "--json")
        assert started.stdin
        started.stdin.write(lines(9).decode())
        started.stdin.flush()
        assert list(connection.notifies(timeout=60, stop_after=1))
    return started


@pytest.mark.parametrize(
    ("end", "code", "sentence"),
    [
        (lambda started, _: started.send_signal(signal.SIGINT), 130, "Nothing is half-written"),
        (lambda _, database: _end_connections(database), 2, "nothing is counted twice"),
    ],
    ids=["by Ctrl+C", "by a database that goes away"],
)
def test_an_import_that_was_broken_off_can_be_run_again(
    shell: Shell, database: str, end: Callable[[subprocess.Popen[str], str], None], code: int, sentence: str
):
    started = _begun(shell, database)
    end(started, database)
    out, said = started.communicate(lines(9).decode(), timeout=120)
    assert (started.returncode, out) == (code, "")
    assert sentence in said
    assert "\n" not in said.strip()

    Path(shell.folder, "export.jsonl").write_bytes(lines(9))
    assert shell.bring("export.jsonl")[0]["recorded"] == 9


def _end_connections(database: str) -> None:
    with psycopg.connect(database) as connection:
        connection.execute(
            """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()"""
        )
