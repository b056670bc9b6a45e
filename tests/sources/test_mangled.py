"""Whatever happens to a file on its way, an importer reads what it can, refuses the rest with a sentence, and never falls over."""

import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.activity import Activity, Refused
from crm.errors import Refusal
from crm.ids import Ids
from crm.intake import Intake
from crm.reading import Inputs
from crm.sealing import Draft
from crm.sources import source, sources

HERE = Path(__file__).parent
NAMES = [name for name in sources() if name != "sample"]
HOSTS = {"discourse": "forum.example", "git": "", "github": "", "github-webhook": ""}


def golden(name: str) -> list[Path]:
    """The invented samples of a source."""
    folder = HERE / name.replace("-", "_")
    return [path for path in sorted(folder.glob("*")) if "expected" not in path.name]


def damages() -> st.SearchStrategy[list[tuple[float, int, bytes]]]:
    """Where (as a share of the file), how many bytes are lost there, and what stands there instead."""
    bits = st.one_of(
        st.binary(max_size=8),
        st.sampled_from(
            [b"\0", b"\xff\xfe", b'"', b"}", b"]", b"\n", b"<", b"&", b"\\ud800", b"\\u0000", b"9" * 400, b"-1"]
        ),
    )
    return st.lists(st.tuples(st.floats(0, 1), st.integers(0, 200), bits), min_size=1, max_size=6)


def damaged(content: bytes, hits: list[tuple[float, int, bytes]]) -> bytes:
    for share, lost, instead in hits:
        at = int(share * len(content))
        content = content[:at] + instead + content[at + lost :]
    return content


def texts(act: Activity) -> Iterator[str]:
    yield from (act.key, act.thread, act.parent, act.title, act.text, act.link, act.own_kind)
    for who in (act.who, *(whom.who for whom in act.whom)):
        if who:
            yield from (who.uid, who.login, who.name, who.email, who.avatar)
    if act.place:
        yield from (act.place.key, act.place.name, act.place.link)


def read(name: str, path: Path) -> list[Draft]:
    """What the log would be given; what is read must be fit for it."""
    intake = Intake(Ids(b"secret"), uuid4())
    acts: list[Activity] = []
    with suppress(Refusal):
        for item in source(name).read(Inputs([str(path)], HOSTS.get(name, "example.org"))):
            assert isinstance(item, Activity | Refused)
            if isinstance(item, Refused):
                assert item.reason and "Traceback" not in item.reason
            elif not intake.doubt(item):
                acts.append(item)
    assert not [text for act in acts for text in texts(act) if "\0" in text]
    drafts = intake.drafts(acts)
    msgspec.msgpack.encode([draft.personal for draft in drafts])
    return drafts


@pytest.mark.parametrize("name", NAMES)
def test_every_source_has_a_sample_that_is_read(name: str) -> None:
    assert golden(name)
    assert any(read(name, path) for path in golden(name))


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data(), hits=damages())
@settings(max_examples=150)
def test_a_damaged_file_is_read_as_far_as_it_can_be(
    name: str, data: st.DataObject, hits: list[tuple[float, int, bytes]]
) -> None:
    chosen = data.draw(st.sampled_from(golden(name)))
    with TemporaryDirectory() as folder:
        copy = Path(folder) / chosen.name
        if chosen.is_dir():
            shutil.copytree(chosen, copy)
        else:
            shutil.copy(chosen, copy)
        files = [copy] if copy.is_file() else sorted(file for file in copy.rglob("*") if file.is_file())
        file = data.draw(st.sampled_from(files))
        file.write_bytes(damaged(file.read_bytes(), hits))
        read(name, copy)
