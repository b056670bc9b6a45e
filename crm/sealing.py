"""Between an activity and a fact: drafts, whose personal parts are sealed with one look at the vault for all."""

import os
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from msgspec.structs import force_setattr

from crm.event import Fact
from crm.vault import NONCE, Vault, seal


class Draft(NamedTuple):
    """A fact whose personal part is not sealed yet."""

    fact: Fact
    personal: msgspec.Struct | None


def sealed(vault: Vault, drafts: Sequence[Draft]) -> Iterator[Fact]:
    """The facts, each sealed as it is asked for; the keys are fetched now, and newcomers are given theirs."""
    subjects = [fact.subject if personal else None for fact, personal in drafts]
    keys = vault.keys({subject for subject in subjects if subject}, make=True)
    return _sealed(drafts, subjects, keys)


def _sealed(drafts: Sequence[Draft], subjects: Sequence[UUID | None], keys: Mapping[UUID, AESGCM]) -> Iterator[Fact]:
    chance = os.urandom(NONCE * len(drafts))
    nonces = (chance[at : at + NONCE] for at in range(0, len(chance), NONCE))
    for (fact, personal), subject, nonce in zip(drafts, subjects, nonces, strict=True):
        if personal and subject:
            # Set in place: nobody else holds a draft yet, and copying it would take as long as encrypting.
            force_setattr(fact, "sealed", seal(keys[subject], fact.originator_id, personal, nonce))
        yield fact
