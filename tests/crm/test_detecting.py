"""Files are told by what stands in them: every real export by its own source, and none by a source that only looks like it."""

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.detecting import detect, detected
from crm.errors import Refusal
from crm.reading import Glimpse, Inputs
from crm.reading.fields import fields_in
from crm.sources import Source, sources

SAMPLES = Path(__file__).parents[1] / "sources"
SURE, SEEN = 50, 1 << 16

TABLE = [
    ("git", "git/*.gitlog.jsonl.gz"),
    ("github", "github/bitcoin-core-gui-*.jsonl.xz"),
    ("github", "github/gharchive-*.json.gz"),
    ("github", "perceval-fixtures/github/github_request_pull_request_[12]"),
    ("github", "perceval-fixtures/github/github_issue_[12]"),
    ("github-webhook", "github/webhooks/*/*.json"),
    ("contributors", "github/*.all-contributorsrc.json"),
    ("discourse", "discourse/*.jsonl.xz"),
    ("discourse", "discourse/discourse_api-fixtures/topic.json"),
    ("discourse", "discourse/discourse_api-fixtures/post*_latest.json"),
    ("discourse", "perceval-fixtures/discourse/discourse_topic_*.json"),
    ("discourse", "perceval-fixtures/discourse/discourse_post*.json"),
    ("slack", "slack/*.zip.xz"),
    ("slack", "perceval-fixtures/slack/slack_history_next.json"),
    ("discord", "discord/*.tar.xz"),
    ("discord", "chat-analytics-samples/discord/*.json"),
    ("mail", "mailing-lists/*.tar.xz"),
    ("mail", "perceval-fixtures/mbox/mbox_single.mbox"),
    ("mail", "perceval-fixtures/pipermail/*.mbox"),
    ("mail", "perceval-fixtures/hyperkitty/*.mbox"),
    ("mail", "perceval-fixtures/groupsio/messages.zip"),
    ("stackexchange", "stackexchange/*.tar.xz"),
    ("csv", "generic-csv/*.csv"),
    ("moderation", "moderation/*.csv"),
    ("moderation", "moderation/*.jsonl"),
    ("moderation", "moderation/*.tar.xz"),
    ("csv", "networks/*.csv.xz"),
    ("mattermost", "perceval-fixtures/mattermost/*.json"),
    ("events", "events/*.json.xz"),
    ("events", "perceval-fixtures/meetup/meetup_events.json"),
]
"""Which real files, as patterns, are of which source."""

STRANGERS = [
    "perceval-fixtures/gitlab/*",
    "perceval-fixtures/mediawiki/*.json",
    "perceval-fixtures/askbot/*.json",
    "perceval-fixtures/rocketchat/*.json",
    "sortinghat-identities/*",
    "discourse/discourse_api-fixtures/user*.json",
    "git/curl.THANKS",
]
"""Files of kinds that Kith has no source for."""


def known(name: str) -> Source:
    found = sources()[name]
    assert hasattr(found, "fits"), f"the source “{name}” does not tell its files"
    return found


@pytest.mark.parametrize(("name", "pattern"), TABLE, ids=[f"{name}:{pattern}" for name, pattern in TABLE])
def test_real_files_are_told_by_their_own_source(data: Path, name: str, pattern: str) -> None:
    source = known(name)
    paths = sorted(data.glob(pattern))
    assert paths, "no file fits the pattern"
    assert {path.name: detected(Inputs((str(path),))).NAME for path in paths} == {
        path.name: source.NAME for path in paths
    }


@pytest.mark.parametrize("pattern", STRANGERS)
def test_files_that_nobody_reads_are_claimed_by_nobody(data: Path, pattern: str) -> None:
    paths = sorted(data.glob(pattern))
    assert paths, "no file fits the pattern"
    claims = [
        (path.name, name)
        for path in paths
        for name, source in sources().items()
        if hasattr(source, "fits") and source.fits(Glimpse(path.name, path.read_bytes()[:SEEN])) >= SURE
    ]
    assert not claims


def samples() -> list[tuple[str, Path]]:
    """The invented samples of every importer, with the name of its module."""
    found = [path for path in SAMPLES.glob("*/*") if "expected" not in path.name and path.parent.name != "__pycache__"]
    named = [path for path in found if path.name.startswith("sample")]
    rest = [path for path in found if path.parent not in {one.parent for one in named}]
    return sorted((path.parent.name, path) for path in named + rest)


@pytest.mark.parametrize(("module", "path"), samples(), ids=[f"{name}/{path.name}" for name, path in samples()])
def test_the_samples_are_told_by_their_own_source(module: str, path: Path) -> None:
    source = known(module.replace("_", "-"))
    assert detected(Inputs((str(path),))).NAME == source.NAME


@pytest.mark.parametrize("bare", [False, True])
def test_a_repository_is_told_as_a_whole_whatever_lies_in_it(tmp_path: Path, bare: bool) -> None:
    if not shutil.which("git"):
        pytest.skip("git is not installed")
    folder = tmp_path / "kettle"
    subprocess.run(["git", "init", "--quiet", *(["--bare"] if bare else []), str(folder)], check=True)
    (folder / "contributors.json").write_text('{"projectName": "a", "projectOwner": "b", "contributors": []}')
    assert [source.NAME for source in detect(Inputs((str(folder),)))] == ["git"]


@pytest.mark.parametrize(
    "text", ["", "{", "[", "null", "\0\1\2", "Xin chào, ấm nước!", '{"a": {"sender": 1, "repository": 2}}']
)
def test_what_is_nothing_is_told_as_nothing(tmp_path: Path, text: str) -> None:
    path = tmp_path / "file"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Refusal, match="Say what they are"):
        detected(Inputs((str(path),)))


@given(st.binary(max_size=400))
def test_no_source_falls_over_what_it_looks_at(head: bytes) -> None:
    for source in sources().values():
        if hasattr(source, "fits"):
            assert 0 <= source.fits(Glimpse("export.zip/file.json", head)) <= 100


@given(st.sampled_from([path for _module, path in samples() if path.is_file()]), st.integers(0, 1 << 16))
def test_what_is_cut_off_anywhere_is_looked_at_all_the_same(path: Path, end: int) -> None:
    glimpse = Glimpse(path.name, path.read_bytes()[:end])
    assert all(0 <= source.fits(glimpse) <= 100 for source in sources().values() if hasattr(source, "fits"))


def test_the_fields_of_a_document_are_seen_though_its_end_is_not() -> None:
    assert fields_in(Glimpse("a", b'[{"a": {"b": "}"}, "c\\"d": [1, {"e": 2}], "f": "tr')) == {"a", 'c\\"d', "f"}
    assert fields_in(Glimpse("a", b'\xef\xbb\xbf {"a": 1}\n{"b": 2}')) == {"a"}
    assert fields_in(Glimpse("a", b"a,b,c")) == frozenset()
