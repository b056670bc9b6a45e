"""Gatherings out of calendars, tables and JSON: what people did there, whatever the file looks like."""

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from openpyxl import Workbook

from crm import importing
from crm.activity import Activity, Refused
from crm.installation import Installation
from crm.reading import Glimpse, Inputs
from crm.sources import events

HERE = Path(__file__).parent / "events"
SAMPLES = ["sample.ics", "zoom-webinar.csv", "tickets-vi.csv", "meetup.json"]
NOW = datetime(2025, 1, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "now", lambda: NOW)


def told(*paths: Path, host: str = "") -> tuple[list[Activity], list[Refused]]:
    acts: list[Activity] = []
    refused: list[Refused] = []
    for item in events.read(Inputs([str(path) for path in paths], host)):
        if isinstance(item, Activity):
            acts.append(item)
        else:
            refused.append(item)
    return acts, refused


def sample(name: str) -> dict[str, Activity]:
    return {act.key: act for act in told(HERE / name)[0]}


def table(folder: Path, text: str, host: str = "", encoding: str = "utf-8") -> tuple[list[Activity], list[Refused]]:
    path = folder / "table.csv"
    path.write_bytes(text.encode(encoding))
    return told(path, host=host)


def did(acts: list[Activity]) -> set[tuple[str, str]]:
    """What each act is and who did it, the gathering itself left out."""
    return {(act.kind, act.who.name) for act in acts if act.parent and act.who}


def calendar(folder: Path, *lines: str, before: str = "") -> tuple[list[Activity], list[Refused]]:
    path = folder / "c.ics"
    entry = "\r\n".join(["BEGIN:VEVENT", "UID:1@x.example", *lines, "END:VEVENT"])
    path.write_text(f"BEGIN:VCALENDAR\r\n{before}{entry}\r\nEND:VCALENDAR\r\n", newline="")
    return told(path)


def as_plain(item: Activity | Refused) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(msgspec.json.encode(item))
    plain.pop("raw", None)
    if "file" in plain:
        plain["file"] = Path(plain["file"]).name
    return {name: value for name, value in plain.items() if value not in ("", [], {}, None, 0, False)}


@pytest.mark.parametrize("name", SAMPLES)
def test_the_samples_are_told_as_expected(name: str) -> None:
    acts, refused = told(HERE / name)
    found = [*map(as_plain, acts), *map(as_plain, refused)]
    expected = json.loads((HERE / "expected.json").read_text())[name]
    assert len(found) == len(expected)
    for one, other in zip(found, expected, strict=True):
        assert one == other


def test_a_gathering_is_held_by_its_organiser_and_opens_a_thread() -> None:
    night = sample("sample.ics")["event:kiln-night@lantern.example"]
    assert (night.kind, night.title, night.thread, night.parent) == ("hosted", "Đêm lò nung, phần 1", night.key, "")
    assert night.who is not None and (night.who.uid, night.who.name) == ("mai@lantern.example", "Lê, Mai")
    assert night.text == "Bring a bowl.\nWe fire at 7; come early. Có trà và bánh cho ai đến sớm."
    assert (night.at.isoformat(), night.precision) == ("2024-05-31T11:30:00+00:00", "minute")
    assert (night.revision, night.edited_at) == (2, datetime(2024, 5, 20, 2, tzinfo=UTC))
    assert night.place is not None and (night.place.key, night.place.name) == ("lantern-club-calendar", "Lantern Club")


def test_answers_to_an_invitation_are_not_attendances() -> None:
    acts = [act for act in sample("sample.ics").values() if act.parent == "event:kiln-night@lantern.example"]
    assert {(act.kind, act.own_kind, act.who.name if act.who else "") for act in acts} == {
        ("registered", "accepted", "Otto Brandt"),
        ("registered", "tentative", "Tuấn Phạm"),
        ("registered", "accepted", "Bảo"),
        ("did", "declined", "Ines Roca"),
        ("invited", "invited", "Lê, Mai"),
    }
    assert {act.precision for act in acts} == {"by"}
    invited = next(act for act in acts if act.kind == "invited")
    assert [(whom.role, whom.who.email) for whom in invited.whom] == [("invited", "huong@tran.example")]


def test_rooms_and_alarms_are_no_people() -> None:
    everybody = {act.who.name for act in sample("sample.ics").values() if act.who}
    assert everybody == {"Lê, Mai", "Otto Brandt", "Tuấn Phạm", "Ines Roca", "Bảo"}


def test_a_day_without_a_time_is_known_to_the_day() -> None:
    fair = sample("sample.ics")["event:summer-fair@lantern.example"]
    assert (fair.at.isoformat(), fair.precision, fair.doubt) == ("2024-06-15T00:00:00+00:00", "day", "")


def test_a_cancelled_gathering_is_removed_and_its_own_zone_is_understood() -> None:
    talk = sample("sample.ics")["event:glaze-talk@lantern.example"]
    assert (talk.removed, talk.own_kind, talk.at) == (True, "cancelled", datetime(2024, 7, 4, 17, tzinfo=UTC))


def test_of_a_series_only_the_told_dates_are_taken_and_it_is_said() -> None:
    weekly = [act for act in sample("sample.ics").values() if act.thread == act.key and "weekly" in act.key]
    assert [(act.key[-14:], f"{act.at:%d %H:%M}") for act in weekly] == [
        ("20240603T1200Z", "03 12:00"),
        ("20240612T1200Z", "12 12:00"),
        ("20240617T1200Z", "18 13:00"),
    ]
    assert "repeats" in weekly[0].doubt


def test_private_entries_are_left_out_with_a_sentence() -> None:
    refused = told(HERE / "sample.ics")[1]
    assert any("private" in one.reason for one in refused)
    assert not any(b"Nobody's business" in one.raw for one in refused)


def test_nobody_has_held_what_is_still_to_come_but_people_have_registered() -> None:
    acts, refused = told(HERE / "sample.ics")
    (later,) = (act for act in acts if "future" in act.key)
    assert (later.kind, later.at, later.precision) == ("registered", NOW, "by")
    assert any("2098-06-20" in one.reason and "still to come" in one.reason for one in refused)


def test_a_time_without_any_zone_is_doubtful(tmp_path: Path) -> None:
    acts, _ = calendar(tmp_path, "DTSTART:20240101T100000", "SUMMARY:Walk")
    assert "no zone" in acts[0].doubt and acts[0].at.hour == 10
    acts, _ = calendar(tmp_path, "DTSTART:20240101T100000", before="X-WR-TIMEZONE:Asia/Ho_Chi_Minh\r\n")
    assert not acts[0].doubt and acts[0].at.hour == 3


@pytest.mark.parametrize(
    "zone", ["Asia/Ho_Chi_Minh", "SE Asia Standard Time", "/freeassociation.example/Asia/Ho_Chi_Minh"]
)
def test_zones_are_known_by_every_name(tmp_path: Path, zone: str) -> None:
    acts, _ = calendar(tmp_path, f"DTSTART;TZID={zone}:20240101T100000")
    assert (acts[0].at.hour, acts[0].doubt) == (3, "")


def test_a_letter_cut_in_two_by_a_fold_is_whole_again(tmp_path: Path) -> None:
    line = "SUMMARY:Gốm".encode()
    path = tmp_path / "c.ics"
    entry = b"BEGIN:VEVENT\r\nUID:1\r\nDTSTART:20240101T100000Z\r\n" + line[:10] + b"\r\n " + line[10:]
    path.write_bytes(b"BEGIN:VCALENDAR\r\n" + entry + b"\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")
    assert told(path)[0][0].title == "Gốm"


def test_attached_files_cost_nothing_and_an_entry_that_is_cut_off_is_named(tmp_path: Path) -> None:
    acts, refused = calendar(
        tmp_path, "DTSTART:20240101T100000Z", "ATTACH;ENCODING=BASE64:" + "A" * 5_000_000, "SUMMARY:Talk"
    )
    assert acts[0].title == "Talk" and not refused
    path = tmp_path / "cut.ics"
    path.write_text("BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART:20240101T100000Z\n")
    assert [one.reason for one in told(path)[1]] == ["this entry of the calendar is cut off"]


def test_an_entry_that_changed_keeps_its_key(tmp_path: Path) -> None:
    before, _ = calendar(tmp_path, "DTSTART:20240101T100000Z", "SUMMARY:Talk", "SEQUENCE:0")
    after, _ = calendar(tmp_path, "DTSTART:20240102T100000Z", "SUMMARY:Talk, moved", "SEQUENCE:1", "STATUS:CANCELLED")
    assert before[0].key == after[0].key
    assert (before[0].revision, after[0].revision, after[0].removed) == (0, 1, True)


def test_a_report_with_the_meeting_above_and_people_in_sections_is_understood() -> None:
    acts = told(HERE / "zoom-webinar.csv")[0]
    assert (acts[0].key, acts[0].title) == ("event:84759841045/2024-05-31", "Men gốm, phần 2")
    assert did(acts) == {
        ("hosted", "Mai Lê"),
        ("spoke", "Otto Brandt"),
        ("registered", "Tuấn (Tuấn Phạm)"),
        ("attended", "Tuấn (Tuấn Phạm)"),
        ("registered", "Ines Roca"),
        ("registered", "Hương Trần"),
        ("attended", "Bảo's phone"),
    }


def test_whoever_joined_twice_attended_once_the_first_time() -> None:
    (came,) = (act for act in told(HERE / "zoom-webinar.csv")[0] if "tuan" in act.key and act.kind == "attended")
    assert came.at == datetime(2024, 5, 31, 19, 1, tzinfo=UTC)


def test_whoever_cancelled_or_stayed_away_has_only_registered() -> None:
    acts = {act.key: act for act in told(HERE / "zoom-webinar.csv")[0]}
    start = "event:84759841045/2024-05-31"
    assert acts[f"{start}/ines@roca.example/registered"].own_kind == "no-show"
    assert acts[f"{start}/huong@tran.example/registered"].own_kind == "cancelled"
    assert f"{start}/ines@roca.example/attended" not in acts


def test_vietnamese_headings_dates_and_words_are_understood() -> None:
    acts, refused = told(HERE / "tickets-vi.csv")
    assert did(acts) == {
        ("registered", "Mai Lê"),
        ("hosted", "Mai Lê"),
        ("registered", "Tuấn Phạm"),
        ("attended", "Tuấn Phạm"),
        ("registered", "Otto Brandt"),
        ("spoke", "Otto Brandt"),
        ("registered", "Hương Trần"),
        ("registered", "Ines Roca"),
        ("registered", "Bảo"),
    }
    came = next(act for act in acts if act.kind == "attended")
    assert (came.at, came.doubt) == (datetime(2024, 6, 15, 2, 5, tzinfo=UTC), "")
    assert ["names nobody" in one.reason or "32/06/2024" in one.reason for one in refused] == [True, True]


def test_eventbrite(tmp_path: Path) -> None:
    acts, refused = table(
        tmp_path,
        "Order #,Order Date,First Name,Last Name,Email,Quantity,Ticket Type,Attendee #,Attendee Status,Event Name\n"
        "1001,2024-05-20 10:15:00-07:00,Ines,Roca,ines@roca.example,1,General,5001,Attending,Fair\n"
        "1002,2024-05-21 10:15:00-07:00,Otto,Brandt,otto@brandt.example,1,Speaker,5002,Checked In,Fair\n"
        "1003,2024-05-22 10:15:00-07:00,Mai,Lê,mai@lantern.example,1,General,5003,Not Attending,Fair\n",
    )
    assert not refused and did(acts) == {
        ("registered", "Ines Roca"),
        ("registered", "Otto Brandt"),
        ("spoke", "Otto Brandt"),
        ("registered", "Mai Lê"),
    }
    assert {act.own_kind for act in acts if act.who and act.who.name == "Mai Lê"} == {"cancelled"}
    assert next(act.at for act in acts if act.who and act.who.name == "Ines Roca").hour == 17


def test_luma_needs_the_gatherings_name_and_says_so(tmp_path: Path) -> None:
    text = (
        "api_id,name,first_name,last_name,email,created_at,approval_status,checked_in_at,ticket_name\n"
        "gst-1,Otto Brandt,Otto,Brandt,otto@brandt.example,2024-05-20T10:15:00.000Z,approved,2024-05-31T11:31:00.000Z,Std\n"
        "gst-2,Ines Roca,Ines,Roca,ines@roca.example,2024-05-21T10:15:00.000Z,invited,,\n"
        "gst-3,Mai Lê,Mai,Lê,mai@lantern.example,2024-05-22T10:15:00.000Z,pending_approval,,Std\n"
    )
    acts, refused = table(tmp_path, text)
    assert not acts and ["--host" in one.reason for one in refused] == [True]
    acts, refused = table(tmp_path, text, host="Spring meetup")
    assert not refused and acts[0].title == "Spring meetup" and acts[0].precision == "day"
    assert did(acts) == {("registered", "Otto Brandt"), ("attended", "Otto Brandt"), ("registered", "Mai Lê")}
    assert [act.whom[0].who.name for act in acts if act.kind == "invited"] == ["Ines Roca"]


def test_the_table_of_meetup_knows_members_by_their_number(tmp_path: Path) -> None:
    acts, _ = table(
        tmp_path,
        "Name\tUser ID\tTitle\tEvent Host\tRSVP\tGuests\tRSVPed on\tJoined Group on\tURL of Member Profile\n"
        "Mai\tuser 11\tOrganizer\tYes\tYes\t0\t05/20/2024\t01/01/2020\thttps://www.meetup.com/lantern-hue/members/11/\n"
        "Tuấn\tuser 13\t\tNo\tNo\t0\t05/21/2024\t01/02/2020\thttps://www.meetup.com/lantern-hue/members/13/\n",
        host="Kiln night",
    )
    assert {(act.kind, act.who.uid, act.who.host) for act in acts if act.who} == {
        ("registered", "11", "meetup.com"),
        ("hosted", "11", "meetup.com"),
        ("did", "13", "meetup.com"),
    }


def test_a_meeting_of_zoom_names_its_host_above_the_table(tmp_path: Path) -> None:
    acts, _ = table(
        tmp_path,
        "Meeting ID,Topic,Start Time,End Time,User Email,Duration (Minutes),Participants,\n"
        "812 3456 7890,Weekly call,05/31/2024 07:00:00 PM,05/31/2024 08:00:00 PM,mai@lantern.example,60,2,\n"
        "\n"
        "Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest\n"
        "Otto,otto@brandt.example,05/31/2024 07:01:00 PM,05/31/2024 08:00:00 PM,59,Yes\n",
    )
    assert (acts[0].key, acts[0].title) == ("event:81234567890/2024-05-31", "Weekly call")
    assert acts[0].who is not None and acts[0].who.uid == "mai@lantern.example"
    assert did(acts) == {("attended", "Otto")}


def test_a_report_of_teams(tmp_path: Path) -> None:
    acts, refused = table(
        tmp_path,
        "1. Summary\nMeeting title\tHọp, tuần 1\nAttended participants\t2\nStart time\t5/31/24, 7:00:00 PM\n\n"
        "2. Participants\nName\tFirst Join\tLast Leave\tIn-Meeting Duration\tEmail\tRole\n"
        "Mai Lê\t5/31/24, 6:59:00 PM\t5/31/24, 8:00:00 PM\t1h 1m\tmai@lantern.example\tOrganizer\n"
        "Otto\t5/31/24, 7:02:00 PM\t5/31/24, 8:00:00 PM\t58m\totto@brandt.example\tPresenter\n\n"
        "3. In-Meeting Activities\nName\tJoin Time\tLeave Time\tDuration\tEmail\tRole\n"
        "Otto\t5/31/24, 7:02:00 PM\t5/31/24, 7:10:00 PM\t8m\totto@brandt.example\tPresenter\n",
        encoding="utf-16",
    )
    assert not refused and acts[0].title == "Họp, tuần 1"
    assert did(acts) == {("hosted", "Mai Lê"), ("attended", "Otto")} and len(acts) == 3


def test_a_form_of_google_in_vietnamese_registers(tmp_path: Path) -> None:
    acts, _ = table(
        tmp_path,
        "Dấu thời gian,Địa chỉ email,Họ và tên,Bạn biết chúng tôi từ đâu?\n04/05/2024 9:08:07,hoa@ngo.example,Hoa Ngô,Bạn bè\n",
        host="Hội chợ gốm",
    )
    assert [(act.kind, act.at.date().isoformat()) for act in acts] == [
        ("hosted", "2024-05-04"),
        ("registered", "2024-05-04"),
    ]


def test_a_workbook_is_read_like_a_table(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["Event name", "Event date", "Name", "Email", "Checked in"])
    sheet.append(["Fair", datetime(2024, 6, 15), "Otto", "otto@brandt.example", "Yes"])
    book.save(tmp_path / "t.xlsx")
    acts, refused = told(tmp_path / "t.xlsx")
    assert not refused and did(acts) == {("attended", "Otto")}
    assert {(act.precision, act.at) for act in acts} == {("day", datetime(2024, 6, 15, tzinfo=UTC))}
    assert events.fits(Glimpse("t.xlsx", (tmp_path / "t.xlsx").read_bytes())) >= 80


def test_a_person_whose_cells_sound_like_headings_is_a_person(tmp_path: Path) -> None:
    acts, refused = table(
        tmp_path,
        "Event,Name,Role,Status\nFair,Mai,Attendee,Attended\nFair,Otto,Host,Registered\nEvent,Name,Role,Status\nFair,Ines,,\n",
    )
    assert not refused and did(acts) == {
        ("registered", "Mai"),
        ("attended", "Mai"),
        ("registered", "Otto"),
        ("hosted", "Otto"),
        ("registered", "Ines"),
    }


def test_the_order_of_day_and_month_is_guessed_aloud(tmp_path: Path) -> None:
    acts, _ = table(tmp_path, "Event,Name,Email,Attended,Check-in time\nFair,Otto,o@b.example,Yes,04/05/2024 10:00\n")
    came = next(act for act in acts if act.kind == "attended")
    assert came.at.month == 4 and "guessed" in came.doubt


@pytest.mark.parametrize(
    ("written", "hour", "day"),
    [
        ("2024-05-31 18:30:00+07:00", 11, 31),
        ("2024-05-31T18:30:00.000Z", 18, 31),
        ("31/05/2024 18:30", 18, 31),
        ("5/31/24, 6:30:00 PM", 18, 31),
        ("6:30 CH 31/05/2024", 18, 31),
        ("May 31, 2024 6:30 PM", 18, 31),
        ("31 thg 5, 2024 18:30", 18, 31),
        ("2024/05/31 18:30 (GMT+7)", 11, 31),
        ("31.05.2024 09:00-11:30", 9, 31),
        ("05/31/2024 12:05 AM", 0, 31),
    ],
)
def test_dates_are_read_as_people_write_them(tmp_path: Path, written: str, hour: int, day: int) -> None:
    acts, refused = table(tmp_path, f'Event,Name,Attended,Check-in time\nFair,Otto,Yes,"{written}"\n')
    came = next(act for act in acts if act.kind == "attended")
    assert not refused and (came.at.year, came.at.month, came.at.day, came.at.hour) == (2024, 5, day, hour)


def test_counts_of_people_stay_counts_and_hosts_are_people() -> None:
    acts = sample("meetup.json")
    night = acts["event:501"]
    assert night.reactions == {"registered": 3, "waiting": 1}
    assert night.who is not None and (night.who.uid, night.who.host) == ("11", "meetup.com")
    assert acts["event:501/12/hosted"].kind == "hosted"
    assert acts["event:502"].removed and acts["event:502"].reactions == {"registered": 2}
    assert [place and place.key for place in (night.place, acts["event:502"].place)] == ["lantern-hue", "lantern-hue"]


def test_an_answer_of_meetup_has_its_own_time_and_changes_keep_their_key() -> None:
    acts = sample("meetup.json")
    yes = acts["event:503/13/registered"]
    assert (yes.parent, yes.reactions, yes.revision) == ("event:503", {"guests": 2}, 1458900000)
    assert acts["event:501/15/declined"].kind == "did"
    assert acts["event:501/16/registered"].precision == "by"


def test_comments_answer_the_host_or_each_other() -> None:
    acts = sample("meetup.json")
    first, second = acts["comment:77"], acts["comment:78"]
    assert (first.thread, first.parent, second.parent) == ("event:503", "event:503", "comment:77")
    assert [[whom.who.name for whom in act.whom] for act in (first, second)] == [["Mai"], ["Hương"]]


def test_a_group_is_a_place_that_was_founded() -> None:
    group = sample("meetup.json")["group:900"]
    assert (group.kind, group.title, group.reactions) == ("created", "Lantern Club Huế", {"members": 41})
    assert group.place is not None and group.place.key == "lantern-hue"


def test_another_packing_gives_the_same_acts(tmp_path: Path) -> None:
    for name in SAMPLES:
        packed = tmp_path / f"{name}.gz"
        packed.write_bytes(gzip.compress((HERE / name).read_bytes()))
        assert told(packed)[0] == told(HERE / name)[0]


@pytest.mark.parametrize("name", SAMPLES)
def test_a_second_import_adds_nothing(kith: Installation, name: str) -> None:
    first = importing.run(kith, "events", Inputs((str(HERE / name),)))
    again = importing.run(kith, "events", Inputs((str(HERE / name),)))
    assert first.recorded > 0 and (again.recorded, again.changed) == (0, 0)


@pytest.mark.parametrize("name", SAMPLES)
def test_mangled_files_are_refused_in_sentences(tmp_path: Path, name: str) -> None:
    whole = (HERE / name).read_bytes()
    for step in range(0, len(whole), 41):
        spoilt = bytearray(whole)
        spoilt[step] = (spoilt[step] * 7 + step) % 256
        spoilt[step // 2] = b'\0",:;\n'[step % 6]
        (tmp_path / "x").write_bytes(spoilt if step % 3 else spoilt[: step + 1])
        acts, refused = told(tmp_path / "x")
        assert all(act.key and "\0" not in act.text + act.title for act in acts)
        assert all(one.reason for one in refused)


@pytest.mark.parametrize(
    ("head", "least", "most"),
    [
        (b"BEGIN:VCALENDAR\r\nVERSION:2.0", 90, 100),
        (b'[{"id": "1", "eventUrl": "https://www.meetup.com/x/events/1/"}]', 90, 100),
        ((HERE / "zoom-webinar.csv").read_bytes(), 80, 100),
        ((HERE / "tickets-vi.csv").read_bytes(), 80, 100),
        (b"name,email,join time,leave time\na,b@c.example,1,2", 70, 100),
        (b"name,email,company\na,b@c.example,d", 0, 0),
        (b"id,name,email,status,created_at\n1,a,b@c.example,active,2024-01-01", 0, 0),
        (b"Order #,Order Date,Name,Email,Status\n1,2024-01-01,a,b@c.example,paid", 0, 0),
        (b"AuthorID,Author,Date,Content,Attachments,Reactions\n1,a,b,c,,", 0, 0),
        (b'{"id": 1, "title": "An issue", "user": {}}', 0, 0),
        (b"\x00\x01\x02", 0, 0),
    ],
)
def test_only_what_tells_of_attendance_is_recognised(head: bytes, least: int, most: int) -> None:
    assert least <= events.fits(Glimpse("x", head)) <= most
