"""docs/reference is what the code says of itself, and nothing public is missing from it."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest

from mainstay.__main__ import COMMANDS
from mainstay.records import fields
from mainstay.records.types import RecordType, shelf
from mainstay.surfaces.api.openapi import FILE
from tests.docs.test_settings import PAGE, VARIABLE
from tests.programs import ROOT

FOLDER = ROOT / "docs" / "reference"
every_type = pytest.mark.parametrize("rtype", shelf.types, ids=lambda rtype: rtype.name)


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    """tools/ is no package."""
    spec = importlib.util.spec_from_file_location("reference", ROOT / "tools" / "reference.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def page(name: str) -> str:
    return (FOLDER / f"{name}.md").read_text()


def first_cells(text: str, section: str) -> set[str]:
    """What stands in the first column of the tables of a section."""
    [found] = [part for part in text.split("\n## ") if part.startswith(f"{section}\n")]
    return {line.split("`")[1] for line in found.splitlines() if line.startswith("| `")}


def test_the_pages_are_what_the_code_says(tool: ModuleType) -> None:
    """After a change: `make derived`."""
    kept = {path.name: path.read_text() for path in FOLDER.iterdir()}
    assert kept == tool.pages()


@every_type
def test_every_field_state_move_and_event_stands_on_the_page_of(rtype: RecordType) -> None:
    text = page(rtype.name)
    assert first_cells(text, "Fields") == set(fields.of(rtype))
    life = {state.name for state in rtype.lifecycle.states}
    life |= {move.name for move in rtype.lifecycle.moves}
    assert first_cells(text, "Life") == life
    assert first_cells(text, "Events") == {f"{rtype.name}.{verb}" for verb in rtype.verbs}
    assert {*life} - {s.name for s in rtype.lifecycle.states} <= first_cells(text, "Who may")


def test_every_path_has_its_line() -> None:
    text = page("api")
    for path, methods in json.loads(FILE.read_text())["paths"].items():
        for method in methods.keys() - {"parameters"}:
            assert f"| `{method.upper()}` | `{path}` |" in text, (method, path)


def test_every_setting_stands_on_its_page_or_is_one_of_tests_and_builds() -> None:
    [for_sites, for_tests] = PAGE.read_text().split("For tests and builds:")
    told = set(VARIABLE.findall(page("settings")))
    assert told == set(VARIABLE.findall(for_sites)) - set(VARIABLE.findall(for_tests))


def test_every_command_has_its_section() -> None:
    modules = Path(ROOT, "mainstay", "config", "cli").glob("[a-z]*.py")
    assert {path.stem for path in modules} - {"numbers"} == set(COMMANDS)
    for name in COMMANDS:
        assert f"\n## mainstay {name}\n" in page("commands")


def test_the_index_names_every_page() -> None:
    index = page("README")
    assert all(f"({path.name})" in index for path in FOLDER.iterdir() if path.name != "README.md")
