"""Imports are named by their batch; nobody types a whole one, so its first letters do."""

from uuid import UUID

from crm.cli.shell import printable
from crm.errors import Refusal
from crm.installation import Installation
from projections.engine import Engine
from projections.imports import ImportRow, which_imports

MOST = 1000


def all_imports(kith: Installation) -> list[ImportRow]:
    """Imports, the newest first, those of this moment included."""
    Engine(kith).catch_up("imports")
    with kith.connection() as connection:
        return which_imports(connection, limit=MOST)


def find_batch(kith: Installation, typed: str) -> UUID:
    """The batch that begins with these letters. Refusal where there is none or more than one."""
    found = [row.batch for row in all_imports(kith) if str(row.batch).startswith(typed.strip().lower())]
    if len(found) != 1:
        which = "No import begins" if not found else f"{len(found)} imports begin"
        raise Refusal(f"{which} with “{printable(typed)}”. See them all with: crm imports")
    return found[0]


def state_of(row: ImportRow) -> str:
    """What became of an import, in a word or two."""
    if row.taken_back_at:
        return "taken back"
    return "done" if row.finished_at else "not finished"
