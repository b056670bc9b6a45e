"""Tags: words that the team gives to members and takes off again, the same for all who bear one."""

from collections.abc import Iterable
from typing import Any, ClassVar

from crm.about import AboutMember, standing
from crm.acts import Act
from crm.doing import do
from crm.errors import Refusal
from crm.event import Aggregate
from crm.installation import Installation
from crm.kinds import _

LONGEST = 60
"""Letters of a tag at most."""


class TagGiven(Act, frozen=True, kw_only=True):
    """Members bear a tag."""

    TOPIC: ClassVar[str] = "member.tagged"
    SENTENCE: ClassVar[str] = _("The tag {tag} was given")
    ICON: ClassVar[str] = "tag"

    tag: str

    @property
    def slot(self) -> str:
        return f"tag:{self.tag}"

    def value(self, personal: Any) -> Any:
        return True


class TagTaken(TagGiven, frozen=True, kw_only=True):
    """A member bears a tag no longer."""

    TOPIC: ClassVar[str] = "member.untagged"
    SENTENCE: ClassVar[str] = _("The tag {tag} was taken off")

    def value(self, personal: Any) -> Any:
        return None


class GiveTag(AboutMember, frozen=True, kw_only=True):
    """Let a member bear a tag."""

    tag: str

    def decide(self, kith: Installation) -> Iterable[Aggregate]:
        tag = cleaned(self.tag)
        if standing(kith, self.member, f"tag:{tag}"):
            raise Refusal(_("This member bears the tag already."))
        yield do(kith, TagGiven, self.member, tag=tag)


class TakeTag(AboutMember, frozen=True, kw_only=True):
    """Let a member bear a tag no longer."""

    tag: str

    def decide(self, kith: Installation) -> Iterable[Aggregate]:
        tag = cleaned(self.tag)
        if not standing(kith, self.member, f"tag:{tag}"):
            raise Refusal(_("This member does not bear the tag any more."))
        yield do(kith, TagTaken, self.member, tag=tag)


def cleaned(tag: str) -> str:
    """A tag as it is kept: lower case, single spaces. Refusal for none and for one too long."""
    words = " ".join(tag.lower().split())
    if not words:
        raise Refusal(_("A tag needs a name."))
    if len(words) > LONGEST:
        raise Refusal(_("This tag is too long: sixty letters at most."))
    return words
