"""Bringing files in as a person does: dropped or chosen, looked at, corrected, tried out, imported; with and without JavaScript."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from crm.uploading import Helper
from crm.uploads import folder_of_all
from tests.browser.conftest import Served

TABLE = """Họ và tên;E-mail;Ngày vào nhóm;Ghi chú
Nguyễn Thị Lan;lan@example.org;2024-03-01;thích nói chuyện
Minh Trần;minh@example.org;không rõ;
"""
DROP = """([name, text]) => {
  const files = new DataTransfer();
  files.items.add(new File([text], name));
  const form = document.querySelector('[data-drop]');
  form.dispatchEvent(new DragEvent('dragover', { dataTransfer: files, bubbles: true, cancelable: true }));
  form.dispatchEvent(new DragEvent('drop', { dataTransfer: files, bubbles: true, cancelable: true }));
}"""


@pytest.fixture
def helped(own: Served) -> Iterator[Served]:
    """A Kith of the test's own with the helper at work, as `scripts/run` has it."""
    helper = Helper(own.kith)
    helper.start()
    yield own
    helper.stop()


def a_forum(posts: int = 3) -> str:
    """Posts of a forum, one a line, and a line that is broken."""
    rows = [
        json.dumps(
            {"id": number, "topic_id": 5, "topic_title": "Blue glaze", "topic_slug": "blue-glaze", "category_id": 3}
            | {"post_number": number, "user_id": number, "username": f"user{number}", "version": 1}
            | {"raw": f"Words {number}", "cooked": "<p>…</p>", "created_at": f"2024-01-0{number}T08:00:00Z"}
        )
        for number in range(1, posts + 1)
    ]
    return "\n".join([*rows, "{broken"])


def choose(page: Page, address: str, path: Path) -> None:
    """Choose a file on the Sources page; without JavaScript the button sends it."""
    page.goto(f"{address}/sources")
    page.get_by_label("Drop files here, or choose them").set_input_files(path)
    button = page.get_by_role("button", name="Send the files")
    if button.is_visible():
        button.click()
    page.wait_for_url("**/sources/uploads/*-*")


def until(page: Page, words: str) -> None:
    """Stay on a page that fetches itself anew, or reload it where there is no JavaScript, until it says this."""
    for _ in range(100):
        again = page.get_by_role("link", name="See how far it is now")
        if page.get_by_text(words).count() or not again.count():
            break
        again.click()
        page.wait_for_load_state()
    expect(page.get_by_text(words).first).to_be_visible(timeout=60_000)


@pytest.fixture(params=["with JavaScript", "without"])
def reader(request: Any) -> Page:
    return request.getfixturevalue("page" if request.param == "with JavaScript" else "plain")  # type: ignore[no-any-return]


def test_a_forum_is_brought_in_step_by_step(reader: Page, helped: Served, tmp_path: Path) -> None:
    said: list[str] = []
    reader.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    reader.on("pageerror", lambda error: said.append(str(error)))
    (path := tmp_path / "posts.jsonl").write_text(a_forum())
    choose(reader, helped.address, path)
    expect(reader.get_by_role("heading", level=1)).to_have_text("This looks like: Discourse forum")
    reader.get_by_label("Where it lives").fill("forum.example")
    reader.get_by_role("button", name="Show it so").click()
    expect(reader.locator("#facts .entry", has_text="user2")).to_contain_text("Words 2")
    expect(reader.locator("#facts .entry.brick")).to_contain_text("not valid JSON")

    reader.get_by_role("button", name="Try it out first").click()
    reader.wait_for_url("**/rehearsal")
    reader.goto(f"{helped.address}/sources")  # it can be left
    reader.get_by_role("link", name="posts.jsonl").click()
    until(reader, "If you bring it in now")
    expect(reader.locator(".fact", has_text="New")).to_contain_text("3")
    expect(reader.locator(".refusals")).to_contain_text("not valid JSON")

    reader.get_by_role("button", name="Bring it in").click()
    reader.wait_for_url("**/sources/*-*")
    until(reader, "Most active among them")
    assert not list(folder_of_all(helped.kith).iterdir())
    reader.get_by_role("link", name="see them").click()
    expect(reader.locator("#members [data-row]")).to_have_count(3)
    assert not said


def test_files_are_dropped_on_the_page(page: Page, helped: Served) -> None:
    page.goto(f"{helped.address}/sources")
    page.evaluate(DROP, ["members.csv", TABLE])
    page.wait_for_url("**/sources/uploads/*-*")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Table of members")


def test_what_columns_mean_is_corrected_and_the_preview_follows(reader: Page, helped: Served, tmp_path: Path) -> None:
    (path := tmp_path / "members.csv").write_text(TABLE)
    choose(reader, helped.address, path)
    expect(reader.get_by_label("Họ và tên")).to_have_value("name")
    expect(reader.get_by_label("Ngày vào nhóm")).to_have_value("joined")
    expect(reader.locator("#facts .entry.brick")).to_contain_text("không rõ")
    reader.get_by_label("Ngày vào nhóm").select_option("")
    reader.get_by_role("button", name="Show it so").click()
    expect(reader.locator("#facts .entry.brick")).to_have_count(0)
    expect(reader.locator("#facts .entry")).to_have_count(2)
    expect(reader.get_by_label("Ngày vào nhóm")).to_have_value("")


def test_what_goes_wrong_on_the_way_is_said_where_the_files_were_dropped(page: Page, own: Served) -> None:
    page.goto(f"{own.address}/sources")
    page.context.set_offline(True)
    page.evaluate(DROP, ["members.csv", TABLE])
    expect(page.locator("[data-said]")).to_contain_text("could not be sent")
    page.context.set_offline(False)
    page.evaluate(DROP, ["members.csv", TABLE])
    page.wait_for_url("**/sources/uploads/*-*")


def test_files_are_thrown_away(reader: Page, own: Served, tmp_path: Path) -> None:
    (path := tmp_path / "members.csv").write_text(TABLE)
    choose(reader, own.address, path)
    reader.get_by_role("button", name="Throw away").click()
    expect(reader.get_by_role("status").last).to_contain_text("The files were thrown away.")
    expect(reader.get_by_role("link", name="members.csv")).to_have_count(0)
    assert not list(folder_of_all(own.kith).iterdir())


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_the_steps_are_sound_for_everybody(page: Page, helped: Served, tmp_path: Path, width: int) -> None:
    (forum := tmp_path / "posts.jsonl").write_text(a_forum())
    (table := tmp_path / "members.csv").write_text(TABLE)
    (noise := tmp_path / f"{'a-long-name-' * 12}.bin").write_bytes(b"\0\1\2 nothing of the sort")
    found = []
    for path in (forum, table, noise):
        choose(page, helped.address, path)
        found.append(page.url)
    page.goto(found[0])
    page.get_by_label("Where it lives").fill("forum.example")
    page.get_by_role("button", name="Show it so").click()
    page.get_by_role("button", name="Try it out first").click()
    page.wait_for_url("**/rehearsal")
    until(page, "If you bring it in now")
    page.set_viewport_size({"width": width, "height": 800})
    for theme, language in (("light", "en"), ("dark", "vi")):
        cookies = [("theme", theme), ("language", language)]
        page.context.add_cookies([{"name": name, "value": value, "url": helped.address} for name, value in cookies])
        for address in (f"{helped.address}/sources", *found, f"{found[0]}/rehearsal"):
            page.goto(address)
            assert page.locator("h1").count() == 1
            assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), (
                address
            )
            faults = Axe().run(page).response["violations"]
            assert not [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in faults], address
