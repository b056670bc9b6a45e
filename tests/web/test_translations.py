"""Everything said on screen is said in Vietnamese too; a missing or stale translation fails here."""

from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from web.i18n import LANGUAGES, LOCALES

ROOT = Path(__file__).parents[2]
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]


@pytest.fixture(scope="module")
def said() -> set[object]:
    """Every msgid in code and templates; a pair where a number decides the form."""
    found: set[object] = set()
    for folder in ("crm", "projections", "web"):
        for _, _, message, _, _ in extract_from_dir(ROOT / folder, METHODS, options_map={"**.html": {"silent": "false"}}):
            found.add(message)
    return found


@pytest.mark.parametrize("language", [code for code, _ in LANGUAGES if code != "en"])
def test_every_sentence_is_translated_and_nothing_else_is(said: set[object], language: str) -> None:
    catalogue: Catalog = read_po(BytesIO((LOCALES / language / "LC_MESSAGES" / "messages.po").read_bytes()), locale=language)
    known = {message.id: message for message in catalogue if message.id}
    missing = {one for one in said if one not in known or not all(_forms(known[one].string)) or known[one].fuzzy}
    assert not missing
    assert set(known) <= said, f"no longer said: {set(known) - said}"


@pytest.mark.parametrize("language", [code for code, _ in LANGUAGES if code != "en"])
def test_what_is_filled_in_is_the_same_in_each_language(language: str) -> None:
    catalogue = read_po(BytesIO((LOCALES / language / "LC_MESSAGES" / "messages.po").read_bytes()), locale=language)
    wrong = [message.id for message in catalogue if message.id and list(message.check(catalogue))]
    braces = [message.id for message in catalogue if isinstance(message.id, str) and _braces(message.id) != _braces(str(message.string))]
    assert not wrong + braces


def _forms(string: object) -> tuple[object, ...]:
    return string if isinstance(string, tuple) else (string,)


def _braces(text: str) -> set[str]:
    return {part.partition("}")[0] for part in text.split("{")[1:]}
