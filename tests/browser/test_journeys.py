"""What people do on these pages, each behaviour by its name: finding, scrolling, filtering, walking by keys, printing."""

import unicodedata

import pytest
from playwright.sync_api import Page, expect

NAMES = "#members [data-row] td.who"
ENTRIES = "#timeline .entry"


def unaccented(text: str) -> str:
    """The letters as somebody types them who has no Vietnamese keyboard."""
    parts = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


def open_the_liveliest(page: Page, site: str) -> None:
    """The timeline of the member with most acts."""
    page.goto(f"{site}/members")
    page.locator(NAMES).first.get_by_role("link").click()
    page.wait_for_url("**/members/*-*")


def strangers(page: Page, word: str) -> list[str]:
    """Members on the list who were never called that, now or earlier, as their page of accounts says."""
    links = page.locator(f"{NAMES} a").evaluate_all("links => links.map(link => link.href)")
    return [link for link in links if word not in unaccented(page.request.get(f"{link}/accounts").text())]


def anchors(page: Page) -> list[str]:
    """The ids of the entries on the page, in their order."""
    return [str(one) for one in page.locator(ENTRIES).evaluate_all("entries => entries.map(entry => entry.id)")]


def choose(page: Page, name: str) -> None:
    """Press a button of the settings and wait for the page that follows."""
    button = page.get_by_role("button", name=name)
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    page.wait_for_load_state("load")


def ground(page: Page) -> str:
    """The colour behind the page, as the browser computed it."""
    return str(page.evaluate("getComputedStyle(document.documentElement).backgroundColor"))


def test_nguyen_finds_the_accented_name_while_it_is_typed(page: Page, site: str) -> None:
    page.goto(f"{site}/members")
    page.get_by_role("main").get_by_role("searchbox").press_sequentially("nguyen")
    page.wait_for_url("**/members?q=nguyen")
    expect(page.get_by_role("status").first).to_contain_text("named “nguyen”")
    assert any("Nguyễn" in name for name in page.locator(NAMES).all_inner_texts())
    assert not strangers(page, "nguyen")


def test_nguyen_finds_the_accented_name_by_a_plain_form_too(plain: Page, site: str) -> None:
    plain.goto(site)
    plain.get_by_role("searchbox", name="Find anyone").fill("nguyen")
    plain.keyboard.press("Enter")
    plain.wait_for_url("**/members?q=nguyen")
    assert any("Nguyễn" in name for name in plain.locator(NAMES).all_inner_texts())
    assert not strangers(plain, "nguyen")


def test_a_timeline_scrolls_without_end(page: Page, site: str) -> None:
    open_the_liveliest(page, site)
    first = anchors(page)
    for _ in range(2):
        before = len(anchors(page))
        page.locator(".older").scroll_into_view_if_needed()
        expect(page.locator(ENTRIES).nth(before)).to_be_attached()
    seen = anchors(page)
    assert seen[: len(first)] == first
    assert len(set(seen)) == len(seen) >= 3 * len(first)


def test_the_older_link_leads_on_without_javascript(plain: Page, site: str) -> None:
    open_the_liveliest(plain, site)
    first = anchors(plain)
    plain.locator(".older a").click()
    assert "before=" in plain.url
    assert anchors(plain) and not set(anchors(plain)) & set(first)
    plain.go_back()
    assert anchors(plain) == first


def test_filters_live_in_the_address_and_back_gives_the_same_list(page: Page, site: str) -> None:
    page.goto(f"{site}/members")
    everybody = page.locator(NAMES).all_inner_texts()
    page.get_by_role("link", name="GitHub", exact=True).click()
    page.wait_for_url("**source=github**")
    page.get_by_role("link", name="Bots", exact=True).click()
    page.wait_for_url("**kind=bot**")
    bots, address = page.locator(NAMES).all_inner_texts(), page.url
    assert bots and all("bot" in name for name in bots)
    page.reload()
    assert page.locator(NAMES).all_inner_texts() == bots
    page.locator(NAMES).first.get_by_role("link").click()
    page.wait_for_url("**/members/*-*")
    page.go_back()
    assert page.url == address
    assert page.locator(NAMES).all_inner_texts() == bots
    page.go_back()
    page.go_back()
    assert page.locator(NAMES).all_inner_texts() == everybody


def test_a_filter_is_taken_away_by_its_chip(page: Page, site: str) -> None:
    page.goto(f"{site}/members?source=github&kind=bot")
    page.locator(".chip[aria-current]", has_text="Bots").click()
    page.wait_for_url("**/members?source=github")
    assert page.locator(".chip[aria-current] use[href$='#x']").count() == 1
    expect(page.locator(".found")).not_to_contain_text("bots only")


def test_where_nothing_fits_the_page_names_the_filter_to_drop(page: Page, site: str) -> None:
    page.goto(f"{site}/members?q=nobody-is-called-this&kind=person")
    page.get_by_role("link", name="Take away: named “nobody-is-called-this”").click()
    page.wait_for_url("**/members?kind=person")
    assert page.locator(NAMES).count()


def test_the_search_box_and_the_rows_agree_after_back(page: Page, site: str) -> None:
    page.goto(f"{site}/members")
    box = page.get_by_role("main").get_by_role("searchbox")
    box.press_sequentially("hoang")
    page.wait_for_url("**/members?q=hoang")
    expect(page.locator(".found")).to_contain_text("named “hoang”")
    page.locator(NAMES).first.get_by_role("link").click()
    page.wait_for_url("**/members/*-*")
    page.go_back()
    expect(box).to_have_value("hoang")
    assert page.locator(NAMES).count()
    assert not strangers(page, "hoang")


def test_the_link_of_an_entry_opens_it_and_its_thread_shows_where_it_stands(page: Page, site: str) -> None:
    open_the_liveliest(page, site)
    entry = page.locator(ENTRIES, has=page.locator(".words")).first
    words, anchor = entry.locator(".words").inner_text(), entry.get_attribute("id")
    entry.get_by_title("Link to this entry").click()
    page.wait_for_url("**/interactions/*")
    expect(page.locator(".whole")).to_contain_text(words)
    page.get_by_role("link", name="In its thread").click()
    page.wait_for_url(f"**/threads/*#{anchor}")
    target = page.locator(":target")
    expect(target).to_be_in_viewport()
    shade = "entry => getComputedStyle(entry, '::after').backgroundColor"
    others = page.locator(f".entry:not(#{anchor})")
    assert target.evaluate(shade) not in {one.evaluate(shade) for one in others.all()}


def test_light_and_dark_are_chosen_on_the_server_so_nothing_flashes(page: Page, plain: Page, site: str) -> None:
    for reader in (page, plain):
        reader.goto(f"{site}/members")
        choose(reader, "Light")
        light = ground(page) if reader is page else ""
        choose(reader, "Dark")
        assert reader.url == f"{site}/members"
        assert '<html lang="en" data-theme="dark">' in reader.request.get(reader.url).text()
    assert ground(page) != light


def test_as_the_system_follows_the_system(page: Page, site: str) -> None:
    page.goto(site)
    choose(page, "As the system")
    page.emulate_media(color_scheme="light")
    light = ground(page)
    page.emulate_media(color_scheme="dark")
    assert ground(page) != light


def test_switching_the_language_keeps_the_page(page: Page, site: str) -> None:
    page.goto(f"{site}/members?q=nguyen&sort=recent")
    found = page.locator(f"{NAMES} .name").all_inner_texts()
    choose(page, "Tiếng Việt")
    expect(page.locator("html")).to_have_attribute("lang", "vi")
    expect(page.get_by_role("heading", level=1)).to_have_text("Thành viên")
    assert page.url == f"{site}/members?q=nguyen&sort=recent"
    assert page.locator(f"{NAMES} .name").all_inner_texts() == found


def test_rows_are_walked_with_j_and_k_and_opened_with_enter(page: Page, site: str) -> None:
    page.goto(f"{site}/members")
    rows = page.locator("#members [data-row]")
    for key, row in (("j", 0), ("j", 1), ("j", 2), ("k", 1)):
        page.keyboard.press(key)
        expect(rows.nth(row).locator("a").first).to_be_focused()
    name = rows.nth(1).locator(".name").inner_text()
    page.keyboard.press("Enter")
    page.wait_for_url("**/members/*-*")
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def test_slash_finds_and_in_a_field_keys_are_only_letters(page: Page, site: str) -> None:
    page.goto(site)
    page.keyboard.press("/")
    box = page.locator(".side [data-find]")
    expect(box).to_be_focused()
    page.keyboard.type("gm/j?")
    expect(box).to_have_value("gm/j?")
    expect(box).to_be_focused()
    assert page.url == f"{site}/"
    assert not page.locator("dialog").is_visible()


def test_g_and_a_letter_go_to_a_place(page: Page, site: str) -> None:
    page.goto(site)
    page.keyboard.type("gm")
    page.wait_for_url("**/members")


def test_a_question_mark_shows_the_keys_and_there_they_can_be_switched_off(page: Page, site: str) -> None:
    page.goto(f"{site}/members")
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keys")
    expect(keys).to_contain_text("next and previous row")
    keys.get_by_label("Single keys are on").uncheck()
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()
    page.keyboard.type("jgm/")
    expect(page.locator("[data-row]:focus-within, [data-find]:focus")).to_have_count(0)
    page.keyboard.press("?")
    expect(keys).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_prints_without_menu_and_buttons_on_white(
    page: Page, site: str, everywhere: list[str], theme: str
) -> None:
    page.context.add_cookies([{"name": "theme", "value": theme, "url": site}])
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 700, "height": 1000})
    for address in everywhere:
        page.goto(address)
        assert ground(page) == "rgb(255, 255, 255)", address
        for chrome in (".side", ".bar", "form", ".banner", ".older"):
            assert not any(one.is_visible() for one in page.locator(chrome).all()), f"{chrome} of {address}"
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), address
