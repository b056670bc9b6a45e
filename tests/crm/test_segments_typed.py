"""Segments on the command line."""

import json
from pathlib import Path

from tests.crm.conftest import Shell


def test_segments_are_listed_and_their_members_told(shell: Shell) -> None:
    author = {"name": "Linh Phạm", "email": "linh@kith.vn"}
    lines = [
        json.dumps(
            {
                "hash": f"{day:040x}",
                "parents": [],
                "subject": "A change",
                "author": author | {"date": f"2024-03-0{day}T08:00:00Z"},
            }
        )
        for day in (1, 2, 3)
    ]
    path = Path(shell.folder) / "commits.jsonl"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    shell.bring(path)
    found = {one["name"]: (one["count"], one["came"], one["left"]) for one in shell.ask("segments")}
    assert found["New and active"] == found["Most active this week"] == (1, 1, 0)
    assert found["Our own team"] == (0, 0, 0)
    (linh,) = shell.ask("segment", "new", "and", "active")
    assert (linh["name"], linh["lately"]) == ("Linh Phạm", 3)
    assert "Linh Phạm" in shell.type("segment", "Most active this week")[0]
    _, said = shell.type("segment", "nobody", code=2)
    assert "no segment called “nobody”" in said
