"""Nobody should have to explain a column that heads itself “E-mail”: the meaning of columns is proposed, then confirmed.

Headings decide; where none says who it was or when, the cells of the first rows are looked at.
"""

from collections.abc import Callable, Mapping, Sequence

from crm.csv.dates import is_date
from crm.csv.folding import fold
from crm.csv.headings import KNOWN, OF_ACTIVITIES, OF_MEMBERS, WEAK
from crm.csv.meanings import MEMBER, PERSON, of_activity
from crm.csv.people import ADDRESS, LONGEST, NAMED, NOBODY, is_handle

Rows = Sequence[Mapping[str, str]]

MOST = 0.8
"""So many of the cells that are filled must look alike."""

NOT_WHEN = ("birth", "sinh", "updated", "modified", "last seen", "last active", "expir", "due", "cap nhat", "het han")
"""Dates under such headings are not when somebody joined or did something."""


def propose(headings: Sequence[str], samples: Rows) -> dict[str, str]:
    """What each column is likely to mean, by its heading and the first rows; "" where it should be left out."""
    proposed = dict.fromkeys(headings, "")
    _by_heading(proposed, {word: meaning for word, meaning in KNOWN.items() if meaning in PERSON})
    _mend_names(proposed)
    _who_by_cells(proposed, samples)
    if _of_activities(proposed, samples):
        _by_heading(proposed, {word: meaning for word, meaning in KNOWN.items() if meaning != "joined"} | OF_ACTIVITIES)
        _when_by_cells(proposed, samples)
        _without_repeats(proposed, samples)
    else:
        _by_heading(proposed, {word: meaning for word, meaning in (KNOWN | OF_MEMBERS).items() if meaning in MEMBER})
    return proposed


def _by_heading(proposed: dict[str, str], known: Mapping[str, str]) -> None:
    """Give each column the meaning of its heading, unless it or another column has it already."""
    names = {"first_name", "last_name"} if "name" in proposed.values() else set()
    for heading, already in proposed.items():
        meaning = known.get(fold(heading), "")
        if meaning and not already and meaning not in proposed.values() and meaning not in names:
            proposed[heading] = meaning


def _mend_names(proposed: dict[str, str]) -> None:
    """A lone given or family name is the name; beside a full name neither is needed."""
    parts = [heading for heading, meaning in proposed.items() if meaning in {"first_name", "last_name"}]
    if "name" in proposed.values():
        proposed |= dict.fromkeys(parts, "")
    elif len(parts) == 1:
        proposed[parts[0]] = "name"


def _of_activities(proposed: Mapping[str, str], samples: Rows) -> bool:
    """Whether rows are activities: one strong heading says so, or two weak ones, or people in it several times, with dates."""
    words = {fold(heading) for heading in proposed}
    telling = {word: meaning for word in words if of_activity(meaning := KNOWN.get(word, ""))}
    if telling.keys() - WEAK:
        return True
    if "joined" in {KNOWN.get(word) for word in words}:
        return False
    who = [heading for heading, meaning in proposed.items() if meaning in PERSON]
    people = [tuple(row.get(heading, "") for heading in who) for row in samples]
    again = bool(who) and len(set(people)) < MOST * len(people)
    return len(set(telling.values())) > 1 or (again and "time" in telling.values())


def _who_by_cells(proposed: dict[str, str], samples: Rows) -> None:
    _first_like(proposed, samples, "email", ADDRESS.fullmatch, unless=("email", "name"))
    _first_like(proposed, samples, "name", _is_named, unless=PERSON)
    _first_like(proposed, samples, "login", is_handle, unless=PERSON)


def _when_by_cells(proposed: dict[str, str], samples: Rows) -> None:
    _first_like(proposed, samples, "time", is_date, unless=("time",), no=NOT_WHEN)
    _first_like(proposed, samples, "link", _is_link, unless=("link",))


def _without_repeats(proposed: dict[str, str], samples: Rows) -> None:
    """What stands in many rows does not number them."""
    for heading, meaning in proposed.items():
        numbers = [row.get(heading, "") for row in samples] if meaning == "key" else []
        if len(set(numbers)) < MOST * len(numbers):
            proposed[heading] = ""


def _first_like(
    proposed: dict[str, str],
    samples: Rows,
    meaning: str,
    fits: Callable[[str], object],
    unless: Sequence[str],
    no: Sequence[str] = (),
) -> None:
    """Give a meaning that no column has yet to the first column most of whose cells fit."""
    if any(each in proposed.values() for each in unless):
        return
    for heading, already in proposed.items():
        cells = [cell for row in samples if (cell := row.get(heading, "")[:LONGEST]) not in NOBODY]
        spoken = any(word in fold(heading) for word in no)
        if not already and not spoken and cells and sum(bool(fits(cell)) for cell in cells) >= MOST * len(cells):
            proposed[heading] = meaning
            return


def _is_named(cell: str) -> bool:
    return bool(NAMED.fullmatch(cell) or ADDRESS.fullmatch(cell))


def _is_link(cell: str) -> bool:
    return cell.startswith(("https://", "http://")) and " " not in cell
