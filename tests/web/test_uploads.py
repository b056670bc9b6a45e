"""Files on the Sources page: sent, looked at, corrected, tried, brought in, thrown away; each step a page of its own."""

import json
import re
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine

from crm.errors import Refusal
from crm.uploading import carry_out
from crm.uploads import find_upload, folder_of_all
from tests.web.conftest import Site
from tests.web.forms import said, send, token

SCRIPT = "<script>alert(1)</script>"
TABLE = """Họ và tên;E-mail;Ngày vào nhóm;Ghi chú
Nguyễn Thị Lan;lan@example.org;2024-03-01;thích nói chuyện
Minh Trần;minh@example.org;không rõ;
Anna Kim;anna@example.org;2024-05-20;speaker
"""


def a_post(number: int, **fields: object) -> str:
    told = {"id": number, "topic_id": 5, "post_number": number, "user_id": number, "username": f"user{number}"}
    told |= {
        "raw": f"Words {number}",
        "cooked": "<p>…</p>",
        "created_at": f"2024-01-{number:02}T08:00:00Z",
        "version": 1,
    }
    return json.dumps(told | {"topic_title": "Blue glaze", "topic_slug": "blue-glaze", "category_id": 3} | fields)


def a_forum(*more: str) -> str:
    answer = {"reply_to_post_number": 1, "reply_to_user": {"username": "user1"}}
    return "\n".join([a_post(1), a_post(2, **answer), *more])


def upload(site: Site, *files: tuple[str, str], **form: str) -> Any:
    """The answer when somebody sends these files with the form on the Sources page."""
    parts = [("files", (name, content.encode())) for name, content in files]
    fields = {"_csrf_token": token(site)} | form
    return site.client.post("/sources/uploads", data=fields, files=parts, follow_redirects=False)


def looked_at(site: Site, *files: tuple[str, str], host: str = "forum.example") -> str:
    """The address of these files, sent and, where they are of a forum, told where it lives."""
    address = str(upload(site, *files).headers["location"])
    found = site.json(address)["upload"]
    if found["source"] == "discourse":
        send(site, address, source="discourse", host=host)
    return address


def id_of(address: str) -> UUID:
    found = re.search(r"[0-9a-f-]{36}", address)
    assert found
    return UUID(found[0])


def work(site: Site, address: str) -> None:
    """What the server's helper does in a process of its own."""
    carry_out(site.kith, id_of(address))
    site.engine.catch_up()


def test_sent_files_are_looked_at_on_a_page_of_their_own(site: Site) -> None:
    answer = upload(site, ("posts.json", a_forum()))
    assert answer.status_code == 303
    page = site.page(answer.headers["location"])
    assert "This looks like: Discourse forum" in page
    assert 'value="discourse" selected' in page
    assert site.json("/sources")["uploads"][0]["files"] == ["posts.json"]
    assert "posts.json" in site.page("/sources")


def test_a_program_that_asks_for_json_is_told_the_address_or_what_is_wrong(site: Site) -> None:
    site.client.headers["Accept"] = "application/json"
    answer = site.client.post(
        "/sources/uploads",
        data={"_csrf_token": token_of(site)},
        files=[("files", ("posts.json", a_forum().encode()))],
    )
    assert re.fullmatch(r"/sources/uploads/[0-9a-f-]{36}", answer.json()["href"])
    wrong = site.client.post("/sources/uploads", data={"_csrf_token": token_of(site)}, files=[("files", ("", b""))])
    assert wrong.status_code == 422
    assert wrong.json()["sentence"].startswith("No file was chosen")


def token_of(site: Site) -> str:
    found = re.search(r'name="_csrf_token" value="([^"]+)"', site.page("/system", Accept="text/html"))
    assert found
    return found[1]


def test_files_come_in_whatever_their_length(site: Site) -> None:
    long = a_forum("x" * 12_000_000)
    assert len(long) > 10_000_000  # what other forms may be at most
    address = upload(site, ("posts.json", long)).headers["location"]
    assert site.json(address)["upload"]["size"] == len(long.encode())


def test_without_the_token_of_our_own_page_nothing_is_kept(site: Site) -> None:
    for wrong in ({"_csrf_token": ""}, {"_csrf_token": "a" * 128}, {"_csrf_token": token(site)[:-1] + "x"}):
        assert upload(site, ("posts.json", a_forum()), **wrong).status_code == 403
    files = [("files", ("posts.json", a_forum().encode()))]
    assert site.client.post("/sources/uploads", files=files).status_code == 403
    site.client.cookies.set("csrftoken", "b" * 128)
    assert upload(site, ("posts.json", a_forum()), _csrf_token="b" * 128).status_code == 403
    site.client.cookies.delete("csrftoken")
    assert upload(site, ("posts.json", a_forum()), _csrf_token="").status_code == 403
    assert not site.json("/sources")["uploads"]
    assert not folder_of_all(site.kith).exists()


def test_a_token_after_the_files_comes_too_late(site: Site) -> None:
    body = (
        '--x\r\nContent-Disposition: form-data; name="files"; filename="a.json"\r\n\r\n{}\r\n'
        f'--x\r\nContent-Disposition: form-data; name="_csrf_token"\r\n\r\n{token(site)}\r\n--x--\r\n'
    )
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    assert site.client.post("/sources/uploads", content=body, headers=headers).status_code == 403


def test_a_form_that_breaks_off_or_is_none_is_answered_with_a_sentence_and_leaves_nothing(site: Site) -> None:
    begin = f'--x\r\nContent-Disposition: form-data; name="_csrf_token"\r\n\r\n{token(site)}\r\n'
    part = '--x\r\nContent-Disposition: form-data; name="files"; filename="a.json"\r\n\r\n{"id": 1'
    for kind, body in (
        ("multipart/form-data; boundary=x", begin + part),
        ("multipart/form-data; boundary=x", "nothing of the sort"),
        ("multipart/form-data", begin + part),
        ("application/json", "{}"),
        ("application/x-www-form-urlencoded", "files=1"),
    ):
        answer = site.client.post("/sources/uploads", content=body, headers={"Content-Type": kind})
        assert answer.status_code == 400, (kind, body)
        assert "does not fit" in answer.text
    assert not folder_of_all(site.kith).exists() or not list(folder_of_all(site.kith).iterdir())


def test_the_preview_shows_people_and_what_they_did_and_refused_rows_with_their_reason(site: Site) -> None:
    address = looked_at(site, ("posts.json", a_forum("{broken", a_post(3, created_at="0000-01-01"))))
    facts = site.json(address)["preview"]["facts"]
    assert [fact["who"][1] for fact in facts if fact["who"]] == ["user1", "user2"]
    assert [(fact["file"], fact["line"]) for fact in facts if fact["reason"]] == [("posts.json", 3), ("posts.json", 4)]
    page = site.page(address)
    assert "<b>user1</b> posted: Blue glaze" in page
    assert "<b>user2</b> replied to user1" in page
    assert "Words 2" in page
    assert "Refused" in page and "line 3" in page
    assert "4 rows were looked at, 2 of them can’t be read" in page
    assert str(site.kith.settings.home) not in page


def test_a_preview_has_the_avatars_that_the_members_then_have(site: Site) -> None:
    address = looked_at(site, ("posts.json", a_forum()))
    shown = {fact["who"][0] for fact in site.json(address)["preview"]["facts"]}
    send(site, f"{address}/import")
    work(site, address)
    assert {member["member"] for member in site.json("/members")["members"]} == shown


def test_however_much_there_is_a_preview_reads_only_so_much(site: Site) -> None:
    rows = [a_post(1, id=number, post_number=number) for number in range(1, 30_000)]
    address = looked_at(site, ("posts.json", "\n".join(rows)))
    told = site.json(address)["preview"]
    assert told["looked"] == 200
    assert len(told["facts"]) == 20


def test_refused_rows_neither_hide_the_facts_nor_are_hidden_by_them(site: Site) -> None:
    rows = [a_post(1, id=number, post_number=number) for number in range(1, 101)] + ["{broken"] * 30
    facts = site.json(looked_at(site, ("posts.json", "\n".join(rows))))["preview"]["facts"]
    assert sum(bool(fact["reason"]) for fact in facts) == 5
    assert sum(not fact["reason"] for fact in facts) == 20


def test_what_stands_in_files_and_names_is_shown_as_text(site: Site) -> None:
    post = a_post(1, username=SCRIPT, raw=SCRIPT, topic_title=SCRIPT)
    address = looked_at(site, (f"{SCRIPT}.json", post))
    table = looked_at(site, ("t.csv", f"Name;{SCRIPT}\n{SCRIPT};{SCRIPT}\n"))
    for path in (address, table, "/sources"):
        page = site.page(path)
        assert SCRIPT not in page
        assert "&lt;script&gt;" in page


def test_files_that_nobody_recognises_say_so_and_can_be_told_what_they_are(site: Site) -> None:
    address = looked_at(site, ("noise.bin", "nothing of the sort\0\1\2"))
    page = site.page(address)
    assert "Kith does not recognise these files" in page
    assert "Bring it in" not in page
    assert send(site, f"{address}/import").status_code == 422
    assert send(site, address, source="discourse").status_code == 303
    assert "Bring it in" in site.page(address)
    assert send(site, address, source="no-such-source").status_code == 422


def test_what_cannot_be_opened_at_all_is_a_sentence_on_the_page(site: Site) -> None:
    address = looked_at(site, ("posts.json", a_forum()))
    send(site, address, source="git", host="not an address")
    assert "“not an address” is not the address of a repository" in site.page(address)


def test_the_host_is_asked_for_where_it_helps(site: Site) -> None:
    address = str(upload(site, ("posts.json", a_forum())).headers["location"])
    assert 'name="host"' in site.page(address)
    assert all(fact["reason"] for fact in site.json(address)["preview"]["facts"])
    send(site, address, source="discourse", host=" forum.example ")
    assert site.json(address)["upload"]["host"] == "forum.example"
    assert not any(fact["reason"] for fact in site.json(address)["preview"]["facts"])


def columns(site: Site, address: str) -> dict[str, str]:
    return {column["heading"]: column["meaning"] for column in site.json(address)["columns"]}


def test_columns_are_proposed_corrected_and_remembered_by_their_headings(site: Site) -> None:
    address = looked_at(site, ("members.csv", TABLE))
    proposed = {"Họ và tên": "name", "E-mail": "email", "Ngày vào nhóm": "joined", "Ghi chú": ""}
    assert columns(site, address) == proposed
    first = site.json(address)["columns"][0]
    assert first["samples"] == ["Nguyễn Thị Lan", "Minh Trần", "Anna Kim"]
    assert sum(bool(fact["reason"]) for fact in site.json(address)["preview"]["facts"]) == 1

    token_and_meanings = {"_csrf_token": token(site), "source": "csv", "meaning": ["name", "email", "", ""]}
    site.client.post(address, data=token_and_meanings, follow_redirects=False)
    corrected = proposed | {"Ngày vào nhóm": ""}
    assert columns(site, address) == corrected
    assert not any(fact["reason"] for fact in site.json(address)["preview"]["facts"])

    send(site, f"{address}/import")
    work(site, address)
    assert columns(site, looked_at(site, ("april.csv", TABLE))) == corrected


def test_a_meaning_given_twice_is_told_on_the_page(site: Site) -> None:
    address = looked_at(site, ("members.csv", TABLE))
    form = {"_csrf_token": token(site), "source": "csv", "meaning": ["name", "name", "", ""]}
    assert site.client.post(address, data=form, follow_redirects=False).status_code == 303
    assert "cannot both be" in site.page(address)


def test_a_dry_run_is_watched_and_tells_what_would_come_in(site: Site) -> None:
    address = looked_at(site, ("posts.json", a_forum("{broken")))
    begun = send(site, f"{address}/rehearsal")
    assert begun.headers["location"] == f"{address}/rehearsal"
    part = site.part(f"{address}/rehearsal")
    assert 'hx-trigger="every 2s"' in part and "<noscript>" in part and "<html" not in part
    assert "dry run" in site.page("/sources")
    work(site, address)
    told = site.json(f"{address}/rehearsal")["told"]
    assert {name: told[name] for name in ("read", "new", "known", "refused")} == {
        "read": 3, "new": 2, "known": 0, "refused": 1,
    }  # fmt: skip
    part = site.part(f"{address}/rehearsal")
    assert "every 2s" not in part and "If you bring it in now" in part and "not valid JSON" in part
    assert site.json("/members")["members"] == []


def test_a_dry_run_of_what_is_known_says_so(site: Site) -> None:
    for _ in range(2):
        address = looked_at(site, ("posts.json", a_forum()))
        send(site, f"{address}/rehearsal")
        work(site, address)
        part = site.part(f"{address}/rehearsal")
        send(site, f"{address}/import")
        work(site, address)
    assert "nothing in it that Kith does not know already" in part


def test_a_correction_makes_a_dry_run_void(site: Site) -> None:
    address = looked_at(site, ("posts.json", a_forum()))
    send(site, f"{address}/rehearsal")
    work(site, address)
    send(site, address, source="discourse", host="other.example")
    assert site.json(address)["upload"]["state"] == "new"
    assert site.client.get(f"{address}/rehearsal", follow_redirects=False).headers["location"] == address


def test_an_import_is_asked_for_once_and_leads_to_its_progress_and_then_to_what_it_brought(site: Site) -> None:
    address = looked_at(site, ("posts.json", a_forum("{broken")))
    begun = send(site, f"{address}/import").headers["location"]
    assert send(site, f"{address}/import").headers["location"] == begun
    for path in (address, f"{address}/rehearsal"):
        assert site.client.get(path, follow_redirects=False).headers["location"] == begun
    assert site.json(begun)["brought"]["state"] == "running"
    assert "coming in" in site.page("/sources")

    work(site, address)
    told = site.json(begun)
    assert told["brought"]["state"] == "done" and told["brought"]["refused"] == 1
    assert told["result"]["came"]["acts"] == 2 and told["result"]["came"]["members"] == 2
    assert told["result"]["came"]["first_at"].startswith("2024-01-01")
    assert told["result"]["came"]["last_at"].startswith("2024-01-02")
    assert [place["acts"] for place in told["result"]["places"]] == [2]
    page = site.page(begun)
    batch = id_of(begun)
    assert f'href="/members?batch={batch}"' in page
    assert 'href="/timeline?source=discourse&amp;since=2024-01-01&amp;until=2024-01-02"' in page
    assert {one["name"] for one in site.json(f"/members?batch={batch}")["members"]} == {"user1", "user2"}
    assert all(f"/members/{one['member']}" in page for one in told["result"]["members"])


def test_members_of_one_import_are_a_filter_that_can_be_taken_away(site: Site) -> None:
    for posts in (a_forum(), a_post(9)):
        address = looked_at(site, ("posts.json", posts))
        begun = send(site, f"{address}/import").headers["location"]
        work(site, address)
    path = f"/members?batch={id_of(begun)}"
    assert [one["name"] for one in site.json(path)["members"]] == ["user9"]
    assert "in one import" in site.page(path)
    assert 'href="/members"' in site.page(path)
    assert "in one import" in site.page(f"/members?batch={uuid4()}")
    site.page("/members?batch=nonsense", status=400)


def test_while_it_waits_for_its_turn_an_import_is_not_called_interrupted(site: Site) -> None:
    address = looked_at(site, ("posts.json", a_forum()))
    begun = send(site, f"{address}/import").headers["location"]
    with time_machine.travel("2099-01-01T00:00:00Z"):
        assert site.json(begun)["brought"]["state"] == "running"


def test_a_failed_import_shows_its_trouble_and_goes_on_with_a_button(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = looked_at(site, ("posts.json", a_forum()))
    begun = send(site, f"{address}/import").headers["location"]
    with monkeypatch.context() as patched:
        patched.setattr("crm.reading.files_at", lambda path: no_files())
        work(site, address)
    page = site.page(begun)
    assert "The files cannot be opened" in page
    assert f'action="{address}/import"' in page and "Go on" in page
    assert "broke off" in site.page("/sources")
    assert send(site, f"{address}/import").headers["location"] == begun
    work(site, address)
    assert site.json(begun)["brought"]["recorded"] == 2


def no_files() -> list[str]:
    raise Refusal("The files cannot be opened.")


def test_files_are_thrown_away_with_a_button_but_not_while_they_come_in(site: Site) -> None:
    address = looked_at(site, ("posts.json", a_forum()))
    assert send(site, f"{address}/removal").headers["location"] == "/sources"
    assert said(site) == "The files were thrown away."
    assert not list(folder_of_all(site.kith).iterdir())
    other = looked_at(site, ("posts.json", a_forum()))
    send(site, f"{other}/import")
    refused = send(site, f"{other}/removal")
    assert refused.status_code == 422 and "being brought in" in refused.text
    assert send(site, other, source="git").status_code == 422


def test_files_that_are_gone_lead_back_to_where_new_ones_are_sent(site: Site) -> None:
    gone = f"/sources/uploads/{uuid4()}"
    assert find_upload(site.kith, uuid4()) is None
    assert site.client.get(gone, follow_redirects=False).headers["location"] == "/sources"
    assert "no longer here" in said(site)
    for path in (gone, f"{gone}/import", f"{gone}/rehearsal"):
        assert send(site, path).status_code == 422
    assert send(site, f"{gone}/removal").status_code == 303
    site.page("/sources/uploads/nonsense", status=404)


def test_the_form_is_a_plain_one_that_works_without_javascript(site: Site) -> None:
    page = site.page("/sources")
    form = re.search(r'<form class="drop".*?</form>', page, re.DOTALL)
    assert form
    assert 'method="post" action="/sources/uploads" enctype="multipart/form-data"' in form[0]
    assert form[0].index("_csrf_token") < form[0].index('type="file"')
    assert "multiple required" in form[0]
