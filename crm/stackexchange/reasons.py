"""Why a post was closed, deleted or moved, and who voted for it: partly a number, partly JSON inside the XML."""

from typing import Any

import msgspec

from crm.plain import tidy

CLOSED = 10
REASONS = {
    "1": "Exact duplicate",
    "2": "Off-topic",
    "3": "Subjective and argumentative",
    "4": "Not a real question",
    "7": "Too localised",
    "10": "General reference",
    "20": "Noise or pointless",
    "101": "Duplicate",
    "102": "Off-topic",
    "103": "Needs details or clarity",
    "104": "Needs more focus",
    "105": "Opinion-based",
}


class Voter(msgspec.Struct, gc=False):
    """Somebody who voted for it; without `Id` when the account is gone."""

    Id: int | None = None
    DisplayName: str | None = ""


class Details(msgspec.Struct, gc=False):
    """What the text of a row of history says, where it is JSON."""

    OriginalQuestionIds: list[int] | None = None
    Voters: list[Voter] | None = None


DECODER: msgspec.json.Decoder[Any] = msgspec.json.Decoder(Details)


def details(cells: dict[str, str]) -> Details:
    """Voters and originals; nothing of either where the row tells none."""
    text = cells.get("Text", "")
    if not text.startswith("{"):
        return Details()
    try:
        found: Details = DECODER.decode(text)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return Details()
    return found


def reason(cells: dict[str, str], of: int, found: Details, host: str) -> str:
    """Why, in words: the reason of a closing and what it duplicates, else whatever was noted."""
    note, text = cells.get("Comment", "").strip(), cells.get("Text", "").strip()
    if of == CLOSED:
        note = REASONS.get(note, f"Reason {note}" if note.isdecimal() else note)
    elif note.isdecimal():
        note = ""  # the number of a notice, of which the dump has no list
    originals = [f"https://{host}/q/{original}" for original in found.OriginalQuestionIds or ()]
    return tidy("\n".join([note, *originals, "" if text.startswith("{") else text]))
