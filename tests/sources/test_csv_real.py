"""Real tables, told by the importer and counted by other means, must agree."""

import csv
import io
import lzma
from collections import Counter
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr
from pathlib import Path

from crm.activity import Activity, Refused
from crm.csv.people import BY_NAME
from crm.reading import Glimpse, Inputs
from crm.sources import csv as table

TRANSLATIONS = "generic-csv/r-translations-metadata.csv"
TRUST = "networks/soc-sign-bitcoinotc.csv.xz"
NOTHING = ("NA", "")


def told(path: Path, **mapping: str) -> tuple[list[Activity], list[Refused]]:
    acts: list[Activity] = []
    refused: list[Refused] = []
    for item in table.read(Inputs([str(path)], "", mapping)):
        if isinstance(item, Activity):
            acts.append(item)
        else:
            refused.append(item)
    return acts, refused


def test_translators_under_a_mapping_agree_with_a_plain_count(data: Path) -> None:
    rows = list(csv.DictReader(io.StringIO((data / TRANSLATIONS).read_text())))
    dated = [row for row in rows if row["po_revision_date"] not in NOTHING]
    acts, refused = told(
        data / TRANSLATIONS, po_revision_date="time", last_translator="name", po_file="title", language="place"
    )
    assert (len(acts), len(refused)) == (len(dated), len(rows) - len(dated))
    assert {one.reason for one in refused} == {"there is no date"}
    assert Counter(f"{act.at:%Y-%m-%d}" for act in acts) == Counter(row["po_revision_date"] for row in dated)
    assert {act.precision for act in acts} == {"day"} and len({act.key for act in acts}) == len(acts)
    addresses = Counter(address.lower() for row in dated if "@" in (address := parseaddr(row["last_translator"])[1]))
    assert Counter(act.who.email for act in acts if act.who and act.who.email) == addresses
    nobody = sum(row["last_translator"] in NOTHING for row in dated)
    assert sum(act.who is None for act in acts) == nobody
    assert sum(act.doubt == BY_NAME for act in acts) == len(dated) - addresses.total() - nobody
    assert Counter(act.place.name for act in acts if act.place) == Counter(row["language"] for row in dated)


def test_translators_are_found_without_a_mapping(data: Path) -> None:
    acts, refused = told(data / TRANSLATIONS)
    rows = list(csv.DictReader(io.StringIO((data / TRANSLATIONS).read_text())))
    assert refused == [] and {act.kind for act in acts} == {"did"}
    assert Counter(f"{act.at:%Y-%m-%d}" for act in acts) == Counter(row["date"] for row in rows)
    assert sum(act.who is not None for act in acts) == sum(row["last_translator"] not in NOTHING for row in rows)


def test_who_trusts_whom_agrees_with_a_plain_count(data: Path) -> None:
    with lzma.open(data / TRUST, "rt") as lines:
        rows = list(csv.reader(lines))[1:]
    acts, refused = told(data / TRUST, FROM_NODE="uid", TO_NODE="whom_uid", TIME_SINCE_EPOCH="time")
    assert refused == [] and len(acts) == len(rows) == len({act.key for act in acts})
    pairs = [(act.who and act.who.uid, *(whom.who.uid for whom in act.whom)) for act in acts]
    assert pairs == [(row[0], row[1]) for row in rows]
    start = datetime(1970, 1, 1, tzinfo=UTC)
    assert all(
        abs(act.at - start - timedelta(seconds=float(row[3]))) < timedelta(milliseconds=1)
        for act, row in zip(acts, rows, strict=True)
    )
    assert {act.doubt for act in acts} == {""}


def test_real_tables_are_known_as_tables_and_other_files_are_not(data: Path) -> None:
    assert table.fits(Glimpse("a", (data / TRANSLATIONS).read_bytes()[: 1 << 16])) == 20
    with lzma.open(data / TRUST) as packed:
        assert table.fits(Glimpse("b", packed.read(1 << 16))) == 10
    others = [*(data / "sortinghat-identities").iterdir(), *(data / "chat-analytics-samples").rglob("*.*")]
    assert {table.fits(Glimpse(path.name, path.read_bytes()[: 1 << 16])) for path in others if path.is_file()} == {0}
