"""Levels set by hand: a colleague's word about a member goes before what the points say, and stays visible with its reason."""

from collections.abc import Iterable
from typing import Any, ClassVar

from crm.about import AboutMember
from crm.acts import Act
from crm.doing import do
from crm.errors import Refusal
from crm.event import Aggregate
from crm.formulas import must_be_weighted, which_version_counts, which_versions
from crm.installation import Installation
from crm.kinds import _
from crm.membership import Reason


class LevelSet(Act, frozen=True, kw_only=True):
    """A member has this level of a score, whatever their points say; None lets the points speak again."""

    TOPIC: ClassVar[str] = "member.level_set"
    SENTENCE: ClassVar[str] = _("The level of a member was set by hand")
    ICON: ClassVar[str] = "award"
    PERSONAL = Reason

    formula: str
    level: str | None

    @property
    def slot(self) -> str:
        return f"level:{self.formula}"

    def value(self, personal: Any) -> Any:
        return self.level and {"level": self.level, "reason": personal.text if personal else ""}


class SetLevel(AboutMember, frozen=True, kw_only=True):
    """Give a member a level by hand, with the reason; None lets the points speak again."""

    formula: str
    level: str | None
    reason: str = ""

    def decide(self, kith: Installation) -> Iterable[Aggregate]:
        of = must_be_weighted(self.formula)
        with kith.connection() as connection:
            settings = which_versions(connection, of)[which_version_counts(connection, of)]
        assert settings is not None
        if self.level is not None and self.level not in {one.name for one in settings.ladder}:
            raise Refusal(_("There is no such level any more. Load the page again."), "level")
        if self.level is not None and not self.reason.strip():
            raise Refusal(_("Say why, so that whoever asks later can read it."), "reason")
        self._must_be_as_seen(kith, f"level:{self.formula}")
        yield do(
            kith,
            LevelSet,
            self.member,
            personal=Reason(self.reason.strip()[:2000]),
            formula=self.formula,
            level=self.level,
        )
