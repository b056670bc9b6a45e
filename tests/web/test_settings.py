"""Language and theme are remembered, and the reader stays on the page, which is always one of ours."""

from tests.web.conftest import Site
from tests.web.forms import send, token


def test_the_language_chosen_is_spoken_from_then_on(site: Site) -> None:
    assert '<html lang="en"' in site.page("/")
    assert send(site, "/settings/language", language="vi", next="/sources").headers["location"] == "/sources"
    assert '<html lang="vi"' in site.page("/")


def test_the_theme_chosen_is_written_by_the_server_so_that_nothing_flashes(site: Site) -> None:
    assert send(site, "/settings/theme", theme="dark").status_code == 303
    page = site.page("/")
    assert 'data-theme="dark"' in page
    assert '<meta name="color-scheme" content="dark">' in page


def test_the_filter_of_the_page_is_kept(site: Site) -> None:
    answer = send(site, "/settings/theme", theme="light", next="/system/log?topic=import.started&by=ann")
    assert answer.headers["location"] == "/system/log?topic=import.started&by=ann"


def test_nobody_is_led_to_another_site(site: Site) -> None:
    for elsewhere in (
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil",
        "javascript:alert(1)",
        "",
        "x",
    ):
        assert send(site, "/settings/theme", theme="dark", next=elsewhere).headers["location"] == "/", elsewhere


def test_what_browsers_would_leave_out_of_an_address_stays_in_it(site: Site) -> None:
    for hidden in ("/\t/evil.example", "/\n/evil.example", "/a\r\nSet-Cookie: theme=pink"):
        answer = send(site, "/settings/theme", theme="dark", next=hidden)
        assert answer.headers["location"].startswith("/")
        assert not set(answer.headers["location"]) & set("\t\r\n")
        assert "pink" not in answer.headers.get("set-cookie", "")


def test_a_theme_that_is_none_is_refused_with_a_sentence(site: Site) -> None:
    for form in ({"theme": "pink"}, {}, {"language": "en"}):
        answer = send(site, "/settings/theme", **form)
        assert answer.status_code == 400
        assert "does not fit" in answer.text


def test_the_choice_can_be_made_on_an_error_page_too(site: Site) -> None:
    before = token(site)
    assert before in site.page("/nowhere", status=404)


def test_without_the_token_of_the_form_nothing_is_remembered(site: Site) -> None:
    site.page("/")
    answer = site.client.post("/settings/theme", data={"theme": "dark"})
    assert answer.status_code == 403
    assert 'data-theme="system"' in site.page("/")
