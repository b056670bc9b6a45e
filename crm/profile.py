"""What the team says of a member: tags, stage, owner, typed fields, whether they are one of us, how often to keep in touch.

A value set by hand outranks what a source says, and stays. Who set it, when, and what stood before, the acts tell.
"""

from collections.abc import Iterable
from typing import Any, ClassVar
from uuid import UUID

import msgspec

from crm.acts import Act, do, must_be_as_seen, what_was_done
from crm.command import Command
from crm.errors import Refusal
from crm.event import Aggregate
from crm.fields import checked
from crm.installation import Installation
from crm.kinds import _
from crm.membership import who_is_whom
from crm.stages import StageDefined
from crm.vocabulary import what_is_set_up

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


class StageMoved(Act, frozen=True, kw_only=True):
    """The relationship reached a stage, one of those the team has set up (`crm.stages`); None takes it off."""

    TOPIC: ClassVar[str] = "member.stage_moved"
    SENTENCE: ClassVar[str] = _("The relationship reached another stage")
    ICON: ClassVar[str] = "git-compare"

    stage: UUID | None

    @property
    def slot(self) -> str:
        return "stage"

    def value(self, personal: Any) -> Any:
        return self.stage and str(self.stage)


class OwnerGiven(Act, frozen=True, kw_only=True):
    """A colleague (a member who is one of the team) looks after the member; None takes it off."""

    TOPIC: ClassVar[str] = "member.owner_given"
    SENTENCE: ClassVar[str] = _("A colleague looks after this member")
    ICON: ClassVar[str] = "user"

    owner: UUID | None

    @property
    def slot(self) -> str:
        return "owner"

    def value(self, personal: Any) -> Any:
        return self.owner and str(self.owner)


class SideSet(Act, frozen=True, kw_only=True):
    """What somebody is to the community: `person`, `team` or `bot`; empty lets the sources say it again."""

    TOPIC: ClassVar[str] = "member.side_set"
    SENTENCE: ClassVar[str] = _("It was said whether this is a member, a colleague or a bot")
    ICON: ClassVar[str] = "users"

    side: str

    @property
    def slot(self) -> str:
        return "side"

    def value(self, personal: Any) -> Any:
        return self.side or None


class Said(msgspec.Struct, frozen=True):
    """The personal part of a field: its value as text, or as texts where there are several."""

    value: str | list[str]


class FieldSet(Act, frozen=True, kw_only=True):
    """A field of a member's was filled, or emptied. `field` is one of `crm.fields.BUILT_IN` or the id of one the team made."""

    TOPIC: ClassVar[str] = "member.field_set"
    SENTENCE: ClassVar[str] = _("Something about this member was written down")
    ICON: ClassVar[str] = "pencil"
    PERSONAL = Said

    field: str

    @property
    def slot(self) -> str:
        return f"field:{self.field}"

    def value(self, personal: Any) -> Any:
        return personal.value or None if isinstance(personal, Said) else None


class AboutMember(Command, frozen=True, kw_only=True):
    """A wish about one member. `seen` is the act whose outcome was on the page, 0 for none; None asks nothing."""

    IN_TURN: ClassVar[bool] = True

    member: UUID
    seen: int | None = None

    def _must_be_as_seen(self, kith: Installation, slot: str) -> None:
        """Conflict if a colleague settled this slot since, by whichever account of the member."""
        must_be_as_seen(kith, accounts(kith, self.member), slot, self.seen)


def accounts(kith: Installation, member: UUID) -> list[UUID]:
    """The accounts that are one member with this one, as the log has it."""
    with kith.connection() as connection:
        known = who_is_whom(connection, [member]).member
    return [handle for handle, of in known.items() if of == known[member]]


def standing(kith: Installation, member: UUID, slot: str) -> Any:
    """What stands of a member in a slot, as the log has it; None for nothing."""
    handles = accounts(kith, member)
    with kith.connection() as connection:
        acts = [one for one in what_was_done(connection, handles) if one.stands and one.event.slot == slot]
    return acts[-1].event.value(kith.vault.open_all([acts[-1].event])[0]) if acts else None


class SetField(AboutMember, frozen=True, kw_only=True):
    """Write a value into a field; an empty one empties it. Refusal where it does not fit the field's type."""

    field: str
    value: str | list[str]

    def decide(self, kith: Installation) -> Iterable[Aggregate]:
        value = checked(kith, self.field, self.value)
        self._must_be_as_seen(kith, f"field:{self.field}")
        yield do(kith, FieldSet, self.member, personal=Said(value), field=self.field)


class SetStage(AboutMember, frozen=True, kw_only=True):
    """Move the relationship to a stage; None takes it off."""

    stage: UUID | None

    def decide(self, kith: Installation) -> Iterable[Aggregate]:
        with kith.connection() as connection:
            known = what_is_set_up(connection, StageDefined)
        if self.stage and f"stage:{self.stage}" not in known:
            raise Refusal(_("There is no such stage any more. Load the page again."))
        self._must_be_as_seen(kith, "stage")
        yield do(kith, StageMoved, self.member, stage=self.stage)


class SetOwner(AboutMember, frozen=True, kw_only=True):
    """Say which colleague looks after a member; None takes it off."""

    owner: UUID | None

    def decide(self, kith: Installation) -> Iterable[Aggregate]:
        if self.owner and standing(kith, self.owner, "side") != "team":
            raise Refusal(_("Only a colleague can look after a member. Say on their page that they are one."))
        self._must_be_as_seen(kith, "owner")
        yield do(kith, OwnerGiven, self.member, owner=self.owner)


class SetSide(AboutMember, frozen=True, kw_only=True):
    """Say what somebody is to the community."""

    side: str

    def decide(self, kith: Installation) -> Iterable[Aggregate]:
        if self.side not in ("", "person", "team", "bot"):
            raise Refusal(_("Choose whether this is a member, a colleague or a bot."))
        self._must_be_as_seen(kith, "side")
        yield do(kith, SideSet, self.member, side=self.side)


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
