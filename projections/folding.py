"""Search keys: letters without marks, so that "nguyen" finds "Nguyễn" on every PostgreSQL, without an extension."""

import unicodedata

LONGEST = 200


def folded(text: str) -> str:
    """Lower case, marks dropped, đ to d, cut at 200 letters; for finding, never for showing."""
    plain = unicodedata.normalize("NFD", text[: LONGEST * 3].casefold()).replace("đ", "d")
    return "".join(letter for letter in plain if not unicodedata.combining(letter))[:LONGEST]
