"""Numbers of reactions, as people and their programs write them."""

import re

GROUPED = re.compile(r"\d{1,3}(?:[.,\s]\d{3})+")


def count_of(cell: str) -> dict[str, int]:
    """The reactions that a cell counts, by the one name they have: nobody says what they were. Nothing where it is no number."""
    if GROUPED.fullmatch(cell):
        cell = re.sub(r"\D", "", cell)
    number = int(cell) if cell.isascii() and cell.isdecimal() and len(cell) < 10 else 0
    return {"like": number} if number else {}
