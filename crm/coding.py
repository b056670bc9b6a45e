"""Events as bytes: what is stored, and every version ever written led up to today's."""

from datetime import datetime
from typing import Any

import msgspec

from crm.event import REGISTRY, Event

_encode = msgspec.msgpack.Encoder(uuid_format="bytes").encode
_decoders: dict[type[Event], msgspec.msgpack.Decoder[Any]] = {}


def encode(event: Event) -> bytes:
    """The state as it is stored: a msgpack map, with `v` when the class is past its first version."""
    state = _encode(event)
    if type(event).VERSION == 1:
        return state
    return _encode({**msgspec.msgpack.decode(state), "v": type(event).VERSION})


def decode(topic: str, state: bytes) -> Event:
    """The event of a stored state of any version ever written. KeyError for a topic nobody knows."""
    cls = REGISTRY[topic]
    if cls.VERSION == 1:
        decoder = _decoders.get(cls) or _decoders.setdefault(cls, msgspec.msgpack.Decoder(cls))
        return decoder.decode(state)  # type: ignore[no-any-return]
    plain = msgspec.msgpack.decode(state)
    for version in range(plain.pop("v", 1), cls.VERSION):
        plain = cls.UPCASTERS[version](plain)
    return msgspec.convert(plain, cls, builtin_types=(bytes, datetime))
