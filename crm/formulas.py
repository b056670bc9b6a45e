"""Formulas as the team keeps them: versions that were proposed, and which one counts, since when and why.

What Kith brings are the first versions. A change is a version of its own that can be tried on all of history before it is adopted.
"""

from collections.abc import Iterable, Mapping
from math import isfinite
from typing import Any, ClassVar

import msgspec
from psycopg import Connection

from crm.acts import Act
from crm.command import Command
from crm.doing import do
from crm.errors import Refusal
from crm.event import Aggregate
from crm.installation import Installation
from crm.kinds import _
from crm.scores import formula
from crm.scores.formula import ONCE, Formula, Level, Settings, Weighted
from crm.vocabulary import what_is_set_up, what_was_ever_set_up

MOST = 10_000
"""Points and days at most."""


class FormulaProposed(Act, frozen=True, kw_only=True):
    """A version of a weighted formula was written down, to be tried."""

    TOPIC: ClassVar[str] = "formula.proposed"
    SENTENCE: ClassVar[str] = _("Version {version} of the score {formula} was proposed")
    ICON: ClassVar[str] = "flask-conical"

    formula: str
    version: int
    settings: dict[str, Any]
    reason: str = ""

    @property
    def slot(self) -> str:
        return f"formula:{self.formula}@{self.version}"

    def value(self, personal: Any) -> Any:
        return {"settings": self.settings, "reason": self.reason}


class FormulaDropped(FormulaProposed, frozen=True, kw_only=True):
    """A version that was proposed was let go."""

    TOPIC: ClassVar[str] = "formula.dropped"
    SENTENCE: ClassVar[str] = _("Version {version} of the score {formula} was dropped")
    ICON: ClassVar[str] = "eye-off"

    settings: dict[str, Any] = {}

    def value(self, personal: Any) -> Any:
        return None


class FormulaAdopted(Act, frozen=True, kw_only=True):
    """From now on this version of a formula counts, for a reason."""

    TOPIC: ClassVar[str] = "formula.adopted"
    SENTENCE: ClassVar[str] = _("Version {version} of the score {formula} was adopted")
    ICON: ClassVar[str] = "check"

    formula: str
    version: int
    reason: str

    @property
    def slot(self) -> str:
        return f"adopted:{self.formula}"

    def value(self, personal: Any) -> Any:
        return {"version": self.version, "reason": self.reason}


class ProposeFormula(Command, frozen=True, kw_only=True):
    """Write a version down that can be tried."""

    IN_TURN: ClassVar[bool] = True

    formula: str
    settings: Settings
    reason: str = ""

    def decide(self, kith: Installation) -> Iterable[Aggregate]:
        changed = must_be_weighted(self.formula)
        must_be_sound(changed, self.settings)
        with kith.connection() as connection:
            known = which_versions(connection, changed)
        same = next((version for version, settings in known.items() if settings == self.settings), None)
        if same is not None:
            raise Refusal(
                _("This is what a version that is there already says. Change something, or look at that one.")
            )
        fields = {
            "formula": self.formula,
            "settings": msgspec.to_builtins(self.settings),
            "reason": self.reason.strip()[:2000],
        }
        yield do(kith, FormulaProposed, version=_next(kith, changed), **fields)


class AdoptFormula(Command, frozen=True, kw_only=True):
    """Let a version count from now on."""

    IN_TURN: ClassVar[bool] = True

    formula: str
    version: int
    reason: str

    def decide(self, kith: Installation) -> Iterable[Aggregate]:
        adopted = formula(self.formula)
        with kith.connection() as connection:
            must_be_a_version(connection, adopted, self.version)
            counts = which_version_counts(connection, adopted)
        if not self.reason.strip():
            raise Refusal(_("Say why, so that whoever asks later can read it."), "reason")
        if counts == self.version:
            raise Refusal(_("This version counts already."))
        yield do(kith, FormulaAdopted, formula=self.formula, version=self.version, reason=self.reason.strip()[:2000])


class DropFormula(Command, frozen=True, kw_only=True):
    """Let a version that was proposed go. The log keeps it."""

    IN_TURN: ClassVar[bool] = True

    formula: str
    version: int

    def decide(self, kith: Installation) -> Iterable[Aggregate]:
        dropped = must_be_weighted(self.formula)
        with kith.connection() as connection:
            must_be_a_version(connection, dropped, self.version)
            counts = which_version_counts(connection, dropped)
        if self.version in dropped.settings:
            raise Refusal(_("Kith brings this version along; it cannot be dropped."))
        if counts == self.version:
            raise Refusal(_("This version counts. Adopt another one before you drop it."))
        yield do(kith, FormulaDropped, formula=self.formula, version=self.version)


def must_be_weighted(name: str) -> Weighted:
    """The formula of that name; Refusal where it has no weights that could be changed."""
    found = formula(name)
    if not isinstance(found, Weighted):
        raise Refusal(_("This score has no weights that could be changed."))
    return found


def must_be_a_version(connection: Connection[Any], found: Formula, version: int) -> None:
    """Refusal names the versions there are."""
    known = which_versions(connection, found)
    if version not in known:
        raise Refusal(f"{found.name} has no version {version}. There are: {', '.join(map(str, known))}.")


def must_be_sound(changed: Weighted, settings: Settings) -> None:
    """Refusal, at its field, for weights, half-lives, caps and ladders that cannot be."""
    for rule in changed.rules:
        earning = settings.earnings.get(rule.key)
        if earning is None:
            raise Refusal(_("A weight is missing."), f"{rule.key}.weight")
        if not isfinite(earning.weight) or abs(earning.weight) > MOST:
            raise Refusal(_("A weight is a number between -10,000 and 10,000."), f"{rule.key}.weight")
        if not isfinite(earning.half_life) or not 0 <= earning.half_life <= MOST:
            raise Refusal(_("A half-life is a number of days from 0 (never fades) to 10,000."), f"{rule.key}.half_life")
        if not 0 <= earning.cap <= MOST:
            raise Refusal(
                _("The most that count in a day is a whole number from 0 (no limit) to 10,000."), f"{rule.key}.cap"
            )
        if earning.cap and rule.way in ONCE:
            raise Refusal(
                _("Here each counts once anyway, so there is no most in a day. Leave it at 0."), f"{rule.key}.cap"
            )
    _must_be_a_ladder(settings.ladder)
    if not 0 <= settings.holding <= 24:
        raise Refusal(_("A level outlasts its points by 0 to 24 month ends."), "holding")


def _must_be_a_ladder(ladder: tuple[Level, ...]) -> None:
    if len(ladder) > 12:
        raise Refusal(_("A ladder has twelve levels at most."), "ladder")
    for place, level in enumerate(ladder):
        if not level.name.strip() or len(level.name) > 60:
            raise Refusal(_("A level needs a name of at most sixty letters."), f"level.{place}.name")
        if not isfinite(level.points):
            raise Refusal(_("A level begins at a number of points."), f"level.{place}.points")
        if place and level.points <= ladder[place - 1].points:
            raise Refusal(_("Each level begins at more points than the one before it."), f"level.{place}.points")
        if any(level.name.strip().casefold() == one.name.strip().casefold() for one in ladder[:place]):
            raise Refusal(_("There is a level of that name already."), f"level.{place}.name")


def which_versions(connection: Connection[Any], of: Formula) -> Mapping[int, Settings | None]:
    """The versions of a formula in their order, as the log has them: those that Kith brings, and those proposed and not dropped.

    Of a formula without weights there is nothing to tell but that they are there.
    """
    if not isinstance(of, Weighted):
        return dict.fromkeys(of.editions)
    proposed = [one for one in what_is_set_up(connection, FormulaProposed).values() if one.formula == of.name]
    return of.settings | {
        one.version: msgspec.convert(one.settings, Settings) for one in sorted(proposed, key=lambda one: one.version)
    }


def which_version_counts(connection: Connection[Any], of: Formula) -> int:
    """The version of a formula that was adopted last; the newest that Kith brings where none was."""
    adopted = what_is_set_up(connection, FormulaAdopted).get(f"adopted:{of.name}")
    known = which_versions(connection, of)
    return adopted.version if adopted and adopted.version in known else max(of.editions)


def _next(kith: Installation, changed: Weighted) -> int:
    """A number that no version ever had, those dropped or undone included."""
    with kith.connection() as connection:
        ever = [one.version for one in what_was_ever_set_up(connection, FormulaProposed) if one.formula == changed.name]
    return max((*changed.editions, *ever)) + 1
