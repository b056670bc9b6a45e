"""Between an activity and a fact: drafts whose personal parts are sealed together, with one look at the vault for all."""

import os
from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from crm.event import Fact
from crm.vault import NONCE, Vault, seal


class Draft(NamedTuple):
    """A fact whose personal part is not sealed yet."""

    fact: Fact
    personal: msgspec.Struct | None


def seal_all(vault: Vault, drafts: Sequence[Draft]) -> list[Fact]:
    """The facts with their personal parts sealed; newcomers are given keys."""
    keys = vault.keys({fact.subject for fact, personal in drafts if personal}, make=True)
    chance = os.urandom(NONCE * len(drafts))
    for number, (fact, personal) in enumerate(drafts):
        if personal:
            nonce = chance[number * NONCE : (number + 1) * NONCE]
            sealed = seal(keys[fact.subject], fact.originator_id, personal, nonce)
            # Set in place: nobody else holds a draft yet, and copying it would take as long as encrypting.
            msgspec.structs.force_setattr(fact, "sealed", sealed)
    return [fact for fact, _ in drafts]
