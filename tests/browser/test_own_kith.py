"""Journeys through a Kith that starts empty: the sample comes and goes with a button; what people wrote stays text."""

from playwright.sync_api import Page, expect

from crm.activity import Place, Who
from tests.browser.conftest import Served
from tests.factories import an_act, bring
from tests.waiting import eventually

SCRIPT = "<script>alert(1)</script>"
PICTURE = "<img src=x onerror=alert(2)>"
BOLD = "<b>An & Bình</b>"
PEOPLE = "#members [data-row]"


def people(page: Page, own: Served) -> int:
    """How many members the first page of them shows now."""
    page.goto(f"{own.address}/members")
    return page.locator(PEOPLE).count()


def add_the_sample(page: Page, own: Served) -> None:
    """Press the button of an empty Kith and stay until the import says that it is done."""
    page.goto(own.address)
    page.get_by_role("button", name="Add the sample community").click()
    page.wait_for_url("**/sources/*-*")
    expect(page.locator("main .badge", has_text="done")).to_be_visible(timeout=60_000)
    eventually(lambda: people(page, own), 60)


def test_the_sample_comes_goes_and_comes_again_with_a_button(page: Page, own: Served) -> None:
    page.goto(own.address)
    expect(page.get_by_role("heading", name="Your community is not here yet")).to_be_visible()
    assert not people(page, own)
    add_the_sample(page, own)
    page.goto(own.address)
    expect(page.locator(".banner")).to_contain_text("This is a sample community")
    page.get_by_role("button", name="Remove the sample").click()
    expect(page.get_by_role("status").last).to_contain_text("The sample community is gone.")
    expect(page.locator(".banner")).to_have_count(0)
    expect(page.get_by_role("heading", name="Your community is not here yet")).to_be_visible()
    assert not people(page, own)
    expect(page.get_by_role("heading", name="Nobody is here yet")).to_be_visible()
    add_the_sample(page, own)


def test_what_people_wrote_is_shown_as_text(page: Page, own: Served) -> None:
    somebody = Who(uid="1", login=PICTURE, name=BOLD)
    place = Place("1", PICTURE)
    bring(
        own.kith,
        [
            an_act("asked", key="1", who=somebody, place=place, thread="1", title=SCRIPT, text=PICTURE),
            an_act("replied", key="2", who=somebody, place=place, thread="1", text=SCRIPT),
        ],
    )
    eventually(lambda: people(page, own))
    said: list[str] = []
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    expect(page.locator(f"{PEOPLE} .name")).to_have_text([BOLD])
    page.locator(f"{PEOPLE} a").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(BOLD)
    expect(page.locator(".sentence").last).to_contain_text(SCRIPT)
    expect(page.locator(".words")).to_have_text([SCRIPT, PICTURE])
    page.get_by_role("link", name=SCRIPT).first.click()
    page.wait_for_url("**/threads/*")
    expect(page.get_by_role("heading", level=1)).to_have_text(SCRIPT)
    for path in ("/", "/members", "/relationships", "/system/log"):
        page.goto(own.address + path)
        assert page.locator("main script, main img, main b:text-is('An & Bình')").count() == 0
    assert not said
