"""A list taken along as a workbook says what the page said, and no member can put a formula into it."""

from datetime import UTC, datetime, timedelta, timezone
from io import BytesIO
from typing import Any

from openpyxl import load_workbook

from crm.activity import Who
from tests.factories import an_act, bring
from tests.web.conftest import Site
from web.workbook import workbook


def opened(content: bytes) -> list[tuple[Any, ...]]:
    sheet = load_workbook(BytesIO(content))["Kith"]
    return [tuple((cell.value, cell.data_type) for cell in row) for row in sheet.iter_rows()]


def test_cells_keep_their_kind() -> None:
    at = datetime(2024, 5, 31, 18, 30, tzinfo=timezone(timedelta(hours=7)))
    head, row = opened(workbook([{"name": "Nguyễn Ánh", "acts": 3, "at": at, "tags": ["a", "b"], "none": None}]))
    assert [value for value, _ in head] == ["name", "acts", "at", "tags", "none"]
    assert [value for value, _ in row] == ["Nguyễn Ánh", 3, datetime(2024, 5, 31, 11, 30), "a; b", None]


def test_a_name_that_looks_like_a_formula_is_text() -> None:
    for name in ("=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("https://evil.example")'):
        assert opened(workbook([{"name": name}]))[1] == ((name, "s"),)


def test_what_a_cell_cannot_hold_is_left_out() -> None:
    ((text, _),) = opened(workbook([{"text": "a\x00b\x08c" + "x" * 40_000}]))[1]
    assert text.startswith("abcx") and len(text) == 32_767


def test_a_list_comes_with_the_filters_as_seen(site: Site) -> None:
    bring(site.kith, [an_act(who=Who("1", "mai", "Mai Lê")), an_act(who=Who("2", "ben", "Ben"), at=datetime.now(UTC))])
    site.engine.catch_up()
    answer = site.client.get("/members?q=mai&as=xlsx")
    assert answer.headers["content-disposition"] == 'attachment; filename="members.xlsx"'
    head, *rows = opened(answer.content)
    names = [value for value, _ in head]
    assert [row[names.index("name")][0] for row in rows] == ["Mai Lê"]


def test_an_empty_list_is_an_empty_sheet(site: Site) -> None:
    assert opened(site.client.get("/members?as=xlsx").content) in ([], [()])
