"""Events: whatever was ever written can be read, and each class says all that is needed to show it."""

import json
import re
from datetime import UTC, datetime
from string import Formatter
from typing import Any, ClassVar
from uuid import UUID, uuid4

import msgspec
import pytest

from crm import coding
from crm.event import REGISTRY, Event
from tests.crm.make_golden import GOLDEN, golden, kiths_own, sample


@pytest.mark.parametrize("cls", kiths_own())
def test_each_version_of_each_event_has_a_golden_sample(cls: type[Event]) -> None:
    for version in range(1, cls.VERSION + 1):
        assert golden(cls, version).exists(), (
            f"{cls.__name__}: run `python -m tests.crm.make_golden`, and keep its file"
        )


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.json")), ids=lambda path: path.stem)
def test_what_was_ever_written_is_read_and_means_the_same(path: Any) -> None:
    kept = json.loads(path.read_text())
    read = coding.decode(kept["topic"], bytes.fromhex(kept["state"]))
    assert json.loads(msgspec.json.encode(read)) == kept["event"]


@pytest.mark.parametrize("cls", kiths_own())
def test_an_event_comes_back_from_its_state_as_it_was(cls: type[Event]) -> None:
    made = sample(cls)
    assert coding.decode(cls.TOPIC, coding.encode(made)) == made


@pytest.mark.parametrize("cls", kiths_own())
def test_an_event_has_a_sentence_of_its_own_fields_and_a_stable_topic(cls: type[Event]) -> None:
    named = {name for _, name, _, _ in Formatter().parse(cls.SENTENCE) if name}
    assert cls.SENTENCE
    assert named <= set(cls.__struct_fields__)
    assert re.fullmatch(r"[a-z_]+\.[a-z_]+", cls.TOPIC)


@pytest.mark.parametrize("cls", kiths_own())
def test_personal_words_stand_in_no_field_that_is_not_sealed(cls: type[Event]) -> None:
    if cls.PERSONAL is not None:
        assert "sealed" in cls.__struct_fields__
        assert not set(cls.PERSONAL.__struct_fields__) & set(cls.__struct_fields__)


class Moved(Event, frozen=True, kw_only=True):
    """Version 1 had `where`, version 2 called it `place` and had no moment, version 3 has both and an owner."""

    TOPIC: ClassVar[str] = "tests.moved"
    VERSION: ClassVar[int] = 3
    UPCASTERS: ClassVar[Any] = {
        1: lambda old: {**{name: value for name, value in old.items() if name != "where"}, "place": old["where"]},
        2: lambda old: {**old, "at": datetime(1970, 1, 1, tzinfo=UTC), "owner": None},
    }

    place: str
    at: datetime
    owner: UUID | None = None
    proof: bytes = b""


def as_stored(**fields: Any) -> bytes:
    return msgspec.msgpack.Encoder(uuid_format="bytes").encode(fields)


def test_events_of_older_versions_are_led_up_to_todays() -> None:
    stream, owner = uuid4(), uuid4()
    long_ago = datetime(1970, 1, 1, tzinfo=UTC)
    first = coding.decode("tests.moved", as_stored(id=stream, n=1, where="Huế"))
    second = coding.decode("tests.moved", as_stored(id=stream, n=2, place="Huế", v=2))
    assert first == Moved(originator_id=stream, originator_version=1, place="Huế", at=long_ago)
    assert second == Moved(originator_id=stream, originator_version=2, place="Huế", at=long_ago)
    today = Moved(
        originator_id=stream, originator_version=3, place="Huế", at=datetime.now(UTC), owner=owner, proof=b"\x00\xff"
    )
    assert coding.decode("tests.moved", coding.encode(today)) == today


def test_a_topic_is_never_given_twice() -> None:
    with pytest.raises(TypeError, match="“tests.moved” belongs to Moved already"):
        type("Other", (Event,), {"TOPIC": "tests.moved"}, frozen=True, kw_only=True)
    assert REGISTRY["tests.moved"] is Moved


def test_a_topic_that_nobody_knows_is_an_error() -> None:
    with pytest.raises(KeyError):
        coding.decode("no.such", b"\x80")
