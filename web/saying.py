"""Conditions on members in words of the reader's language, each with the part of the address that asks for it."""

from collections.abc import Iterator

import msgspec

from crm.conditions import NONE, Conditions
from projections.offered import Offered
from web.i18n import chosen, translations
from web.page import Asked
from web.rendering import source_name


class Part(msgspec.Struct):
    """A condition in words; `without` is what an address says instead when it is dropped, None takes a parameter away."""

    words: str
    without: dict[str, str | None]


def language_of(request: Asked) -> str:
    """The language in which a request is answered."""
    return chosen(request.cookies.get("language"), request.headers.get("Accept-Language", ""))


def parts(wish: Conditions, offered: Offered, language: str) -> list[Part]:
    """The conditions, one by one, in the order in which a sentence tells them."""
    return [Part(words, dict.fromkeys(keys)) for words, *keys in _told(wish, offered, language)] + [
        Part(
            translations(language).gettext("tagged “%(tag)s”") % {"tag": tag},
            {"tag": ",".join(one for one in wish.tags if one != tag) or None},
        )
        for tag in wish.tags
    ]


def sentence(wish: Conditions, offered: Offered, language: str) -> str:
    """All conditions, joined by commas."""
    return ", ".join(part.words for part in parts(wish, offered, language))


def _told(wish: Conditions, offered: Offered, language: str) -> Iterator[tuple[str, ...]]:
    """Words of each condition, and the parameters that ask for it."""
    say = translations(language)
    if wish.q:
        yield say.gettext("named “%(q)s”") % {"q": wish.q}, "q"
    if wish.source:
        yield say.gettext("on %(source)s") % {"source": say.gettext(source_name(wish.source))}, "source"
    if wish.kind:
        yield _kinds(language)[wish.kind], "kind"
    if wish.seen:
        yield say.ngettext("seen in the last day", "seen in the last %(n)s days", wish.seen) % {"n": wish.seen}, "seen"
    if wish.new:
        yield (
            say.ngettext("first seen in the last day", "first seen in the last %(n)s days", wish.new) % {"n": wish.new},
            "new",
        )
    if wish.acts:
        acts = say.ngettext("at least %(n)s act", "at least %(n)s acts", wish.acts) % {"n": wish.acts}
        within = say.ngettext("in the last day", "in the last %(n)s days", wish.within) % {"n": wish.within}
        yield f"{acts} {within}" if wish.within else acts, "acts", "within"
    if wish.quiet:
        yield say.ngettext("quiet for a day", "quiet for %(n)s days", wish.quiet) % {"n": wish.quiet}, "quiet"
    yield from _told_by_the_team(wish, offered, language)


def _told_by_the_team(wish: Conditions, offered: Offered, language: str) -> Iterator[tuple[str, ...]]:
    say = translations(language)
    gone = say.gettext("(removed)")
    if wish.stage:
        stage = offered.called(wish.stage) or gone
        yield (
            say.gettext("at no stage")
            if wish.stage == NONE
            else say.gettext("at the stage %(stage)s") % {"stage": stage},
            "stage",
        )
    if wish.owner:
        owner = offered.called(wish.owner) or gone
        nobody = say.gettext("looked after by nobody")
        yield nobody if wish.owner == NONE else say.gettext("looked after by %(owner)s") % {"owner": owner}, "owner"
    if wish.organisation:
        name = offered.called(wish.organisation) or gone
        yield say.gettext("belonging to %(organisation)s") % {"organisation": name}, "organisation"
    for bound in wish.fields:
        named = {"field": say.gettext(offered.field(bound.field)) or gone}
        if bound.has:
            yield say.gettext("%(field)s: “%(value)s”") % {**named, "value": bound.has}, f"field.{bound.field}"
        if bound.least:
            yield say.gettext("%(field)s from %(value)s on") % {**named, "value": bound.least}, f"least.{bound.field}"
        if bound.most:
            yield say.gettext("%(field)s up to %(value)s") % {**named, "value": bound.most}, f"most.{bound.field}"
    if wish.watched:
        yield say.gettext("watched"), "watched"
    if wish.batch:
        yield say.gettext("in one import"), "batch"


def _kinds(language: str) -> dict[str, str]:
    say = translations(language)
    return {
        "person": say.gettext("people only"),
        "team": say.gettext("our team only"),
        "bot": say.gettext("bots only"),
    }
