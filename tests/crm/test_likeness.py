"""How likely two accounts are one person's: what counts, what does not, and how it is said."""

from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.likeness.judging import LEAST, LIKELY, POSSIBLE, SENTENCES, TWICE, Likeness, how_sure, likeness
from crm.likeness.keys import CROWD, MANY, band, keys
from crm.likeness.spelling import full_name, spelled
from crm.likeness.traits import Traits, traits
from crm.members import Account


def on_forum(login: str = "", name: str = "", email: str = "", *, uid: str = "1", bot: bool = False) -> Traits:
    return traits("forum", "forum.example", Account(uid, login, name, email), bot=bot)


def in_chat(login: str = "", name: str = "", email: str = "") -> Traits:
    return traits("chat", "chat.example", Account("u1", login, name, email))


def in_git(name: str, email: str = "", login: str = "") -> Traits:
    return traits("git", "", Account(email or f"name:{name}", login, name, email))


def judged(one: Traits, other: Traits, bearers: int = 2) -> Likeness:
    """As if so many accounts shared each of their keys."""
    found = likeness(one, other, dict.fromkeys(keys(one) & keys(other), band(bearers)))
    return found or Likeness(0.0, ())


def codes(found: Likeness) -> list[str]:
    return [reason.code for reason in found.reasons]


def test_one_mail_address_makes_one_person_however_they_are_called():
    found = judged(on_forum("cadaver", "Lasse Öörni", "Lasse@Ludocraft.com"), in_git("L. O.", "lasse@ludocraft.com"))
    assert found.confidence > 0.95
    assert codes(found)[0] == "address"


@pytest.mark.parametrize(
    "address",
    [
        "noreply@github.com",
        "git@kith.vn",
        "root@localhost",
        "info@kith.vn",
        "a@b.local",
        "ann@example.org",
        "dev@lists.kith.vn",
    ],
)
def test_an_address_that_is_nobodys_own_says_nothing(address: str):
    found = judged(in_git("Ann", address), in_git("Ben", address.upper()))
    assert "address" not in codes(found)
    assert found.confidence < POSSIBLE


def test_a_noreply_address_of_github_is_a_login_there():
    commit = in_git("Somebody", "12345+Octo-Cat@users.noreply.github.com")
    issue = traits("github", "github.com", Account("12345", "octo-cat"))
    found = judged(commit, issue)
    assert (found.confidence > 0.95, codes(found)[0]) == (True, "github")
    assert judged(commit, in_git("", "octo-cat@users.noreply.github.com")).confidence > 0.95


def test_a_rare_login_on_two_platforms_tells_more_than_a_short_or_common_one():
    rare, short, common = (
        judged(on_forum(login), in_chat(login)).confidence for login in ("dragonjosh", "cin", "thomas")
    )
    assert rare >= LIKELY > POSSIBLE > common
    assert short < POSSIBLE
    assert judged(on_forum("admin"), in_chat("admin")).confidence == 0


def test_a_login_may_be_all_there_is_of_a_name():
    assert judged(on_forum("Modanung"), in_git("Modanung", "m@luckey.nl")).confidence >= LIKELY


@pytest.mark.parametrize("login", ["lasse.oorni", "lasseoorni", "OorniLasse"])
def test_a_login_made_of_the_whole_name_is_likely_its_bearers(login: str):
    found = judged(on_forum(login), in_git("Lasse Öörni"))
    assert found.confidence >= LIKELY
    assert codes(found) == ["made"]


@pytest.mark.parametrize(
    ("login", "name"), [("djelinski", "Daniel Jelinski"), ("dungnt", "Nguyễn Tiến Dũng"), ("torstenk", "Torsten Klug")]
)
def test_a_login_with_initials_may_be_others_too(login: str, name: str):
    assert POSSIBLE <= judged(on_forum(login), in_git(name)).confidence < LIKELY


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Konstantin Guschin", "Guschin Konstantin"),
        ("Björn Stenberg", "Bjorn Stenberg"),
        ("Tim Rühsen", "Tim Ruehsen"),
        ("Sergei Nikulov", "Sergey Nikulov"),
        ("Jim Fuller", "James Fuller"),
        ("John E. Malmberg", "John Malmberg"),
        ("Nguyễn Thanh Hoà", "Nguyễn Thanh Hòa"),
        ("Đỗ Thanh Ngân", "ĐỖ THANH NGÂN"),
    ],
)
def test_spellings_of_one_full_name_are_likely_one_person(one: str, other: str):
    assert judged(in_git(one, "a@one.vn"), on_forum("x1", other)).confidence >= LIKELY


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Andrea Rossini", "Andreas Rossini"),
        ("Karthik Das", "Karthik Dasari"),
        ("David Lang", "David Lopes"),
        ("Richard W. Jones", "Richard J. Moore"),
        ("Balaji Salunke", "Balaji S Rao"),
        ("Marcin Adamski", "Adam Marcinek"),
        ("Member Number 12", "Member Number 13"),
        ("Trần Thu Hà", "Trần Thu Hằng"),
    ],
)
def test_names_that_only_look_alike_are_not_shown(one: str, other: str):
    assert judged(in_git(one, "a@one.vn"), in_git(other, "b@two.vn")).confidence < POSSIBLE


def test_marks_of_a_name_are_evidence_for_and_against():
    hoang, plain, hoang_hook = (in_git(name) for name in ("Lê Minh Hoàng", "Le Minh Hoang", "Lê Minh Hoảng"))
    same = judged(hoang, in_git("Lê Minh Hoàng", "h@x.vn")).confidence
    assert same >= LIKELY > judged(hoang, plain).confidence >= POSSIBLE
    assert judged(hoang, hoang_hook).confidence < LEAST
    clash = judged(in_git("Lê Minh Hoàng", "", "minhhoangle"), on_forum("minhhoangle", "Lê Minh Hoảng"))
    assert "clash" in codes(clash)
    assert clash.confidence < POSSIBLE


def test_what_half_a_country_is_called_tells_little():
    common, rare = (judged(in_git(name), on_forum("x", name)) for name in ("Nguyễn Văn Anh", "Nguyễn Tiến Dũng"))
    assert common.confidence < LIKELY <= rare.confidence
    by_many = judged(in_git("Torsten Klug"), on_forum("x", "Torsten Klug"), bearers=20)
    assert by_many.confidence < LIKELY
    assert "often" in codes(by_many)


def test_two_accounts_at_one_place_are_no_suggestion_unless_an_address_says_so():
    one, two = on_forum("JTippetts", "Jay Tippetts"), on_forum("JTippetts1", "Jay Tippetts", uid="2")
    assert judged(one, two).confidence == TWICE
    assert "place" in codes(judged(one, two))
    addressed = (on_forum(login, "Jay", "jay@tippetts.us") for login in ("a", "b"))
    assert judged(*addressed).confidence > LIKELY


def test_in_commits_one_name_under_many_addresses_is_likely_one_person():
    found = judged(in_git("Rainer Deyke", "a@eldwood.com"), in_git("Rainer Deyke", "b@eldwood.com"))
    assert codes(found) == ["name", "domain"]
    assert (
        found.confidence
        > judged(in_git("Rainer Deyke", "a@gmail.com"), in_git("Rainer Deyke", "b@gmail.com")).confidence
    )


def test_other_full_names_speak_against_a_shared_login():
    alone = judged(on_forum("nightowl"), in_chat("nightowl"))
    differing = judged(on_forum("nightowl", "Ann Baker"), in_chat("nightowl", "Ben Carver"))
    assert "differ" in codes(differing)
    assert differing.confidence < alone.confidence


def test_a_machine_is_nobody():
    assert judged(on_forum("dragonjosh", bot=True), in_chat("dragonjosh")).confidence == 0
    assert keys(on_forum("dragonjosh", "Josh Dragon", bot=True)) == set()


def test_what_a_file_vouches_for_needs_no_other_reason():
    found = likeness(in_git("zed"), in_git("Ebba Lund"), {}, vouched=True)
    assert found
    assert (found.confidence, codes(found)) == (0.99, ["vouched"])


def test_a_crowd_counts_as_many_and_sizes_go_by_powers_of_two():
    assert [band(size) for size in (1, 2, 3, 4, 5, 9, CROWD, CROWD + 1)] == [1, 2, 4, 4, 8, 16, 32, MANY]


def test_a_word_keeps_its_marks_and_loses_them():
    assert spelled("hoàng").kept != spelled("hoảng").kept
    assert spelled("hoà").kept == spelled("hòa").kept
    assert spelled("rühsen").plains == ("ruhsen", "ruehsen")
    assert full_name("niansa/tuxifan") == full_name("first.last") == full_name("mail@kith.vn") == ()
    assert full_name("Evgeny Grin (Karlson2k)") == ("evgeny", "grin")


NAMES = st.sampled_from(
    ["", "Lê Minh Hoàng", "Le Minh Hoang", "Ann Baker", "Ann B", "annb", "王小明", "Ann  Baker", "-- ..", "a" * 300]
)
ACCOUNTS = st.builds(
    lambda uid, login, name, email, source, bot: traits(source, "h", Account(uid, login, name, email), bot=bot),
    st.sampled_from(["1", "2", "name:x"]),
    st.sampled_from(["", "annb", "ann-b", "hoangle", "7", "[bot]"]),
    NAMES,
    st.sampled_from(["", "ann@baker.uk", "noreply@github.com", "1+annb@users.noreply.github.com", "@", "x"]),
    st.sampled_from(["git", "forum", "github"]),
    st.booleans(),
)


@given(ACCOUNTS, ACCOUNTS, st.integers(1, 50))
def test_a_judgement_is_the_same_from_both_sides_and_can_be_said(one: Traits, other: Traits, bearers: int):
    found, back = judged(one, other, bearers), judged(other, one, bearers)
    assert found.confidence == back.confidence
    assert 0 <= found.confidence <= 1
    assert codes(found) == codes(back)
    for reason in found.reasons:
        assert reason.sentence.format(**reason.values)


@given(ACCOUNTS, ACCOUNTS)
def test_whoever_is_likely_the_same_shares_a_key(one: Traits, other: Traits):
    if judged(one, other).confidence >= POSSIBLE:
        assert keys(one) & keys(other)


def test_every_reason_has_a_sentence_and_confidence_has_words():
    assert all(
        {name for _, name, _, _ in Formatter().parse(text) if name} <= {"handle", "name", "one", "other", "host"}
        for text in SENTENCES.values()
    )
    assert [how_sure(confidence) for confidence in (0.99, LIKELY, POSSIBLE, 0.1)] == [
        "almost certainly",
        "likely",
        "perhaps",
        "hardly",
    ]
