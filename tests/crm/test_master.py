"""The master key: without the right one nothing starts, and nothing is made or changed by trying."""

import base64
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from crm import master
from crm.errors import Refusal
from crm.installation import Installation
from crm.settings import Settings
from tests.factories import opened


def key(byte: bytes) -> str:
    return base64.b64encode(byte * 32).decode()


def tables(database: str) -> list[str]:
    with psycopg.connect(database) as connection:
        return [row[0] for row in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]


def open_with(database: str, home: Path, given: str = "") -> None:
    Installation(Settings(home=home, database_url=database, master_key=given)).close()


def test_the_first_start_makes_a_key_that_only_its_owner_can_read(database: str, tmp_path: Path) -> None:
    opened(database, tmp_path / "home").close()
    made = tmp_path / "home" / "master.key"
    assert made.stat().st_mode & 0o777 == 0o600
    assert len(base64.b64decode(made.read_text())) == 32
    assert os.listdir(tmp_path / "home") == ["master.key"]
    open_with(database, tmp_path / "home")


def test_a_missing_key_is_refused_and_none_is_made(database: str, tmp_path: Path) -> None:
    opened(database, tmp_path / "one").close()
    with pytest.raises(Refusal, match="master key is missing"):
        open_with(database, tmp_path / "two")
    assert not (tmp_path / "two").exists()


def test_a_wrong_key_is_refused(database: str, tmp_path: Path) -> None:
    open_with(database, tmp_path, key(b"a"))
    with pytest.raises(Refusal, match="not the one that this database was made with"):
        open_with(database, tmp_path, key(b"b"))
    open_with(database, tmp_path, key(b"a"))


@pytest.mark.parametrize("damaged", ["x", "ключ", key(b"a")[:-4], key(b"a") + "AAAA", " "])
def test_a_malformed_key_is_refused_and_nothing_is_made(database: str, tmp_path: Path, damaged: str) -> None:
    with pytest.raises(Refusal, match="in CRM_MASTER_KEY is damaged"):
        open_with(database, tmp_path, damaged)
    assert tables(database) == []
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("content", [b"", b"\n", b"not base64", b"\xff\xfe"])
def test_a_damaged_key_file_is_refused_and_left_as_it_is(database: str, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "master.key").write_bytes(content)
    with pytest.raises(Refusal, match="master.key is damaged"):
        open_with(database, tmp_path)
    assert tables(database) == []
    assert (tmp_path / "master.key").read_bytes() == content


def test_processes_that_start_at_once_agree_on_one_key(new_database: Callable[[], str], tmp_path: Path) -> None:
    database = new_database()
    with ThreadPoolExecutor(4) as threads:
        for started in [threads.submit(open_with, database, tmp_path) for _ in range(4)]:
            started.result()
    assert os.listdir(tmp_path) == ["master.key"]


def test_keys_for_different_purposes_are_different() -> None:
    assert master.derive(b"m" * 32, "ids") != master.derive(b"m" * 32, "vault")
    assert len(master.derive(b"m" * 32, "ids")) == 32
