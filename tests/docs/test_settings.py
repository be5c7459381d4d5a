"""The pages about settings name every variable there is, and none that is not."""

from __future__ import annotations

import ast
import re

import pytest

from tests.programs import ROOT

VARIABLE = re.compile(r"\bMAINSTAY_[A-Z_]+\b")
# What is put together from one counts as well.
NAME = re.compile(r"MAINSTAY_[A-Z0-9_]*")
# How the code reads one: os.environ["…"], os.environ.get("…"), os.getenv("…"), environment.flag("…"), or what it
# hands to a child.
READ = re.compile(
    r"(?:environ(?:\[|(?:ment)?\.(?:get|setdefault|text|flag|number|choice|address)\()|getenv\()"
    r"\s*[\"'](MAINSTAY_[A-Z_]+)[\"']"
)
REFERENCE = ROOT / "docs" / "reference" / "settings.md"
PAGE = ROOT / "docs" / "guides" / "settings.md"


def read_by_code() -> set[str]:
    folders = (ROOT / "mainstay", ROOT / "tools", ROOT / "tests")
    return {
        name
        for folder in folders
        for path in folder.rglob("*.py")
        for name in READ.findall(path.read_text())
    }


def test_every_variable_is_told() -> None:
    assert read_by_code() - told() == set()


def test_no_variable_is_told_that_nothing_reads() -> None:
    assert told() - read_by_code() == set()


def told() -> set[str]:
    return set(VARIABLE.findall(PAGE.read_text()))


def named_in(source: str) -> set[str]:
    """Every text of the code that is a variable's name or the beginning of one, however it is read."""
    texts = (each.value for each in ast.walk(ast.parse(source)) if isinstance(each, ast.Constant))
    return {text for text in texts if isinstance(text, str) and NAME.fullmatch(text)}


def test_whatever_mainstay_names_stands_in_the_reference() -> None:
    listed = set(VARIABLE.findall(REFERENCE.read_text()))
    files = (ROOT / "mainstay").rglob("*.py")
    named = {name: path for path in files for name in named_in(path.read_text())}
    assert {name: path for name, path in named.items() if name not in listed} == {}


@pytest.mark.parametrize(
    "line",
    [
        'os.getenv("{}")',
        'environ["{}"]',
        'os.environ.pop("{}", "")',
        '"{}" in os.environ',
        'NAME = "{}"',
    ],
)
def test_a_variable_is_found_however_it_is_read(line: str) -> None:
    assert named_in(line.format("MAINSTAY_X")) == {"MAINSTAY_X"}
    assert named_in('f"MAINSTAY_{name}"') == {"MAINSTAY_"}
