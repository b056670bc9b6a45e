"""Mailing lists: what a mail becomes, whatever mail programs, lists and archives have done to it."""

import gzip
import json
import mailbox
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm import importing
from crm.activity import Activity, Refused
from crm.installation import Installation
from crm.kinds import KINDS
from crm.mail.charsets import decode
from crm.mail.closing import unsigned
from crm.mail.dates import ARRIVED, NO_ZONE, SHORT_YEAR
from crm.mail.encoded import header
from crm.mail.html import plain
from crm.mail.quotes import own
from crm.mail.subject import peeled
from crm.mail.writers import HIDDEN, MASKED, NAME_ONLY
from crm.reading import Glimpse, Inputs
from crm.sources import mail

HERE = Path(__file__).parent / "mail"
LIST = "List-Id: Potters <potters.lists.example.org>\n"
Told = tuple[list[Activity], list[Refused]]


def told(*paths: Path, host: str = "") -> Told:
    found = list(mail.read(Inputs([str(path) for path in paths], host)))
    return [one for one in found if isinstance(one, Activity)], [one for one in found if isinstance(one, Refused)]


def letter(number: int = 1, body: str = "Hello.\n", **fields: str) -> bytes:
    """A mail to a list; a field given as "" is left away."""
    known = {
        "From": "Mai Lê <mai@gom.example.vn>",
        "To": "potters@lists.example.org",
        "Subject": f"Subject {number}",
        "Date": f"Mon, 4 Mar 2024 10:00:{number:02} +0000",
        "Message-ID": f"<m{number}@gom.example.vn>",
        "List-Id": "Potters <potters.lists.example.org>",
    }
    known |= {name.replace("_", "-"): value for name, value in fields.items()}
    head = "".join(f"{name}: {value}\n" for name, value in known.items() if value)
    return f"{head}\n{body}".encode()


def box(folder: Path, *letters: bytes, name: str = "list.mbox") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(b"".join(b"From x@y.example Mon Mar  4 10:00:00 2024\n" + one + b"\n" for one in letters))
    return path


def one(folder: Path, raw: bytes, host: str = "") -> Activity:
    acts, refused = told(box(folder, raw), host=host)
    assert not refused and len(acts) == 1
    return acts[0]


def touched(act: Activity) -> list[tuple[str, str]]:
    return [(whom.role, whom.who.uid) for whom in act.whom]


def test_the_sample_becomes_what_it_should() -> None:
    acts, refused = told(HERE / "2009-June.txt", HERE / "sample.mbox")
    assert not refused
    found = {act.key: json.loads(msgspec.json.encode(act)) for act in acts}
    expected = {act["key"]: act for act in json.loads((HERE / "expected.json").read_text())}
    assert found.keys() == expected.keys()
    assert {key: found[key] for key in found if found[key] != expected[key]} == {
        key: expected[key] for key in found if found[key] != expected[key]
    }


def test_the_sample_twice_adds_nothing(kith: Installation) -> None:
    paths = (str(HERE / "sample.mbox"), str(HERE / "2009-June.txt"))
    first = importing.run(kith, "mail", Inputs(paths))
    again = importing.run(kith, "mail", Inputs(paths))
    assert (first.recorded, first.refused) == (10, 0)
    assert (again.recorded, again.changed, again.known) == (0, 0, 10)


def test_the_same_mail_out_of_any_packing_is_the_same_act(tmp_path: Path) -> None:
    raw = (HERE / "sample.mbox").read_bytes()
    plainly = told(HERE / "sample.mbox")[0]
    (tmp_path / "a.txt.gz").write_bytes(gzip.compress(raw))
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
        archive.writestr("potters/messages.mbox", raw.replace(b"\n", b"\r\n"))
    assert told(tmp_path / "a.txt.gz")[0] == plainly
    assert {(act.host, act.key) for act in told(tmp_path / "export.zip")[0]} >= {
        (act.host, act.key) for act in plainly if not act.key.startswith("derived:")
    }


def test_a_maildir_and_single_mails_are_read_as_a_mailbox_is(tmp_path: Path) -> None:
    folder = mailbox.Maildir(str(tmp_path / "Maildir"))
    for number in (1, 2):
        folder.add(letter(number))
    acts, refused = told(tmp_path / "Maildir")
    assert not refused
    assert {act.key for act in acts} == {act.key for act in told(box(tmp_path, letter(1), letter(2)))[0]}
    assert {act.host for act in acts} == {"potters.lists.example.org"}


def test_a_line_of_the_body_that_begins_with_from_splits_no_mail(tmp_path: Path) -> None:
    body = (
        "a\n\nFrom here it goes on.\n\nFrom Monday Mar 4 2024 we meet.\n\nFrom me Mon Mar  4 10:00:00 2024\nno header\n"
    )
    act = one(tmp_path, letter(body=body))
    assert act.text == body.strip()


def test_escaped_from_lines_are_freed_of_their_escape(tmp_path: Path) -> None:
    assert one(tmp_path, letter(body="a\n\n>From b on\n\n>>From c on\n")).text == "a\n\nFrom b on\n\n>From c on"


def test_a_mail_may_follow_another_without_an_empty_line(tmp_path: Path) -> None:
    path = tmp_path / "2003-May.txt"
    path.write_bytes(box(tmp_path, letter(1), letter(2)).read_bytes().replace(b"\n\nFrom x", b"\nFrom x"))
    assert len(told(path)[0]) == 2


def test_a_length_that_leads_nowhere_is_not_believed(tmp_path: Path) -> None:
    acts, _ = told(box(tmp_path, letter(1, Content_Length="30"), letter(2), letter(3)))
    assert len(acts) == 3


def test_answers_find_what_they_answer_in_any_order_of_files(tmp_path: Path) -> None:
    box(
        tmp_path / "l",
        letter(3, References="<m1@gom.example.vn> <m2@gom.example.vn>", From="a@a.example.org"),
        name="1.txt",
    )
    box(tmp_path / "l", letter(2, In_Reply_To="<m1@gom.example.vn>", From="b@b.example.org"), name="2.txt")
    box(tmp_path / "l", letter(1), name="3.txt")
    acts, _ = told(tmp_path / "l")
    assert {act.thread for act in acts} == {"m1@gom.example.vn"}
    assert [(act.kind, act.parent, touched(act)) for act in acts] == [
        ("replied", "m2@gom.example.vn", [("replied", "b@b.example.org")]),
        ("replied", "m1@gom.example.vn", [("replied", "mai@gom.example.vn")]),
        ("posted", "", []),
    ]
    assert [act.title for act in acts] == ["", "", "Subject 1"]


def test_mails_that_answer_each_other_in_a_circle_are_one_thread(tmp_path: Path) -> None:
    ring = [letter(n, In_Reply_To=f"<m{n % 3 + 1}@gom.example.vn>") for n in (1, 2, 3)]
    acts, _ = told(box(tmp_path, *ring))
    assert len(acts) == 3 and {act.thread for act in acts} == {"m1@gom.example.vn"}


@pytest.mark.parametrize(
    "prefix", ["Re: ", "AW: ", "Trả lời: ", "RE[2]: ", "[potters] Re: ", "Re: [potters] SV: ", "回复："]
)
def test_an_answer_without_headers_is_found_by_its_subject(tmp_path: Path, prefix: str) -> None:
    answer = letter(2, Subject=f"{prefix}Subject  1", From="otto@kiln.example.com")
    acts, _ = told(box(tmp_path, letter(1), answer))
    assert (acts[1].kind, acts[1].parent, touched(acts[1])) == (
        "replied", "m1@gom.example.vn", [("replied", "mai@gom.example.vn")],
    )  # fmt: skip
    assert "subject" in acts[1].doubt


def test_an_old_subject_begins_anew(tmp_path: Path) -> None:
    late = letter(2, Subject="Re: Subject 1", Date="Mon, 4 Nov 2024 10:00:00 +0000")
    acts, _ = told(box(tmp_path, letter(1), late))
    assert acts[1].thread == acts[1].key and acts[1].title == "Subject 1" and acts[1].parent == ""


def test_a_repeated_mail_is_told_once_and_another_with_its_id_has_its_own_key(tmp_path: Path) -> None:
    other = letter(2, "Something else.\n", Message_ID="<m1@gom.example.vn>")
    acts, _ = told(box(tmp_path, letter(1), letter(1), other))
    assert [act.key for act in acts] == ["m1@gom.example.vn", "m1@gom.example.vn#20240304T100002Z"]


def test_a_mail_without_an_id_has_a_key_of_its_content(tmp_path: Path) -> None:
    first, second = (one(tmp_path / name, letter(1, Message_ID=name)) for name in ("", "<>"))
    assert first.key == second.key and first.key.startswith("derived:")
    assert one(tmp_path / "other", letter(1, "Other.\n", Message_ID="")).key != first.key


@pytest.mark.parametrize(
    ("written", "uid", "name", "doubt"),
    [
        ("Mai Lê <Mai@Gom.Example.vn>", "mai@gom.example.vn", "Mai Lê", ""),
        ("mai@gom.example.vn (Lê, Mai)", "mai@gom.example.vn", "Lê, Mai", ""),
        ('"Lê, Mai" <mai@gom.example.vn>', "mai@gom.example.vn", "Lê, Mai", ""),
        ("=?utf-8?q?L=C3=AA=2C_Mai?= <mai@gom.example.vn>", "mai@gom.example.vn", "Lê, Mai", ""),
        ("mai at gom.example.vn (Mai)", "mai@gom.example.vn", "Mai", ""),
        ("Mai <mai(a)gom.example.vn>", "mai@gom.example.vn", "Mai", ""),
        ("mai@gom.example.vn (mai@gom.example.vn)", "mai@gom.example.vn", "", ""),
        ("m@| @end|ng |rom gom@ex@mp|e@vn (Mai)", "masked:m@| @end|ng |rom gom@ex@mp|e@vn (mai)", "Mai", MASKED),
        ("Mai <mai...@gom.example.vn>", "masked:mai...@gom.example.vn (mai)", "Mai", MASKED),
        ("Mai <noreply@host.example.net>", "masked:noreply@host.example.net (mai)", "Mai", ""),
        ("Mai", "name:mai", "Mai", MASKED),
    ],
)
def test_whose_a_mail_is(tmp_path: Path, written: str, uid: str, name: str, doubt: str) -> None:
    act = one(tmp_path, letter(From=written))
    assert act.who is not None and (act.who.uid, act.who.name, act.doubt) == (uid, name, doubt)
    assert act.who.email == (uid if ":" not in uid else "")


@pytest.mark.parametrize("written", ["mai...@gom.example.vn", "<[email protected]>", "[hidden email]"])
def test_a_shortened_address_alone_is_nobody(tmp_path: Path, written: str) -> None:
    act = one(tmp_path, letter(From=written))
    assert act.who is None and act.doubt == HIDDEN


def test_two_people_behind_one_mask_are_never_one(tmp_path: Path) -> None:
    acts, _ = told(
        box(tmp_path, letter(1, From="A B <m...@x.example.org>"), letter(2, From="C D <m...@x.example.org>"))
    )
    assert len({act.who.uid for act in acts if act.who}) == 2


@pytest.mark.parametrize(
    ("fields", "uid", "doubt"),
    [
        ({"Reply_To": "Mai <mai@gom.example.vn>"}, "mai@gom.example.vn", ""),
        ({"Reply_To": "potters@lists.example.org", "Cc": "Mai <mai@gom.example.vn>"}, "mai@gom.example.vn", ""),
        ({"X_Original_From": "Mai <mai@gom.example.vn>"}, "mai@gom.example.vn", ""),
        ({}, "name:mai", NAME_ONLY),
        ({"From": "Mai via groups.io <mai=gom.example.vn@groups.io>"}, "mai@gom.example.vn", ""),
    ],
)
def test_a_list_that_writes_itself_into_from_hides_nobody(
    tmp_path: Path, fields: dict[str, str], uid: str, doubt: str
) -> None:
    act = one(tmp_path, letter(1, "Hello.\n", **({"From": "Mai via Potters <potters@lists.example.org>"} | fields)))
    assert act.who is not None and (act.who.uid, act.who.name, act.doubt) == (uid, "Mai", doubt)


def test_an_address_is_one_account_on_every_list(tmp_path: Path) -> None:
    acts, _ = told(box(tmp_path, letter(1), letter(1, List_Id="<glazes.lists.example.org>")))
    assert [act.host for act in acts] == ["potters.lists.example.org", "glazes.lists.example.org"]
    assert acts[0].who == acts[1].who and acts[0].who is not None and acts[0].who.host == ""


@pytest.mark.parametrize(
    ("fields", "at", "doubt"),
    [
        ({"Date": "Mon, 4 Mar 2024 10:00:00 +0700"}, "2024-03-04T03:00:00+00:00", ""),
        ({"Date": "Mon Mar  4 10:00:00 2024"}, "2024-03-04T10:00:00+00:00", NO_ZONE),
        ({"Date": "4 Mar 24 10:00:00 GMT"}, "2024-03-04T10:00:00+00:00", SHORT_YEAR),
        ({"Date": "Fri, 1 Jan 2038 00:00:00 +0000"}, "2024-03-04T10:00:00+00:00", f"{ARRIVED}; {NO_ZONE}"),
        ({"Date": "1 Jan 1904 00:00:00 +0000", "Received": "by x; Tue, 5 Mar 2024 01:02:03 +0100"},
         "2024-03-05T00:02:03+00:00", ARRIVED),
        ({"Date": "Wed, 1 Jan 2003 00:00:00 +0000", "Received": "by x; Tue, 5 Mar 2024 01:02:03 +0100"},
         "2024-03-05T00:02:03+00:00", ARRIVED),
        ({"Date": "gestern"}, "2024-03-04T10:00:00+00:00", f"{ARRIVED}; {NO_ZONE}"),
    ],
)  # fmt: skip
def test_the_moment_of_a_mail(tmp_path: Path, fields: dict[str, str], at: str, doubt: str) -> None:
    act = one(tmp_path, letter(1, "Hello.\n", **fields))
    assert (act.at.isoformat(), act.doubt) == (at, doubt) and act.at.utcoffset() == timedelta(0)


def test_a_time_without_seconds_is_a_minute(tmp_path: Path) -> None:
    assert one(tmp_path, letter(Date="Mon, 4 Mar 2024 10:00 +0000")).precision == "minute"


def test_a_mail_that_nothing_places_in_time_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.eml"
    path.write_bytes(letter(Date="soon"))
    assert ["time" in item.reason for item in told(path)[1]] == [True]


@pytest.mark.parametrize(
    "fields",
    [
        {"List_Id": "Potters <potters.lists.example.org>"},
        {"List_Id": "", "List_Post": "<mailto:potters@lists.example.org?subject=x>"},
        {"List_Id": "", "X_Mailing_List": "<potters@lists.example.org> archive/latest/12"},
        {"List_Id": "", "Mailing_List": "list potters@lists.example.org; contact potters-owner@lists.example.org"},
        {"List_Id": "", "To": "potters at lists.example.org"},
    ],
)
def test_a_list_is_the_same_however_it_is_told(tmp_path: Path, fields: dict[str, str]) -> None:
    assert one(tmp_path, letter(1, "Hello.\n", **fields)).host == "potters.lists.example.org"


def test_every_month_of_an_archive_without_headers_gives_the_same_list(tmp_path: Path) -> None:
    months = [
        box(tmp_path, letter(1, Subject="[Clay] one", To="", List_Id=""), name="2009-May.txt"),
        box(
            tmp_path,
            letter(2, Subject="Re: [Clay] [wood] two", To="", List_Id=""),
            letter(3, To="", List_Id=""),
            name="2.txt",
        ),
    ]
    assert [act.host for month in months for act in told(month)[0]] == ["clay"] * 3
    assert {act.host for act in told(*months, host="clay@lists.example.org")[0]} == {"clay.lists.example.org"}


def test_private_mail_and_a_list_that_cannot_be_told_are_refused(tmp_path: Path) -> None:
    inbox = [letter(n, List_Id="", To="otto@kiln.example.com", Delivered_To="otto@kiln.example.com") for n in (1, 2, 3)]
    acts, refused = told(box(tmp_path, *inbox))
    assert not acts and [item.reason for item in refused] == [mail.NO_LIST] * 3
    mixed = [
        letter(1),
        letter(2, List_Id="<glazes.lists.example.org>"),
        letter(3, List_Id="", To="otto@kiln.example.com"),
    ]
    acts, refused = told(box(tmp_path, *mixed))
    assert len(acts) == 2 and len(refused) == 1


ATTRIBUTIONS = [
    "On Mon, 4 Mar 2024 at 10:00, Mai Lê <mai@gom.example.vn> wrote:",
    "On Mon, 4 Mar 2024 at 10:00, Mai Lê\n<mai@gom.example.vn> wrote:",
    "Am 04.03.2024 um 10:00 schrieb Mai Lê:",
    "Le lun. 4 mars 2024 à 10:00, Mai Lê <mai@gom.example.vn> a écrit :",
    "Vào 10:00, Th 2, 4 thg 3, 2024 Mai Lê <mai@gom.example.vn> đã viết:",
    "Mai Lê wrote:",
    "Mai Lê <mai at gom.example.vn> writes:",
    "2024-03-04 10:00 GMT+01:00 Mai Lê <mai@gom.example.vn>:",
    "* Mai Lê <mai@gom.example.vn> [240304 10:00]:",
]


@pytest.mark.parametrize("words", ATTRIBUTIONS)
def test_what_is_quoted_is_not_the_writers_text_but_tells_whom_it_answers(tmp_path: Path, words: str) -> None:
    body = f"Above.\n\n{words}\n> theirs\n>> older\n>\n> more\n\nBelow.\n"
    answer = letter(2, body, From="otto@kiln.example.com", In_Reply_To="<lost@gom.example.vn>")
    acts, _ = told(box(tmp_path, letter(1), answer))
    assert acts[1].text == "Above.\n\nBelow."
    assert touched(acts[1]) == [("replied", "mai@gom.example.vn")]


def test_a_quote_below_everything_is_cut_off_and_its_writer_is_known(tmp_path: Path) -> None:
    body = "Yes.\n\n-----Original Message-----\nFrom: Mai Lê [mailto:mai@gom.example.vn]\nSent: Monday\n\nDoes it?\n"
    answer = letter(2, body, From="otto@kiln.example.com", In_Reply_To="<lost@gom.example.vn>")
    acts, _ = told(box(tmp_path, letter(1), answer))
    assert acts[1].text == "Yes." and touched(acts[1]) == [("replied", "mai@gom.example.vn")]


def test_the_prompt_of_a_program_is_no_quote_in_a_mail_that_answers_nobody() -> None:
    text = "It fails:\n\n> heat(1200)\nerror 7"
    assert own(text, answers=False).text == text


@pytest.mark.parametrize(
    "foot",
    [
        "-- \nMai\nGốm",
        "--\nMai",
        "_______________________________________________\nPotters mailing list\nPotters@lists.example.org",
        "-=-=-=-=-=-=-=-=-=-=-=-\nGroups.io Links: You receive all messages",
        "Sent from my kiln",
        "Gửi từ iPhone của tôi",
        "---------------------------------------------------------------------\nTo unsubscribe, e-mail: x@y.example",
    ],
)
def test_signatures_and_footers_are_left_out(foot: str) -> None:
    assert unsigned(f"Mine.\n\nTwo -- dashes\n{foot}\n") == "Mine.\n\nTwo -- dashes"


@pytest.mark.parametrize(
    ("raw", "charset", "text"),
    [
        ("Việt".encode(), "us-ascii", "Việt"),
        ("Việt".encode(), "iso-8859-1", "Việt"),
        ("Việt".encode().decode("latin-1").encode(), "utf-8", "Việt"),
        ("Tráº§n".encode(), "", "Trần"),
        ("Café".encode("latin-1"), "utf-8", "Café"),
        ("“Việt”".encode()[:-1], "utf-8", "“Việt\ufffd"),
        ("Việt".encode("cp1258", "replace"), "windows-1258", "Vi?t"),
        ("привет".encode("koi8-r"), "KOI8-R", "привет"),
        ("日本".encode("iso-2022-jp"), "iso-2022-jp", "日本"),
        (b"a\0b\x1bc", "nonsense", "abc"),
        (b"+2AA-", "utf-7", ""),
    ],
)
def test_letters_survive_wrong_and_missing_charsets(raw: bytes, charset: str, text: str) -> None:
    assert decode(raw, charset) == text


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"=?utf-8?Q?Vi?= =?utf-8?B?4bs=?= =?UTF-8?B?h3Q=?=", "Việt"),
        (b"=?utf-8*vi?Q?Vi=E1=BB=87t_Nam?= and", "Việt Nam and"),
        (b"=?iso-8859-1?q?Caf=E9 noir?=", "Café noir"),
        (b"=?utf-8?B?VmnDuW==?=", "Viù"),
        (b"plain =?broken", "plain =?broken"),
        ("Việt".encode(), "Việt"),
    ],
)
def test_encoded_words(raw: bytes, text: str) -> None:
    assert header(raw) == text


def test_html_is_read_as_text_and_what_it_hides_is_not() -> None:
    html = "<head><title>t</title></head><style>p{}</style><!-- c --><p>a&nbsp;b<br>c</p><blockquote>q<p>r</blockquote>d<script>x</script>"
    assert plain(html).replace("\n\n", "\n") == "a b\nc\n> q\n> r\nd"


def test_files_are_named(tmp_path: Path) -> None:
    parts = (
        '--b\n\nSee.\n--b\nContent-Disposition: attachment; filename="=?utf-8?Q?l=C3=B2.png?="\nContent-Type: image/png\n\nAA\n'
        "--b\nContent-Type: message/rfc822\n\nSubject: Old mail\n\nbody\n--b\nContent-Type: text/html\n\n<p>Bye</p>\n--b--\nepilogue\n"
    )
    act = one(tmp_path, letter(body=parts, Content_Type="multipart/mixed; boundary=b"))
    assert act.text == "See.\n\nBye\n\n📎 lò.png\n📎 Old mail"


@pytest.mark.parametrize("subject", ["Re: a", "[x] RE: a", "AW: WG: a", "Trả lời: a", "re[3]: a", "Re^2: a", "Antw: a"])
def test_subjects_that_answer(subject: str) -> None:
    answers, _, base = peeled(subject)
    assert answers and base == "a"


@pytest.mark.parametrize("subject", ["Reading", "Fwd: a", "R: a", "[Re] a", "area: a"])
def test_subjects_that_do_not(subject: str) -> None:
    assert not peeled(subject)[0]


def test_other_files_are_refused_with_a_sentence(tmp_path: Path) -> None:
    for name, content in {
        "a.json": "{}",
        "b.html": "<html>From: x</html>",
        "c.txt": "",
        "d.md": "Note: x\n\nDate: y",
    }.items():
        (tmp_path / name).write_text(content)
        assert mail.fits(Glimpse(name, content.encode())) == 0
    acts, refused = told(tmp_path)
    assert not acts and len(refused) == 4 and all(item.reason for item in refused)


def test_the_sample_is_recognised() -> None:
    assert {
        mail.fits(Glimpse(path.name, path.read_bytes())) for path in (HERE / "2009-June.txt", HERE / "sample.mbox")
    } == {95}
    assert mail.fits(Glimpse("a.eml", letter())) == 85


SAMPLE = (HERE / "sample.mbox").read_bytes() + (HERE / "2009-June.txt").read_bytes()


@given(st.lists(st.tuples(st.integers(0, len(SAMPLE) - 1), st.binary(max_size=6), st.integers(0, 40)), max_size=12))
def test_mangled_mail_never_breaks_the_reader(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[int, bytes, int]]
) -> None:
    raw = bytearray(SAMPLE)
    for place, new, length in changes:
        raw[place : place + length] = new
    path = tmp_path_factory.mktemp("mangled") / "m.mbox"
    path.write_bytes(raw)
    acts, _ = told(path, host="potters@lists.example.org")
    assert {act.kind for act in acts} <= KINDS.keys()
    for act in acts:
        assert "\0" not in act.text + act.title + act.key
        msgspec.json.encode(act)
        assert datetime(1970, 1, 1, tzinfo=UTC) <= act.at


def test_somebody_who_is_only_quoted_is_no_second_account_of_a_masked_writer(tmp_path: Path) -> None:
    masked = [letter(n, From=f"x{n} @end|ng |rom gom@vn (Mai Lê)") for n in (1, 2)]
    body = "On 4 Mar 2024, {} wrote:\n> a\n\nYes.\n"
    lost = {"In_Reply_To": "<lost@gom.example.vn>", "From": "otto@kiln.example.com"}
    known = letter(3, body.format("Mai Lê <mai at gom.example.vn>"), **lost)
    unknown = letter(4, body.format("Ines <ines at barro.example.pt>"), **lost)
    acts, _ = told(box(tmp_path, *masked, known, unknown))
    assert [touched(act) for act in acts[2:]] == [[], [("replied", "ines@barro.example.pt")]]
