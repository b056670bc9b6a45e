"""Real archives of mailing lists, counted again with the standard library's parser of mail, must agree."""

import email
import re
import tarfile
import zipfile
from collections import Counter
from collections.abc import Iterator
from email.message import Message
from pathlib import Path

import pytest

from crm.activity import Activity, Refused
from crm.kinds import KINDS
from crm.mail.letters import EMPTY, NEITHER
from crm.reading import Inputs
from crm.sources import mail

LISTS = {
    "mailing-lists/r-devel-2003.pipermail.tar.xz": 2743,
    "mailing-lists/r-devel-2020-11_2026-07.pipermail.tar.xz": 1977,
}
FIXTURES = ("mbox", "pipermail", "hyperkitty", "groupsio", "nntp")
BEGINS = re.compile(rb"^From .+ \d\d:\d\d:\d\d \d{4}\n(?=[\w-]+:)", re.MULTILINE)


def told(path: Path) -> tuple[list[Activity], list[Refused]]:
    found = list(mail.read(Inputs((str(path),))))
    return [one for one in found if isinstance(one, Activity)], [one for one in found if isinstance(one, Refused)]


def mails(raw: bytes) -> Iterator[Message]:
    """The mails of a mailbox, or the one that a text is."""
    places = [found.start() for found in BEGINS.finditer(raw)] or [0]
    for begin, end in zip(places, [*places[1:], len(raw)], strict=True):
        yield email.message_from_bytes(raw[begin:end])


def ids(found: list[Message]) -> Counter[str]:
    """The Message-IDs, without those that are missing or empty."""
    return Counter(named for one in found if (named := (one["Message-ID"] or "").strip("<> \n")))


@pytest.mark.parametrize("name", LISTS)
def test_every_mail_of_a_real_list_is_told_once(data: Path, name: str) -> None:
    with tarfile.open(data / name) as tar:
        texts = [opened.read() for member in tar if (opened := tar.extractfile(member))]
    found = [one for text in texts for one in mails(text)]
    acts, refused = told(data / name)
    known = ids(found)
    assert not refused and len(found) == LISTS[name]
    assert Counter(act.key for act in acts) == Counter(known.keys())
    assert {act.host for act in acts} == {"rd"}
    assert {act.kind for act in acts} <= KINDS.keys()
    answers = {one["Message-ID"].strip("<>") for one in found if one["In-Reply-To"] or one["References"]}
    assert answers <= {act.key for act in acts if act.kind == "replied"}
    writers = {act.key: act.who.uid for act in acts if act.who}
    to_others = [act for act in acts if act.parent in known and writers[act.parent] != writers[act.key]]
    assert len(writers) == len(acts) and len(to_others) > 1000
    assert all(
        ("replied", writers[act.parent]) in {(whom.role, whom.who.uid) for whom in act.whom} for act in to_others
    )


@pytest.mark.parametrize("name", FIXTURES)
def test_every_mail_of_the_fixtures_is_told(data: Path, name: str) -> None:
    folder = data / "perceval-fixtures" / name
    acts, refused = told(folder)
    texts = [path.read_bytes() for path in folder.iterdir() if path.suffix in (".mbox", ".txt")]
    for path in folder.glob("*.zip"):
        with zipfile.ZipFile(path) as archive:
            texts += [archive.read(inside) for inside in archive.namelist()]
    expected = ids([one for text in texts for one in mails(text.replace(b"\r\n", b"\n"))]).keys()
    told_keys = {act.key.partition("#")[0] for act in acts if not act.key.startswith("derived:")}
    assert {re.sub(r"\s", "", key) for key in expected} == told_keys
    assert {item.reason for item in refused} <= {NEITHER, EMPTY}
    assert {act.kind for act in acts} <= KINDS.keys()
