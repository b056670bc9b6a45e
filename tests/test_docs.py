"""What the documents say is what the code does."""

import re
from pathlib import Path

from crm.catalogue import catalogue
from crm.cli.importers import page
from crm.cli.main import commands

ROOT = Path(__file__).parents[1]
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


def test_the_catalogue_of_events_is_what_the_classes_say():
    assert (ROOT / "docs" / "events.md").read_text() == catalogue(), "run: scripts/crm events > docs/events.md"


def test_the_page_of_sources_is_what_the_importers_say():
    assert (ROOT / "docs" / "sources.md").read_text() == page(), "run: scripts/crm sources --markdown > docs/sources.md"


def test_every_command_in_the_documents_exists():
    typed = {name for path in DOCUMENTS for name in re.findall(r"scripts/crm ([a-z][a-z-]*)", path.read_text())}
    assert typed <= set(commands.commands), "a document names a command that is not there"
    assert {"import", "verify", "member"} <= typed


def test_every_file_that_the_documents_name_exists():
    named = {
        (path, name)
        for path in DOCUMENTS
        for name in re.findall(r"`((?:crm|projections|web|scripts|tests|docs)/[\w/.-]+)`", path.read_text())
        if "NAME" not in name and "NOUN" not in name and "CODE" not in name
    }
    missing = {f"{path.name}: {name}" for path, name in named if not (ROOT / name).exists()}
    assert not missing
