"""A Discourse forum, told right: invented people whose acts are known."""

import json
from pathlib import Path
from typing import Any

import pytest

from crm.activity import Activity, Refused
from crm.discourse.questions import asks
from crm.discourse.words import read_cooked
from crm.reading import Inputs
from crm.sources import discourse

HERE = Path(__file__).parent / "discourse"


def told(*paths: Path, host: str = "") -> tuple[list[Activity], list[Refused]]:
    acts: list[Activity] = []
    refused: list[Refused] = []
    for item in discourse.read(Inputs([str(path) for path in paths], host)):
        if isinstance(item, Activity):
            acts.append(item)
        else:
            refused.append(item)
    return acts, refused


def of_topic() -> dict[str, Activity]:
    acts, refused = told(HERE / "topic.json")
    assert not refused
    return {act.key: act for act in acts}


def touched(act: Activity) -> set[tuple[str, str]]:
    return {(whom.role, whom.who.uid) for whom in act.whom}


def written(folder: Path, name: str, *documents: object) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text("".join(json.dumps(document) + "\n" for document in documents))
    return path


def post(number: int, **fields: object) -> dict[str, Any]:
    at = f"2024-01-01T00:00:{number:02}Z"
    base = {"id": number, "topic_id": 5, "post_number": number, "user_id": number, "username": f"u{number}"}
    return base | {"cooked": "<p>x</p>", "created_at": at} | fields


def portrait(host: str) -> str:
    return f"/user_avatar/{host}/someone/{{size}}/1_2.png"


def test_the_opener_of_a_solved_topic_is_a_question() -> None:
    opener = of_topic()["post:701"]
    assert (opener.kind, opener.own_kind, opener.thread, opener.title) == (
        "asked",
        "topic",
        "topic:70",
        "Kiln stays cold",
    )
    assert (opener.host, opener.link) == (
        "forum.lantern.example",
        "https://forum.lantern.example/t/kiln-stays-cold/70/1",
    )
    assert opener.who is not None
    assert (opener.who.uid, opener.who.login, opener.who.name) == ("11", "Mai", "Mai Lê")
    assert opener.who.avatar == "https://forum.lantern.example/user_avatar/forum.lantern.example/mai/120/7_2.png"
    assert (opener.reactions, opener.revision) == ({"like": 3}, 4)
    assert opener.edited_at is not None and opener.edited_at.isoformat() == "2024-03-02T10:30:00+00:00"
    assert opener.place is not None and (opener.place.key, opener.place.name) == ("6", "Category 6")


def test_paragraphs_lines_code_and_emoji_survive_as_plain_text() -> None:
    expected = "My kiln stays cold.\nThe log says:\n\nif x < 3:\n    heat()\n\nAny idea? :fire:"
    assert of_topic()["post:701"].text == expected


def test_a_plain_reply_answers_the_topic_and_names_only_whom_the_writer_named() -> None:
    reply = of_topic()["post:702"]
    assert (reply.kind, reply.own_kind, reply.parent, reply.title) == ("replied", "post", "post:701", "")
    assert touched(reply) == {("replied", "11"), ("quoted", "11"), ("mentioned", "13")}
    assert reply.text == "Please check the fuse. @Otto had this too, and so did @nobody_here."


def test_an_accepted_answer_is_an_answer_and_helps_who_asked() -> None:
    acts = of_topic()
    answer, solved = acts["post:704"], acts["solved:704"]
    assert (answer.kind, answer.own_kind, answer.parent) == ("answered", "post.answer", "post:702")
    assert touched(answer) == {("replied", "12"), ("quoted", "12")}
    assert answer.text == "The fuse it was. Replace it with a 16\xa0A one."
    assert (solved.kind, solved.precision, solved.at, solved.who) == (
        "solved",
        "since",
        answer.at,
        answer.who,
    )
    assert touched(solved) == {("helped", "11")}


def test_what_the_team_and_the_forum_itself_do_is_moderation() -> None:
    acts = of_topic()
    assert (acts["post:707"].kind, acts["post:707"].own_kind) == ("moderated", "moderator_post")
    closed = acts["post:708"]
    assert (closed.kind, closed.own_kind, closed.whom) == ("moderated", "autoclosed.enabled", ())
    assert closed.who is not None and closed.who.bot


def test_a_hidden_post_is_removed_and_the_forums_notice_is_not_the_writers_text() -> None:
    hidden = of_topic()["post:706"]
    assert hidden.removed and hidden.text == ""


def test_lost_accounts_and_lost_posts_leave_no_invented_identity() -> None:
    lost = of_topic()["post:709"]
    assert (lost.who, lost.parent, lost.whom) == (None, "", ())


def test_people_of_suggested_topics_took_no_part() -> None:
    acts = of_topic().values()
    people = {act.who.login for act in acts if act.who} | {whom.who.login for act in acts for whom in act.whom}
    assert people == {"Mai", "Huong", "Otto", "spammy", "Ines", "system"}


def test_single_posts_newest_first_find_their_parents_and_keep_every_version() -> None:
    acts, refused = told(HERE / "posts.jsonl")
    assert not refused and {act.host for act in acts} == {"forum.lantern.example"}
    assert [(act.key, act.revision) for act in acts if act.key == "post:902"] == [
        ("post:902", 3),
        ("post:902", 1),
    ]
    newest = acts[0]
    assert (newest.key, newest.parent, touched(newest)) == ("post:903", "post:902", {("replied", "21")})
    assert (newest.text, newest.reactions) == ("Looks *good*", {"heart": 2, "rocket": 1})
    assert [act.title for act in acts] == ["", "", "", "New glaze", ""]
    assert acts[4].removed and acts[4].text == ""


@pytest.mark.parametrize("wrapped", ["post", "latest_posts", "topic"])
def test_wrapped_posts_are_found(tmp_path: Path, wrapped: str) -> None:
    inside: dict[str, object] = {
        "post": post(1),
        "latest_posts": [post(1)],
        "topic": {"id": 5, "title": "T", "post_stream": {"posts": [post(1)]}},
    }
    acts, refused = told(written(tmp_path, "a.json", {wrapped: inside[wrapped]}), host="a.example")
    assert not refused and [act.key for act in acts] == ["post:1"]


def test_each_file_has_its_own_forum_and_a_silent_one_that_of_its_folder(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    written(one, "1.json", post(1))
    written(one, "2.json", post(2, avatar_template=portrait("a.example")))
    written(one, "3.json", post(3))
    written(two, "1.jsonl", post(4), post(5, avatar_template=portrait("b.example")), post(6))
    acts, refused = told(tmp_path)
    assert not refused
    assert {act.key: act.host for act in acts} == {f"post:{n}": "a.example" for n in (1, 2, 3)} | {
        f"post:{n}": "b.example" for n in (4, 5, 6)
    }


def test_a_forum_is_never_guessed(tmp_path: Path) -> None:
    written(tmp_path / "known", "1.json", post(1, avatar_template=portrait("a.example")))
    written(tmp_path / "a.example", "2.json", post(2))
    written(tmp_path / "test", "3.json", post(3, avatar_template=portrait("localhost")))
    acts, refused = told(tmp_path)
    assert [act.key for act in acts] == ["post:1"]
    assert [item.reason for item in refused] == [discourse.NO_ADDRESS] * 2
    assert {act.host for act in told(tmp_path, host="b.example")[0]} == {"b.example"}


def test_one_spoiled_post_does_not_cost_the_others(tmp_path: Path) -> None:
    posts = [post(1), post(2, created_at="0001-01-01T00:00:00Z"), post(3, id="three"), post(4)]
    path = written(tmp_path, "t.json", {"id": 5, "title": "T", "post_stream": {"posts": posts}})
    acts, refused = told(path, host="a.example")
    assert [act.key for act in acts] == ["post:1", "post:4"] and len(refused) == 2
    assert any("Post 2" in item.reason for item in refused)


def test_private_conversations_stay_private(tmp_path: Path) -> None:
    topic = {"id": 5, "title": "T", "archetype": "private_message", "post_stream": {"posts": [post(1)]}}
    acts, refused = told(written(tmp_path, "t.json", topic), host="a.example")
    assert not acts and ["private" in item.reason for item in refused] == [True]


@pytest.mark.parametrize(
    ("title", "question"),
    [
        ("Why does it stop?", True),
        ("Is there a way to export", True),
        ("Kiln cold? [solved]", True),
        ("Cho em hỏi về men gốm", True),
        ("Nung gốm ở nhà thế nào", True),
        ("How to glaze a bowl", False),
        ("Release 2.0", False),
        ("", False),
    ],
)
def test_titles_that_ask(title: str, question: bool) -> None:
    assert asks(title) is question


@pytest.mark.parametrize("cooked", ["a < b", "<p>open", "</p>", '<a title="x > y">t</a>', "<aside class='quote'>", "<"])
def test_broken_html_is_read_as_far_as_it_goes(cooked: str) -> None:
    assert "class" not in read_cooked(cooked).text and "title" not in read_cooked(cooked).text
