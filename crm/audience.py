"""The audience a member has elsewhere: a figure that somebody saw on a platform on a day, and nothing worked out from it.

Each figure keeps its day, since one of last year says little of today. It counts nowhere: it is shown beside what is known here.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar

import msgspec

from crm.about import AboutMember
from crm.acts import Act
from crm.doing import do
from crm.errors import Refusal
from crm.event import Aggregate
from crm.installation import Installation
from crm.kinds import _

PLATFORMS = (
    "X", "YouTube", "GitHub", "LinkedIn", "Mastodon", "Bluesky", "Facebook", "Instagram", "TikTok", "Twitch", "Discord", "Reddit",
    "Zalo",
)  # fmt: skip
"""Platforms that are offered, spelled as they spell themselves; any other can be named."""

LONGEST_NAME, LONGEST_LINK, MOST = 40, 500, 10_000_000_000

EARLIEST = date(1990, 1, 1)

AHEAD = timedelta(hours=14)
"""By so much the day has begun earlier somewhere on Earth than by UTC."""


class Link(msgspec.Struct, frozen=True):
    """The personal part of a figure: where it was seen; such an address often holds a name."""

    link: str


class AudienceObserved(Act, frozen=True, kw_only=True):
    """Somebody saw how many people follow a member on a platform. `day` is when it was seen."""

    TOPIC: ClassVar[str] = "member.audience_observed"
    SENTENCE: ClassVar[str] = _("It was written down how many people follow a member elsewhere")
    ICON: ClassVar[str] = "megaphone"
    PERSONAL = Link

    platform: str
    figure: int
    day: date

    @property
    def slot(self) -> str:
        return f"audience:{self.platform.casefold()}:{self.day.isoformat()}"

    def value(self, personal: Any) -> Any:
        link = personal.link if isinstance(personal, Link) else ""
        return {"platform": self.platform, "day": self.day.isoformat(), "figure": self.figure, "link": link}

    def happened_at(self) -> datetime:
        if self.day >= self.timestamp.date():
            return self.timestamp
        return datetime(self.day.year, self.day.month, self.day.day, 12, tzinfo=UTC)


class ObserveAudience(AboutMember, frozen=True, kw_only=True):
    """Write down how many people follow a member somewhere. A second figure of the same platform and day takes the place of the first.

    Refusal for what cannot be: no platform, less than nobody, a day to come, a link that no browser follows.
    """

    platform: str
    figure: int
    day: date
    link: str = ""

    def decide(self, kith: Installation) -> Iterable[Aggregate]:
        if self.figure < 0:
            raise Refusal(_("An audience cannot be smaller than nobody: write 0 or more."))
        if self.figure > MOST:
            raise Refusal(_("That is more people than there are. Write the figure as the platform shows it."))
        if self.day > (datetime.now(UTC) + AHEAD).date():
            raise Refusal(_("This day is still to come. Write the day on which you saw the figure."))
        if self.day < EARLIEST:
            raise Refusal(_("On this day there was no such platform yet. Write the day on which you saw the figure."))
        link = _followed(self.link.strip())
        yield do(
            kith,
            AudienceObserved,
            self.member,
            personal=Link(link),
            platform=_spelled(self.platform),
            figure=self.figure,
            day=self.day,
        )


def _spelled(platform: str) -> str:
    """A platform as it spells itself where it is known."""
    words = " ".join(platform.split())
    if not words:
        raise Refusal(_("Say on which platform, such as YouTube."))
    if len(words) > LONGEST_NAME or not words.isprintable():
        raise Refusal(_("Write the name of the platform in forty letters or fewer."))
    return next((known for known in PLATFORMS if known.casefold() == words.casefold()), words)


def _followed(link: str) -> str:
    if link and not (link.startswith(("https://", "http://")) and link.isprintable()):
        raise Refusal(_("A link begins with https://. You can leave it empty."))
    if len(link) > LONGEST_LINK:
        raise Refusal(_("This link is too long: five hundred letters at most."))
    return link
