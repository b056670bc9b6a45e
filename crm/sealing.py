"""Between an activity and a fact: drafts whose personal parts are sealed together, with one look at the vault for all."""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from crm.event import Fact
from crm.vault import Vault, seal_many


class Draft(NamedTuple):
    """A fact whose personal part is not sealed yet."""

    fact: Fact
    personal: msgspec.Struct | None


def seal_all(vault: Vault, drafts: Sequence[Draft]) -> list[Fact]:
    """The facts with their personal parts sealed; newcomers are given keys."""
    sealing = [(draft.fact, draft.fact.subject, draft.personal) for draft in drafts if draft.personal]
    keys = vault.keys({subject for _, subject, _ in sealing}, make=True)
    parts = [(keys[subject], fact.originator_id, personal) for fact, subject, personal in sealing]
    for (fact, _, _), sealed in zip(sealing, seal_many(parts), strict=True):
        msgspec.structs.force_setattr(fact, "sealed", sealed)  # a copy of the draft would take as long as encrypting
    return [draft.fact for draft in drafts]
