"""The form in which a version of a score is written down: read as people type numbers, each mistake told at its own field."""

import re
from collections.abc import Mapping

import msgspec

from crm.errors import Refusal
from crm.formulas import must_be_sound
from crm.kinds import _
from crm.scores.formula import Earning, Level, Settings, Weighted

SPARE = 3
"""Empty rows at the end of a ladder, so that steps can be added without JavaScript."""

MOST_ROWS = 40

_NUMBER = re.compile(r"[+-]?\d{1,12}(\.\d{0,12})?")
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}([.,]\d{3})*[.,]\d\d0")
"""What one reader takes for thousands and another for a number with three digits behind the point."""


class Draft(msgspec.Struct):
    """The form as it was typed, by field: `RULE.weight`, `level.ROW.points` and so on; `errors` by the same names, msgids."""

    values: dict[str, str]
    errors: dict[str, str] = {}

    @property
    def rows(self) -> list[int]:
        """The rows of the ladder: those that hold something, and some to spare."""
        return list(range(max([row + 1 for row in _filled(self.values)], default=0) + SPARE))

    def says(self, field: str) -> str:
        """What stands in a field."""
        return self.values.get(field, "")


def drafted(settings: Settings, called: Mapping[str, str]) -> Draft:
    """The form filled in with a version; `called` are names of levels in the reader's language by msgid."""
    values = {"holding": str(settings.holding)}
    for key, earning in settings.earnings.items():
        values |= {f"{key}.weight": plain(earning.weight), f"{key}.half_life": plain(earning.half_life)}
        values[f"{key}.cap"] = str(earning.cap)
    for row, level in enumerate(settings.ladder):
        values |= {f"level.{row}.name": called.get(level.name, level.name), f"level.{row}.points": plain(level.points)}
    return Draft(values)


def plain(number: float) -> str:
    """A number as a form holds it."""
    return f"{number:.12f}".rstrip("0").rstrip(".")


def read(
    changed: Weighted, form: Mapping[str, str], called: Mapping[str, str]
) -> tuple[Settings | None, dict[str, str]]:
    """What the form says; or None, with what is wrong with it by field."""
    reading = _Reading(form)
    earnings = {rule.key: reading.earning(rule.key) for rule in changed.rules}
    rows = _filled(form)
    msgids = {words: msgid for msgid, words in called.items()}
    ladder = tuple(reading.level(row, msgids) for row in rows)
    settings = Settings(earnings, ladder, int(reading.number("holding", whole=True)))
    try:
        must_be_sound(changed, settings)
    except Refusal as refusal:
        if (
            not reading.errors or refusal.field.partition(".")[0] in earnings
        ):  # a ladder half read may seem to cross itself
            reading.errors.setdefault(in_form(refusal.field, rows), str(refusal))
    return (None if reading.errors else settings), reading.errors


def in_form(field: str, rows: list[int]) -> str:
    """The field of the form that a rule means: it counts the steps of a ladder, and the form also counts rows left empty."""
    what, _dot, rest = field.partition(".")
    if what != "level":
        return field
    place, _dot, which = rest.partition(".")
    return f"level.{rows[int(place)]}.{which}"


def _filled(form: Mapping[str, str]) -> list[int]:
    return [
        row for row in range(MOST_ROWS) if any(form.get(f"level.{row}.{one}", "").strip() for one in ("name", "points"))
    ]


class _Reading:
    def __init__(self, form: Mapping[str, str]) -> None:
        self.form = form
        self.errors: dict[str, str] = {}

    def earning(self, key: str) -> Earning:
        weight = self.number(f"{key}.weight", needed=True)
        return Earning(weight, self.number(f"{key}.half_life"), int(self.number(f"{key}.cap", whole=True)))

    def level(self, row: int, msgids: Mapping[str, str]) -> Level:
        name = " ".join(self.form.get(f"level.{row}.name", "").split())
        return Level(msgids.get(name, name), self.number(f"level.{row}.points", needed=True))

    def number(self, field: str, *, whole: bool = False, needed: bool = False) -> float:
        """The number in a field; 0 where it is empty, which is a mistake where it is `needed`, or holds something else."""
        typed = self.form.get(field, "").strip().replace("−", "-")
        number = typed.replace(",", ".")
        if not typed and needed:
            self.errors[field] = _("Write a number here.")
        elif _THOUSANDS.fullmatch(typed):
            self.errors[field] = _("Write it without a sign between the thousands, such as 1000.")
        elif typed and not _NUMBER.fullmatch(number):
            self.errors[field] = _("This is no number. Write digits, such as 5 or 0.5.")
        elif whole and typed and not float(number).is_integer():
            self.errors[field] = _("Write a whole number here.")
        return 0 if field in self.errors or not typed else float(number)
