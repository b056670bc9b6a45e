"""Files that are sent: kept under no name of theirs, told what they are, tried, imported once, and thrown away."""

import json
import stat
from pathlib import Path
from threading import Thread
from uuid import UUID, uuid4

import pytest

from crm import importing, uploading
from crm.arriving import Arrival, tame
from crm.detecting import detect
from crm.errors import Refusal
from crm.importing import Progress
from crm.installation import Installation
from crm.mappings import recall
from crm.rehearsal import Rehearsal
from crm.uploading import Helper, ask_import, ask_rehearsal, carry_out, throw_away
from crm.uploads import Upload, change, file_of, find_upload, folder_of, folder_of_all, inputs_of, sweep, which_uploads
from tests.factories import rows
from tests.waiting import eventually

HOST = "forum.example"


def a_post(number: int) -> bytes:
    told = {"id": number, "topic_id": 5, "post_number": number, "user_id": number, "username": f"u{number}"}
    told |= {"cooked": "<p>Hi</p>", "raw": "Hi", "created_at": "2024-01-01T00:00:00Z", "version": 1}
    return json.dumps(told).encode() + b"\n"


POSTS = b"".join(map(a_post, range(1, 4)))
TABLE = "Họ và tên;E-mail;Ngày vào nhóm\nLan;lan@example.org;2024-03-01\nMinh;minh@example.org;2024-04-12\n".encode()


def sent(kith: Installation, *files: tuple[str, bytes], host: str = HOST) -> Upload:
    """These files, arrived in pieces, as they then stand; their host is said."""
    with Arrival(kith, "Hoa") as arrival:
        for name, content in files:
            arrival.begin(name)
            for at in range(0, len(content), 7):
                arrival.write(content[at : at + 7])
        upload = arrival.keep()
    found = now(kith, upload)
    change(kith, found, host=host)
    return now(kith, upload)


def now(kith: Installation, upload: Upload | UUID) -> Upload:
    found = find_upload(kith, upload.id if isinstance(upload, Upload) else upload)
    assert found
    return found


def interactions(kith: Installation) -> int:
    (row,) = rows(kith, "SELECT count(*) AS n FROM kith_events WHERE topic = 'interaction.recorded'")
    return int(row["n"])


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("../../etc/passwd", "etc/passwd"),
        ("/etc/passwd", "etc/passwd"),
        ("..\\..\\windows\\a.json", "windows/a.json"),
        ("C:\\fake\\posts.json", "C:/fake/posts.json"),
        ("po\0sts.json", "posts.json"),
        ("\u202egnp.json\n", "gnp.json"),
        ("..", ""),
        ("", ""),
        ("general/2024-01-01.json", "general/2024-01-01.json"),
        ("Bài viết tháng 3.json", "Bài viết tháng 3.json"),
        ("ế" * 500 + ".json", "ế" * 195 + ".json"),
    ],
)
def test_a_name_leads_nowhere_and_steers_nothing(name: str, called: str) -> None:
    assert tame(name) == called


def test_whatever_files_are_called_they_lie_in_their_folder_under_numbers(kith: Installation) -> None:
    home = kith.settings.home
    names = ["../../../outside.json", "/outside.json", "a\0b", "..", "-", "*?[x]", "ế" * 300]
    before = {path for path in home.rglob("*") if not path.is_relative_to(folder_of_all(kith))}
    upload = sent(kith, *((name, POSTS) for name in names))
    kept = sorted(folder_of(kith, upload.id).iterdir())
    assert [path.name for path in kept] == [f"{number:06}" for number in range(len(names))]
    assert {path.read_bytes() for path in kept} == {POSTS}
    assert {path for path in home.rglob("*") if not path.is_relative_to(folder_of_all(kith))} == before
    assert not (home.parent / "outside.json").exists()


def test_files_are_readable_by_their_owner_only(kith: Installation) -> None:
    upload = sent(kith, ("posts.json", POSTS))
    path = file_of(kith, upload.id, 0)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_two_files_called_alike_are_two_files(kith: Installation) -> None:
    upload = sent(kith, ("posts.json", a_post(1)), ("posts.json", a_post(2)))
    assert upload.files == ["posts.json", "posts.json"]
    assert [document.stream.read() for document in inputs_of(kith, upload).documents()] == [a_post(1), a_post(2)]
    assert upload.size == len(a_post(1)) + len(a_post(2))


def test_importers_see_the_names_that_people_gave_with_their_folders(kith: Installation) -> None:
    upload = sent(kith, ("export/general/1.json", a_post(1)), ("export/users.json", a_post(2)))
    names = ["export/general/1.json", "export/users.json"]
    assert [document.name for document in inputs_of(kith, upload).documents()] == names
    assert [document.name for document in inputs_of(kith, upload).ahead(lambda name: "users" in name)] == names[1:]


def test_what_is_hidden_in_a_folder_is_passed_over(kith: Installation) -> None:
    upload = sent(kith, ("export/.DS_Store", b"\0\0"), ("export/posts.json", POSTS), ("__MACOSX/posts.json", b"\0"))
    assert upload.files == ["export/posts.json"]


def test_it_is_told_what_the_files_are(kith: Installation) -> None:
    assert sent(kith, ("posts.json", POSTS)).source == "discourse"
    assert sent(kith, ("members.txt", TABLE)).source == "csv"
    assert sent(kith, ("noise.bin", bytes(range(256)) * 8)).source == ""


def test_where_nothing_was_chosen_nothing_is_kept(kith: Installation) -> None:
    with pytest.raises(Refusal, match="No file was chosen"):
        sent(kith)
    assert not which_uploads(kith, ["new"], 10)


def test_what_broke_off_on_its_way_is_not_kept(kith: Installation) -> None:
    with Arrival(kith, "Hoa") as arrival:
        arrival.begin("posts.json")
        arrival.write(POSTS)
    assert not list(folder_of_all(kith).iterdir())
    assert not which_uploads(kith, ["new"], 10)


def test_a_full_disk_is_told_in_a_sentence_and_leaves_nothing(kith: Installation) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full on this machine")
    with Arrival(kith, "Hoa") as arrival:
        arrival.begin("posts.json")
        arrival._close()
        arrival._file = Path("/dev/full").open("wb", buffering=0)
        with pytest.raises(Refusal, match="disk of the server is full"):
            arrival.write(POSTS)
    assert not list(folder_of_all(kith).iterdir())


def test_what_a_killed_server_left_half_sent_is_swept_away_and_nothing_else(kith: Installation) -> None:
    upload = sent(kith, ("posts.json", POSTS))
    half = folder_of(kith, uuid4())
    half.mkdir()
    (half / "000000").write_bytes(b"half")
    sweep(kith)
    assert [path.name for path in folder_of_all(kith).iterdir()] == [str(upload.id)]


def test_a_dry_run_counts_and_stores_nothing(kith: Installation) -> None:
    upload = sent(kith, ("posts.json", POSTS + b"{broken\n"))
    ask_rehearsal(kith, upload)
    carry_out(kith, upload.id)
    upload = now(kith, upload)
    assert upload.state == "rehearsed"
    assert upload.rehearsal and (upload.rehearsal.new, upload.rehearsal.refused) == (3, 1)
    assert not interactions(kith)


def test_what_is_imported_comes_in_once_under_its_batch_and_its_files_go(kith: Installation) -> None:
    upload = sent(kith, ("posts.json", POSTS))
    batch = ask_import(kith, upload)
    assert ask_import(kith, now(kith, upload)) == batch
    carry_out(kith, upload.id)
    (done,) = rows(kith, "SELECT batch, recorded, finished FROM import_progress")
    assert done == {"batch": batch, "recorded": 3, "finished": True}
    assert interactions(kith) == 3
    assert find_upload(kith, upload.id) is None
    assert not folder_of(kith, upload.id).exists()


def test_files_that_nobody_recognised_are_neither_tried_nor_imported_before_it_is_said_what_they_are(
    kith: Installation,
) -> None:
    upload = sent(kith, ("noise.bin", bytes(range(256)) * 8))
    for ask in (ask_rehearsal, ask_import):
        with pytest.raises(Refusal, match="Say first what these files are"):
            ask(kith, upload)
    assert now(kith, upload).state == "new"


def test_asked_twice_at_once_it_is_one_import(kith: Installation) -> None:
    upload, batches = sent(kith, ("posts.json", POSTS)), list[UUID]()

    def press() -> None:
        try:
            batches.append(ask_import(kith, upload))
        except Refusal as refusal:  # pragma: no cover - would be a failure below
            batches.append(UUID(int=len(str(refusal))))

    threads = [Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(batches) == 4 and len(set(batches)) == 1
    assert len(rows(kith, "SELECT 1 FROM kith_events WHERE topic = 'import.started'")) == 1


def test_two_at_once_do_not_read_the_same_files(kith: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    upload, runs = sent(kith, ("posts.json", POSTS)), []

    def run(*asked: object, **more: object) -> None:
        runs.append(asked)
        carry_out(kith, upload.id)  # another server's helper, in the midst of it

    monkeypatch.setattr(importing, "run", run)
    ask_import(kith, upload)
    carry_out(kith, upload.id)
    assert len(runs) == 1


def test_killed_in_the_middle_it_goes_on_under_the_same_batch(
    kith: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "BATCH", 1)
    upload = sent(kith, ("posts.json", POSTS))
    batch = ask_import(kith, upload)
    run = importing.run

    def killed(*asked: object, **more: object) -> None:
        def die(progress: Progress) -> None:
            raise KeyboardInterrupt

        run(*asked, tell=die, **more)  # type: ignore[arg-type, misc]

    monkeypatch.setattr(importing, "run", killed)
    with pytest.raises(KeyboardInterrupt):
        carry_out(kith, upload.id)
    assert interactions(kith) == 1
    assert now(kith, upload).state == "importing"

    monkeypatch.setattr(importing, "run", run)
    carry_out(kith, upload.id)
    assert interactions(kith) == 3
    (done,) = rows(kith, "SELECT batch, read, recorded, known FROM import_progress")
    assert done == {"batch": batch, "read": 3, "recorded": 3, "known": 0}


def test_killed_after_the_last_row_only_the_files_are_left_to_throw_away(
    kith: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = sent(kith, ("posts.json", POSTS))
    ask_import(kith, upload)
    with monkeypatch.context() as patched:
        patched.setattr(uploading, "discard", lambda *_: None)
        carry_out(kith, upload.id)
    events = kith.log.recorder.max_notification_id()
    carry_out(kith, upload.id)
    assert kith.log.recorder.max_notification_id() == events
    assert find_upload(kith, upload.id) is None


def test_what_failed_says_why_and_goes_on_when_it_is_asked_again(kith: Installation) -> None:
    upload = sent(kith, ("posts.json", POSTS))
    batch = ask_import(kith, upload)
    path = file_of(kith, upload.id, 0)
    path.rename(path.with_name("away"))
    carry_out(kith, upload.id)
    failed = now(kith, upload)
    assert failed.state == "failed" and "There is nothing at" in failed.trouble
    path.with_name("away").rename(path)
    assert ask_import(kith, failed) == batch
    carry_out(kith, upload.id)
    assert interactions(kith) == 3


def test_thrown_away_in_the_midst_of_a_dry_run_it_ends(kith: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    upload = sent(kith, ("posts.json", POSTS))
    ask_rehearsal(kith, upload)
    told = list[Rehearsal]()

    def rehearse(kith: Installation, source: str, inputs: object, tell: object) -> Rehearsal:
        throw_away(kith, now(kith, upload))
        told.append(Rehearsal(read=1))
        tell(told[0])  # type: ignore[operator]
        raise AssertionError("it was not told to stop")

    monkeypatch.setattr(uploading, "rehearse", rehearse)
    carry_out(kith, upload.id)
    assert told and find_upload(kith, upload.id) is None


def test_counts_of_another_reading_are_not_written_over_what_was_corrected_meanwhile(
    kith: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = sent(kith, ("posts.json", POSTS))
    ask_rehearsal(kith, upload)

    def rehearse(kith: Installation, *_: object) -> Rehearsal:
        asked = now(kith, upload)
        change(kith, asked, source="github", state="new", rehearsal=None)
        ask_rehearsal(kith, now(kith, upload))
        return Rehearsal(read=99)

    monkeypatch.setattr(uploading, "rehearse", rehearse)
    carry_out(kith, upload.id)
    upload = now(kith, upload)
    assert (upload.source, upload.state, upload.rehearsal) == ("github", "rehearsing", Rehearsal())


def test_files_are_not_thrown_away_while_they_are_imported(kith: Installation) -> None:
    upload = sent(kith, ("posts.json", POSTS))
    ask_import(kith, upload)
    with pytest.raises(Refusal, match="being brought in"):
        throw_away(kith, now(kith, upload))
    assert file_of(kith, upload.id, 0).exists()


def test_thrown_away_nothing_is_left(kith: Installation) -> None:
    upload = sent(kith, ("posts.json", POSTS))
    throw_away(kith, upload)
    assert find_upload(kith, upload.id) is None
    assert not list(folder_of_all(kith).iterdir())
    with pytest.raises(Refusal, match="thrown away"):
        ask_import(kith, upload)


def test_what_columns_mean_is_remembered_by_their_headings(kith: Installation) -> None:
    upload = sent(kith, ("members.csv", TABLE))
    mapping = {"Họ và tên": "name", "E-mail": "email", "Ngày vào nhóm": ""}
    assert not recall(kith, list(mapping))
    change(kith, upload, mapping=mapping)
    ask_rehearsal(kith, now(kith, upload))
    carry_out(kith, upload.id)
    assert recall(kith, list(mapping)) == mapping
    assert not recall(kith, ["E-mail", "Họ và tên", "Ngày vào nhóm"])


def test_the_helper_of_the_server_does_what_was_asked_one_after_the_other(kith: Installation) -> None:
    first, second = sent(kith, ("posts.json", POSTS)), sent(kith, ("members.csv", TABLE), host="")
    ask_import(kith, first)
    ask_rehearsal(kith, second)
    helper = Helper(kith)
    helper.start()
    try:
        eventually(lambda: find_upload(kith, first.id) is None and now(kith, second).state == "rehearsed", 60)
    finally:
        helper.stop()
    assert interactions(kith) == 3
    told = now(kith, second).rehearsal
    assert told and (told.read, told.new, told.refused, told.done) == (2, 2, 0, len(TABLE))


def test_a_process_that_dies_leaves_its_upload_to_be_begun_again(
    kith: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = sent(kith, ("posts.json", POSTS))
    ask_import(kith, upload)
    monkeypatch.setattr("crm.uploading.sys.executable", "/bin/false")
    helper = Helper(kith)
    helper.start()
    try:
        failed = eventually(lambda: now(kith, upload).state == "failed" and now(kith, upload), 30)
    finally:
        helper.stop()
    assert failed and "Start it again to go on" in failed.trouble
    assert failed.batch


def test_detecting_looks_at_the_files_of_an_upload_by_what_is_in_them(kith: Installation) -> None:
    upload = sent(kith, ("photo.png", POSTS))
    assert [source.NAME for source in detect(inputs_of(kith, upload))][:1] == ["discourse"]
