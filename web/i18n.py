"""Languages, dates and numbers as a reader is used to them. English msgids stand in the code; catalogues are read as .po."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cache, lru_cache, partial
from io import BytesIO
from pathlib import Path

from babel.dates import format_date, format_skeleton, format_time, format_timedelta
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.support import NullTranslations, Translations
from markupsafe import Markup

LANGUAGES = (("en", "English"), ("vi", "Tiếng Việt"))
LOCALES = Path(__file__).parent / "locale"


@cache
def translations(language: str) -> NullTranslations:
    """The catalogue of a language; English needs none."""
    file = LOCALES / language / "LC_MESSAGES" / "messages.po"
    if not file.exists():
        return NullTranslations()
    compiled = BytesIO()
    with file.open("rb") as opened:
        write_mo(compiled, read_po(opened, locale=language))
    compiled.seek(0)
    return Translations(compiled)


def chosen(cookie: str | None, accepted: str) -> str:
    """The reader's language: what they chose here, else the first of ours that their browser asks for, else English."""
    ours = [code for code, _ in LANGUAGES]
    wanted = [cookie or ""] + [part.split(";")[0].strip()[:2].lower() for part in accepted.split(",")]
    return next((code for code in wanted if code in ours), "en")


def saying(language: str) -> dict[str, Callable[..., Markup]]:
    """What templates call `_` and `ngettext`: a msgid in this language, `%(name)s` filled in and escaped.

    As Jinja's own, which looks the catalogue up and asks the context for each of the three hundred sentences of a page.
    """
    catalogue = translations(language)
    known = lru_cache(4096)(lambda text: Markup(catalogue.gettext(text)))  # noqa: S704 - msgids are ours

    def say(text: str, /, **filled: object) -> Markup:
        return known(text) % filled

    def count(one: str, several: str, num: int, /, **filled: object) -> Markup:
        return Markup(catalogue.ngettext(one, several, num)) % {"num": num, **filled}  # noqa: S704 - as above

    return {"_": say, "gettext": say, "ngettext": count}


def filters(language: str) -> dict[str, Callable[..., str]]:
    """What templates call `| day`, `| clock`, `| ago`, `| month`, `| number`, of a score in millionths `| points`, and of a name that Kith
    or the team may have given `| word`: unlike `_()` it is no markup, so whatever somebody typed is escaped.
    """
    # A page of a year holds hundreds of days and small numbers, and Babel takes 40 microseconds for each.
    on_day = lru_cache(2048)(partial(format_date, locale=language))
    number = lru_cache(2048)(partial(format_decimal, locale=language))

    def points(value: int, digits: int = 1) -> str:
        return number(round(value / 1_000_000, digits), f"#,##0.{'0' * digits}")

    def word(text: str) -> str:
        return text and translations(language).gettext(text)

    def day(value: date) -> str:
        this_year = value.year == datetime.now(UTC).year
        return on_day(_date(value), "EEEE d MMMM" if this_year and language == "en" else "full")

    def short(value: date) -> str:
        return on_day(_date(value), "medium")

    def clock(value: datetime) -> str:
        return format_time(value, "HH:mm", locale=language)

    def ago(value: datetime) -> str:
        return format_timedelta(value - datetime.now(UTC), add_direction=True, locale=language)

    def month(value: date) -> str:
        return format_skeleton("yMMMM" if language == "vi" else "yMMM", value, locale=language)

    return {
        "day": day,
        "short": short,
        "clock": clock,
        "ago": ago,
        "month": month,
        "number": number,
        "points": points,
        "word": word,
    }


def _date(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value
