"""Every page, walked in chromium: in both languages and themes, wide and narrow, with and without JavaScript, with axe."""

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

WIDE, PHONE, NARROWEST = (1280, 900), (390, 844), (320, 700)


@pytest.fixture
def context(request: Any, browser: Browser, site: str) -> Iterator[BrowserContext]:
    """A reader's browser: (language, theme, width and height, JavaScript)."""
    language, theme, (width, height), script = request.param
    made = browser.new_context(viewport={"width": width, "height": height}, java_script_enabled=script)
    made.add_cookies(
        [{"name": name, "value": value, "url": site} for name, value in (("language", language), ("theme", theme))]
    )
    yield made
    made.close()


def complaints(page: Page) -> list[str]:
    """What a browser complains of on a page: errors, refused scripts and styles, failed requests."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("requestfailed", lambda request: said.append(f"{request.url} failed"))
    return said


READERS = [("en", "light", WIDE, True), ("vi", "dark", PHONE, True), ("en", "dark", NARROWEST, True)]
LOOKED_INTO = (WIDE, PHONE)
"""Widths at which axe looks as well; at the narrowest the pages are those of the phone."""


@pytest.mark.parametrize("context", READERS, ids=lambda reader: "-".join(map(str, reader)), indirect=True)
def test_every_page_is_sound_for_everybody(context: BrowserContext, everywhere: list[str], request: Any) -> None:
    language, _, size, _ = request.node.callspec.params["context"]
    page, axe = context.new_page(), Axe()
    said, faults = complaints(page), {}
    for address in everywhere:
        answer = page.goto(address)
        assert answer is not None and answer.status == 200, f"{address} answered {answer and answer.status}"
        assert page.locator("html").get_attribute("lang") == language
        assert page.locator("h1").count() == 1, f"{address} has {page.locator('h1').count()} headings of the first rank"
        scrolls = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert scrolls <= 0, f"{address} scrolls sideways by {scrolls} px"
        found = axe.run(page).response["violations"] if size in LOOKED_INTO else []
        faults |= {(address, one["id"]): [node["html"][:200] for node in one["nodes"]][:3] for one in found}
    assert not faults
    assert not said


@pytest.mark.parametrize("context", [("en", "light", WIDE, False)], ids=["no-script"], indirect=True)
def test_every_page_can_be_read_without_javascript(context: BrowserContext, everywhere: list[str]) -> None:
    page = context.new_page()
    for address in everywhere:
        answer = page.goto(address)
        assert answer is not None and answer.status == 200, address
        assert page.locator("main h1").count() == 1, address


def test_there_is_something_to_walk(everywhere: list[str]) -> None:
    assert len(everywhere) >= 15
