"""Our checkpoints must be readable by the tools of such logs, theirs by us, a changed one by nobody."""

from base64 import b64decode, b64encode

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from crm.checkpoint import (
    Checkpoint,
    open_note,
    open_text,
    read_verifier_key,
    sign,
    sign_text,
    verifier_key,
)
from crm.errors import Refusal

# The example of golang.org/x/mod/sumdb/note (note_test.go).
PETER_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETER_SEED = b64decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")[1:]
ENOCH_KEY = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
PETER = "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
ENOCH = "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n"

# Checkpoints of the Go checksum database: one with two signatures of a witness (FiloSottile's test instance,
# January 2023) and one as it was served in 2026.
SUM_KEY = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"
WITNESSED = """go.sum database tree
15081221
BoMMe1wd25Tco0mYGROkyqxHZWx+hcSCtMV315Lu6Lg=

— sum.golang.org Az3grilD7vQqTrv66jRgKM84Y80KTprrSt4bKmiOPxgmS5ZVBTeCl6dUvjYnN13R+C8j0jGY1WnUADGMkok3U0m2Zgo=
— test.example.com qTGhC3917mAr6hGh+T55tNjxaej/D/GQivJZRIj7XGdAcQOTqfMWIPgp/v/904LEduN/h2sSRtHUJXUL4b9Gm7Bz4Qc=
— test.example.com /Pa7Y/dUvWMAAAAAQVwkQVi81ArPV7BIaQYrMIxyzY0m8a4BdeeBhSKd3PviPK4/3Sd+NKSc5N7PDTCfAkUSVniN+R2oKIggA4iiDQ==
"""
SERVED = """go.sum database tree
63096908
8lHrQPRYe4KT4WQ9/Qk8/taKnD6IRHbFgfN7vQE2Y54=

— sum.golang.org Az3gri/oVBN1jAhNZ/iS+W31psFAWRT20/GyrhpU6taFwulQGetBkH5S7wpGXdS935jiIGiUUAXBVHzT/P6fYhqAmAk=
"""

NAME = "kith.example/community"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
CHECKPOINT = Checkpoint(NAME, 7, bytes(range(32)), ("time 2026-11-24T08:00:00Z", "acts 12"))
NOTE = sign(CHECKPOINT, NAME, KEY)
ZEROS = b64encode(bytes(32)).decode()

lines = st.text(st.characters(exclude_categories=["Cs"], min_codepoint=32), min_size=1, max_size=30)


def test_signing_gives_the_very_note_that_go_gives() -> None:
    key = Ed25519PrivateKey.from_private_bytes(PETER_SEED)
    assert sign_text(TEXT, "PeterNeumann", key) == TEXT + "\n" + PETER


@pytest.mark.parametrize("key", [PETER_KEY, ENOCH_KEY])
def test_either_of_two_signers_opens_the_example_note_of_go(key: str) -> None:
    assert open_text(TEXT + "\n" + PETER + ENOCH, *read_verifier_key(key)) == TEXT


@pytest.mark.parametrize("key", [PETER_KEY, ENOCH_KEY, SUM_KEY])
def test_known_verifier_keys_are_read_and_written_alike(key: str) -> None:
    assert verifier_key(*read_verifier_key(key)) == key


@pytest.mark.parametrize("position", range(len(PETER_KEY)))
def test_a_verifier_key_with_any_character_changed_or_cut_off_is_refused(position: int) -> None:
    changed = PETER_KEY[:position] + chr(ord(PETER_KEY[position]) + 1) + PETER_KEY[position + 1 :]
    for bad in (changed, PETER_KEY[:position], PETER_KEY[position + 1 :]):
        with pytest.raises(Refusal):
            read_verifier_key(bad)


@pytest.mark.parametrize(
    "bad",
    [
        "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
        "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    ],
    ids=["key of a wrong length", "unknown kind of key"],
)
def test_the_verifier_keys_that_go_refuses_are_refused(bad: str) -> None:
    with pytest.raises(Refusal, match="not a verifier key"):
        read_verifier_key(bad)


@pytest.mark.parametrize(
    "bad",
    [
        TEXT,
        TEXT + "\n",
        TEXT + "\n" + PETER[:-1],
        "\x01" + TEXT + "\n" + PETER,
        "\udcff" + TEXT + "\n" + PETER,
        TEXT + "\n" + PETER.replace("PeterNeumann", "Bad Name"),
        TEXT + "\n" + PETER + "Unexpected line.\n",
        TEXT + "\n" + PETER * 101,
        TEXT + "\n" + PETER[:60] + "ABCD" + PETER[60:],
        TEXT + "\n" + PETER.replace("=", ""),
        TEXT + "\n— PeterNeumann x08gow==\n",
        "",
        "\n\n",
    ],
)
def test_the_malformed_notes_of_go_are_refused(bad: str) -> None:
    with pytest.raises(Refusal):
        open_text(bad, *read_verifier_key(PETER_KEY))


def test_a_hundred_signatures_are_still_read() -> None:
    assert open_text(TEXT + "\n" + ENOCH * 99 + PETER, *read_verifier_key(PETER_KEY)) == TEXT


def test_checkpoints_of_the_go_checksum_database_open() -> None:
    witnessed = open_note(WITNESSED, *read_verifier_key(SUM_KEY))
    assert (witnessed.origin, witnessed.size, witnessed.extensions) == ("go.sum database tree", 15081221, ())
    assert b64encode(witnessed.root) == b"BoMMe1wd25Tco0mYGROkyqxHZWx+hcSCtMV315Lu6Lg="
    assert open_note(SERVED, *read_verifier_key(SUM_KEY)).size == 63096908


def test_a_checkpoint_of_another_log_does_not_open_with_our_key() -> None:
    with pytest.raises(Refusal, match="not signed by kith"):
        open_note(SERVED, NAME, KEY.public_key())


def test_the_text_of_a_checkpoint_is_the_one_the_specification_gives() -> None:
    root = b64encode(bytes(range(32))).decode()
    text = f"kith.example/community\n7\n{root}\ntime 2026-11-24T08:00:00Z\nacts 12\n"
    assert open_text(NOTE, NAME, KEY.public_key()) == text


@given(lines, st.integers(0, 2**63 - 1), st.binary(min_size=32, max_size=32), st.lists(lines))
def test_a_signed_checkpoint_opens_as_it_was(origin: str, size: int, root: bytes, more: list[str]) -> None:
    checkpoint = Checkpoint(origin, size, root, tuple(more))
    assert open_note(sign(checkpoint, NAME, KEY), NAME, KEY.public_key()) == checkpoint


@given(at=st.integers(0, len(NOTE) - 1), other=st.characters())
def test_a_note_with_any_character_changed_is_refused(at: int, other: str) -> None:
    changed = NOTE[:at] + other + NOTE[at + 1 :]
    if changed != NOTE:
        with pytest.raises(Refusal):
            open_note(changed, NAME, KEY.public_key())


@given(note=st.text(st.sampled_from("— \n+=aA0\x00\ud800"), max_size=40))
def test_any_other_text_is_refused_and_never_an_error(note: str) -> None:
    with pytest.raises(Refusal):
        open_note(note, NAME, KEY.public_key())


def test_a_wrong_signature_of_ours_spoils_the_note_even_beside_a_right_one() -> None:
    wrong = sign_text("another text\n", NAME, KEY).split("\n\n")[1]
    with pytest.raises(Refusal, match="does not match"):
        open_note(NOTE + wrong, NAME, KEY.public_key())


def test_another_key_under_our_name_is_passed_over_and_does_not_count() -> None:
    other = Ed25519PrivateKey.from_private_bytes(bytes(32))
    theirs = sign(CHECKPOINT, NAME, other)
    assert open_note(NOTE + theirs.split("\n\n")[1], NAME, KEY.public_key()) == CHECKPOINT
    with pytest.raises(Refusal, match="not signed by kith"):
        open_note(theirs, NAME, KEY.public_key())


@pytest.mark.parametrize("size", ["", "-1", "+7", "07", "7.0", "\u0667", " 7", "9" * 5000])
def test_a_signed_text_with_a_size_that_is_no_plain_number_is_no_checkpoint(size: str) -> None:
    note = sign_text(f"log\n{size}\n{ZEROS}\n", NAME, KEY)
    with pytest.raises(Refusal, match="no checkpoint"):
        open_note(note, NAME, KEY.public_key())


@pytest.mark.parametrize("root", ["", "AAAA", "!" * 44, "A" * 43 + "=" + "=", "A" * 42 + "B="])
def test_a_signed_text_with_a_root_that_is_no_hash_is_refused(root: str) -> None:
    with pytest.raises(Refusal, match="root hash of 32 bytes"):
        open_note(sign_text(f"log\n7\n{root}\nmore\n", NAME, KEY), NAME, KEY.public_key())


@pytest.mark.parametrize("text", ["log\n", "log\n7\n", f"\n7\n{ZEROS}\n", f"log\n7\n{ZEROS}\n\nmore\n"])
def test_a_signed_text_with_lines_missing_or_empty_is_no_checkpoint(text: str) -> None:
    with pytest.raises(Refusal):
        open_note(sign_text(text, NAME, KEY), NAME, KEY.public_key())


@pytest.mark.parametrize("line", ["", "acts 12\nacts 13", "acts\r", "\t", "\udcff"])
def test_lines_that_could_not_be_written_are_refused_before_they_are_signed(line: str) -> None:
    with pytest.raises(Refusal, match="Each line of a checkpoint"):
        Checkpoint("log", 7, bytes(32), (line,))
    with pytest.raises(Refusal, match="Each line of a checkpoint"):
        Checkpoint(line, 7, bytes(32))


@pytest.mark.parametrize(("size", "root"), [(-1, bytes(32)), (10**19, bytes(32)), (7, bytes(31)), (7, b"")])
def test_sizes_and_roots_that_no_tree_has_are_refused(size: int, root: bytes) -> None:
    with pytest.raises(Refusal, match="root hash of 32 bytes"):
        Checkpoint("log", size, root)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u00a0b", "a\n", "a\x01b"])
def test_a_key_name_that_cannot_stand_in_a_signature_line_is_refused(name: str) -> None:
    with pytest.raises(Refusal, match="name of a key"):
        sign(CHECKPOINT, name, KEY)
    with pytest.raises(Refusal, match="name of a key"):
        verifier_key(name, KEY.public_key())
