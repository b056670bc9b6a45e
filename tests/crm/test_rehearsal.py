"""A dry run says beforehand what the import then does, and leaves no trace."""

import json
from pathlib import Path

import pytest

from crm import importing
from crm.installation import Installation
from crm.reading import Inputs
from crm.rehearsal import rehearse

SAMPLES = Path(__file__).parent.parent / "sources"


def a_post(number: int, text: str = "Hello", **fields: object) -> str:
    told = {"id": number, "topic_id": 5, "post_number": number, "user_id": number, "username": f"u{number}"}
    return json.dumps(
        told | {"cooked": f"<p>{text}</p>", "raw": text, "created_at": "2024-01-01T00:00:00Z", "version": 1} | fields
    )


def written(folder: Path, *rows: str) -> Inputs:
    path = folder / "posts.jsonl"
    path.write_text("\n".join(rows) + "\n")
    return Inputs((str(path),), "forum.example")


def counts(kith: Installation, inputs: Inputs) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """What the dry run says, and what the import does then: read, new, known, changed, refused."""
    told = rehearse(kith, "discourse", inputs)
    done = importing.run(kith, "discourse", Inputs(inputs.paths, inputs.host))
    return (
        (told.read, told.new, told.known, told.changed, told.refused),
        (done.read, done.recorded, done.known, done.changed, done.refused),
    )


@pytest.mark.parametrize(
    ("source", "sample"),
    [("git", "git/sample.jsonl"), ("github", "github/backup.jsonl"), ("discourse", "discourse/posts.jsonl")],
)
def test_nothing_is_stored(kith: Installation, source: str, sample: str) -> None:
    before = kith.log.recorder.max_notification_id()
    told = rehearse(kith, source, Inputs((str(SAMPLES / sample),), "forum.example" if source == "discourse" else ""))
    assert told.new > 0
    assert kith.log.recorder.max_notification_id() == before
    with kith.connection() as connection:
        assert connection.execute("SELECT count(*) AS n FROM vault_keys").fetchone() == {"n": 0}


def test_what_it_says_is_what_the_import_does(kith: Installation, tmp_path: Path) -> None:
    rows = [a_post(1), a_post(2), a_post(2), "not JSON", a_post(3), a_post(1, "Edited", version=2)]
    told, done = counts(kith, written(tmp_path, *rows))
    assert told == done == (6, 3, 2, 1, 1)
    told, done = counts(kith, written(tmp_path, *rows, a_post(4), a_post(3, "Edited too", version=2)))
    assert told == done == (8, 1, 6, 1, 1)


def test_repeated_rows_count_once_however_far_apart(
    kith: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crm.rehearsal.BATCH", 2)
    rows = [a_post(1), a_post(2), a_post(3), a_post(1), a_post(2, "Edited", version=2), a_post(2)]
    told, done = counts(kith, written(tmp_path, *rows))
    assert told == done == (6, 3, 3, 1, 0)


def test_reasons_are_counted_by_their_sentence(kith: Installation, tmp_path: Path) -> None:
    told = rehearse(kith, "discourse", written(tmp_path, a_post(1), "{", "{", a_post(2, created_at="0000-01-01")))
    assert told.refused == sum(told.reasons.values()) == 3
    assert max(told.reasons.values()) == 2
