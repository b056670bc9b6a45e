"""Small parts stay small: a module that outgrows its page, or a drawer for what has no place, is split by idea instead."""

import ast
from pathlib import Path
from statistics import median

import pytest

ROOT = Path(__file__).parents[1]
MEDIAN, MODULE, FUNCTION, SCRIPT = 80, 300, 40, 20
MACHINE = [f"{folder}/" for folder in (Path.home(), ROOT, ROOT.parent) if folder != Path("/")]
TEXTS = {"", ".css", ".html", ".js", ".lock", ".md", ".po", ".py", ".toml"}


def files(*folders: str) -> list[Path]:
    """The project's own files in these folders."""
    found = [path for folder in folders for path in (ROOT / folder).rglob("*") if path.is_file()]
    return sorted(
        path for path in found if not {"__pycache__", "vendor"} & {path.name, *path.relative_to(ROOT).parts[:-1]}
    )


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def length(path: Path) -> int:
    return len(path.read_text().splitlines())


MODULES = [path for path in files("crm", "projections", "scripts", "web") if path.suffix == ".py"]


def test_the_modules_are_found():
    assert {"crm/event.py", "crm/sources/git.py", "projections/engine.py"} <= {named(path) for path in MODULES}


def test_half_of_the_modules_fit_on_a_screen():
    assert median(length(path) for path in MODULES) <= MEDIAN


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_a_module_is_short_and_so_are_its_functions(path: Path):
    functions = [
        node
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    assert length(path) <= MODULE
    assert not [node.name for node in functions if (node.end_lineno or 0) - node.lineno >= FUNCTION]


def test_nothing_is_a_drawer_for_the_rest():
    assert not [
        named(path) for path in MODULES if path.stem in {"utils", "util", "helpers", "helper", "misc", "common"}
    ]


def test_every_script_fits_in_one_glance():
    scripts = [path for path in files("scripts", ".ci") if not path.suffix]
    assert not [named(path) for path in scripts if length(path) >= SCRIPT]


def test_no_file_names_the_machine_it_was_written_on():
    texts = files("crm", "projections", "web", "tests", "docs", "scripts", ".ci")
    texts += [path for path in ROOT.iterdir() if path.is_file() and not path.name.startswith(".")]
    ours = {path: path.read_text(errors="replace") for path in texts if path.suffix in TEXTS}
    assert not [named(path) for path, text in ours.items() if any(folder in text for folder in MACHINE)]
