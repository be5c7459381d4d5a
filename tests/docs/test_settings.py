"""The page about settings names every variable there is, and none that is not."""

from __future__ import annotations

import re

from tests.programs import ROOT

VARIABLE = re.compile(r"\bMAINSTAY_[A-Z_]+\b")
# How the code reads one: os.environ["…"], os.environ.get("…"), environment.flag("…"), or what it hands to a child.
READ = re.compile(
    r"environ(?:\[|(?:ment)?\.(?:get|setdefault|text|flag|number|choice|address)\()"
    r"\s*[\"'](MAINSTAY_[A-Z_]+)[\"']"
)
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
