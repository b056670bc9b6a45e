"""The whole road on Debian's PostgreSQL 15, the oldest that Kith takes: import, project, look, take back, verify, rebuild."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from crm import embedded, ledger
from crm.command import dispatch
from crm.embedded import account
from crm.imports import TakeBackImport
from crm.installation import Installation
from crm.settings import Settings
from projections import rebuild
from projections.engine import Engine
from projections.members import Wish, which_members
from projections.timeline import Filter, what_happened
from tests.factories import a_reply, an_act, bring

PROGRAMS = Path("/usr/lib/postgresql/15/bin")


@pytest.fixture
def old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Installation]:
    """A Kith on a PostgreSQL 15 of its own."""
    if not PROGRAMS.exists():
        pytest.skip("PostgreSQL 15 is not on this machine; Debian's package postgresql-15 brings it")
    monkeypatch.setattr(account, "_installed", lambda: PROGRAMS)
    conninfo = embedded.start(tmp_path / "server", lambda _: None)
    with psycopg.connect(conninfo) as connection:
        assert connection.info.server_version // 10_000 == 15
    with Installation(Settings(home=tmp_path / "kith", database_url=conninfo)) as kith:
        yield kith
    embedded.remove(tmp_path / "server")


def test_everything_works_on_the_oldest_postgresql(old: Installation) -> None:
    engine = Engine(old)
    bring(old, [an_act(by="ann"), a_reply(by="ben", to="ann")])
    later = bring(old, [a_reply(by="dũng", to="ann")])
    engine.catch_up()
    with old.connection() as connection:
        (ann,) = which_members(connection, Wish(q="ann"))
        assert (ann.acts, ann.received) == (1, 2)
        assert len(what_happened(connection, [ann.member], Filter())) == 3
        assert which_members(connection, Wish(q="dung"))
    dispatch(old, TakeBackImport(batch=later.batch))
    engine.catch_up()
    for projection in engine.projections.values():
        rebuild.rebuild(engine, projection, asked=True)
    with old.connection() as connection:
        assert not which_members(connection, Wish(q="dung"))
        assert ledger.verify(connection, old.signing_key).intact
