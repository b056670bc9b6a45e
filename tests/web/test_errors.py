"""Whatever goes wrong: a sentence, the right status, in the reader's language, as a page or as JSON."""

from typing import Any

import psycopg
import pytest

from tests.web.conftest import Site
from tests.web.forms import token
from web.errors import SENTENCES
from web.i18n import translations
from web.pages import today


def test_an_address_that_leads_nowhere(site: Site) -> None:
    page = site.page("/nowhere", status=404)
    assert SENTENCES[404] in page
    assert 'href="/"' in page


def test_the_sentence_is_in_the_readers_language(site: Site) -> None:
    for language in ("en", "vi"):
        page = site.page("/nowhere", status=404, **{"Accept-Language": language})
        assert f'<html lang="{language}"' in page
        assert translations(language).gettext(SENTENCES[404]) in page


def test_who_asks_for_json_is_answered_in_json(site: Site) -> None:
    known = {"status": 404, "sentence": SENTENCES[404]}
    assert site.client.get("/nowhere", headers={"Accept": "application/json"}).json() == known
    assert site.client.get("/nowhere?as=json").json() == known


def test_a_number_that_is_none_is_an_error_of_the_address_not_of_ours(site: Site) -> None:
    for address in ("/sources?skip=many", f"/sources?skip={'9' * 30}", "/system/log?before=x", "/system/log/go"):
        assert SENTENCES[400] in site.page(address, status=400)


def test_a_form_without_its_token_has_expired(site: Site) -> None:
    answer = site.client.post("/sample")
    assert answer.status_code == 403
    assert SENTENCES[403] in answer.text


def test_a_malformed_form_is_refused(site: Site) -> None:
    bodies = [
        ("application/x-www-form-urlencoded", b"\xff\xfe%zz=="),
        ("application/json", b"{bad"),
        ("multipart/form-data", b"--nothing"),
        ("application/x-www-form-urlencoded", b""),
    ]
    for kind, body in bodies:
        headers = {"x-csrftoken": token(site), "Content-Type": kind}
        answer = site.client.post("/settings/theme", content=body, headers=headers)
        assert answer.status_code == 400, kind
        assert SENTENCES[400] in answer.text


def test_a_way_of_asking_that_an_address_does_not_take(site: Site) -> None:
    answer = site.client.put("/sources", headers={"x-csrftoken": token(site)})
    assert answer.status_code == 405
    assert SENTENCES[405] in answer.text


def test_what_breaks_on_our_side_is_written_down_and_not_shown(
    site: Site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError("a secret of the machine")

    monkeypatch.setattr(today, "_view", broken)
    page = site.page("/", status=500)
    assert SENTENCES[500] in page
    assert "secret" not in page
    assert "a secret of the machine" in caplog.text


def test_a_database_that_is_gone_still_gets_a_sentence(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone() -> None:
        raise psycopg.OperationalError("the server closed the connection")

    monkeypatch.setattr(site.kith, "connection", gone)
    for path in ("/", "/sources", "/system", "/system/log"):
        assert SENTENCES[500] in site.page(path, status=500)


def test_errors_are_protected_like_every_page(site: Site) -> None:
    answer = site.client.get("/nowhere")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"
