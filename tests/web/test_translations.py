"""Everything said on screen is said in Vietnamese too; a missing or stale translation fails here."""

from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from crm.event import REGISTRY
from crm.kinds import KINDS, TAILS
from crm.sources import sources
from web.i18n import LANGUAGES, LOCALES
from web.pages import pages

ROOT = Path(__file__).parents[2]
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]


@pytest.fixture(scope="module")
def said() -> set[object]:
    """Every msgid in code and templates; a pair where a number decides the form."""
    found: set[object] = set()
    for folder in ("crm", "projections", "web"):
        for _, _, message, _, _ in extract_from_dir(
            ROOT / folder, METHODS, options_map={"**.html": {"silent": "false"}}
        ):
            found.add(message)
    return found


def test_what_is_translated_only_when_it_is_shown_is_marked_where_it_stands(said: set[object]) -> None:
    ours = [event for event in REGISTRY.values() if event.__module__.startswith("crm.")]
    kept = {event.SENTENCE for event in ours} | set(TAILS.values())
    kept |= {words for kind in KINDS.values() for words in (kind.label, kind.alone, kind.toward) if words}
    kept |= {words for source in sources().values() for words in (source.LABEL, source.HELP)}
    kept |= {module.MENU.label for module in pages() if hasattr(module, "MENU")}
    assert not kept - said


@pytest.mark.parametrize("language", [code for code, _ in LANGUAGES if code != "en"])
def test_every_sentence_is_translated_and_nothing_else_is(said: set[object], language: str) -> None:
    catalogue: Catalog = read_po(
        BytesIO((LOCALES / language / "LC_MESSAGES" / "messages.po").read_bytes()), locale=language
    )
    known = {message.id: message for message in catalogue if message.id}
    missing = {one for one in said if one not in known or not all(_forms(known[one].string)) or known[one].fuzzy}
    assert not missing
    assert set(known) <= said, f"no longer said: {set(known) - said}"


@pytest.mark.parametrize("language", [code for code, _ in LANGUAGES if code != "en"])
def test_what_is_filled_in_is_the_same_in_each_language(language: str) -> None:
    catalogue = read_po(BytesIO((LOCALES / language / "LC_MESSAGES" / "messages.po").read_bytes()), locale=language)
    wrong = [message.id for message in catalogue if message.id and message.check(catalogue)]
    braces = [
        message.id
        for message in catalogue
        if isinstance(message.id, str) and _braces(message.id) != _braces(str(message.string))
    ]
    assert not wrong + braces


def _forms(string: object) -> tuple[object, ...]:
    return string if isinstance(string, tuple) else (string,)


def _braces(text: str) -> set[str]:
    return {part.partition("}")[0] for part in text.split("{")[1:]}
