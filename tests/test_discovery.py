"""A newcomer adds an importer, a projection, a page or a formula in one new file; nothing else is edited, and it works."""

import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest
from litestar.testing import TestClient

import crm.scores
import crm.sources
import projections
import web.pages
from crm.importing import run
from crm.installation import Installation
from crm.reading import Inputs
from crm.settings import Settings
from projections.engine import Engine
from web.app import create_app

IMPORTER = '''
    """Guest books, a name on each line."""
    from datetime import UTC, datetime
    from crm.activity import Activity, Who

    NAME, LABEL, HELP = "guestbook", "Guest book", "A name on each line."

    def read(inputs):
        for document in inputs.documents():
            for number, line in enumerate(document.stream, 1):
                name = line.decode().strip()
                yield Activity(source=NAME, host="", key=f"{name} {number}", kind="attended", own_kind="signed",
                               at=datetime(2024, 5, number, tzinfo=UTC), who=Who(uid=name, name=name))
'''

PROJECTION = '''
    """How many signed on each day."""
    from projections.projection import Projection

    PROJECTION = Projection(
        name="signatures",
        tables={"signatures": "day date PRIMARY KEY, n bigint NOT NULL"},
        fold=lambda window: window.run("""
            INSERT INTO {signatures} AS old SELECT occurred_at::date, count(*) FROM {facts}
            WHERE source = 'guestbook' GROUP BY 1 ON CONFLICT (day) DO UPDATE SET n = old.n + excluded.n"""),
    )

    def how_many_signed(connection):
        return [row["n"] for row in connection.execute("SELECT n FROM signatures ORDER BY day LIMIT 10").fetchall()]
'''

PAGE = '''
    """The guest book."""
    from litestar import Request, get
    from projections.signatures import how_many_signed

    @get("/guestbook", sync_to_thread=True, media_type="text/plain")
    def guestbook(request: Request) -> str:
        with request.app.state.kith.connection() as connection:
            return f"{sum(how_many_signed(connection))} guests"

    ROUTES = [guestbook]
'''

FORMULA = '''
    """Loyalty: who signs the guest book."""
    from crm.scores.formula import Earning, Rule, Settings, Weighted

    FORMULA = Weighted(
        name="loyalty", label="Loyalty", unit="points", explained="Two points each time, for good.", source="us", editions={1: "first"},
        rules=(Rule(key="came", label="came", group="helping", way="did", kinds=("attended",)),),
        settings={1: Settings({"came": Earning(2)})},
    )
'''


@pytest.fixture
def dropped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """One new file in each of the four folders."""
    web.pages.pages.cache_clear()
    for package, name, text in (
        (crm.sources, "guestbook", IMPORTER),
        (projections, "signatures", PROJECTION),
        (web.pages, "guestbook", PAGE),
        (crm.scores, "loyalty", FORMULA),
    ):
        folder = tmp_path / package.__name__
        folder.mkdir()
        (folder / f"{name}.py").write_text(dedent(text))
        monkeypatch.setattr(package, "__path__", [*package.__path__, str(folder)])
    yield
    web.pages.pages.cache_clear()
    for name in ("crm.sources.guestbook", "projections.signatures", "web.pages.guestbook", "crm.scores.loyalty"):
        sys.modules.pop(name, None)


@pytest.fixture
def kith(database: str, tmp_path: Path) -> Iterator[Installation]:
    with Installation(Settings(home=tmp_path / "home", database_url=database)) as opened:
        yield opened


def test_a_new_file_is_an_importer_a_projection_a_page_and_a_formula(dropped: None, kith: Installation, tmp_path: Path):
    book = tmp_path / "book.txt"
    book.write_text("Linh\nMai\n")
    assert run(kith, "guestbook", Inputs([str(book)])).recorded == 2

    engine = Engine(kith)
    engine.catch_up()
    with TestClient(create_app(kith, engine), base_url="http://127.0.0.1:8000") as client:
        assert client.get("/guestbook").text == "2 guests"
        assert [row["standing"]["points"] for row in client.get("/scores?formula=loyalty&as=json").json()["rows"]] == [
            2_000_000,
            2_000_000,
        ]


def test_without_the_new_files_there_is_nothing_of_them():
    assert "guestbook" not in crm.sources.sources()
    assert "loyalty" not in crm.scores.formulas()
    assert "signatures" not in projections.projections()
    assert "guestbook" not in {page.__name__.rpartition(".")[2] for page in web.pages.pages()}
