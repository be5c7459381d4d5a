"""docs/inside/engine has a section for every file of the engine, and none for a file that is gone."""

from __future__ import annotations

import re

from tests.programs import ROOT

PAGES = ROOT / "docs" / "inside" / "engine"
SECTION = re.compile(r"^## `(.+)`$", re.MULTILINE)
FLOORS = ("records", "pure")


def test_every_file_has_one_section() -> None:
    package = ROOT / "mainstay"
    files = {
        path.relative_to(package).as_posix()
        for floor in FLOORS
        for path in (package / floor).rglob("*.py")
        if path.name != "__init__.py" and "migrations" not in path.parts
    }
    sections = [name for page in PAGES.glob("*.md") for name in SECTION.findall(page.read_text())]
    assert sorted(sections) == sorted(files)


def test_the_index_names_every_page() -> None:
    index = (PAGES / "README.md").read_text()
    assert all(f"({page.name})" in index for page in PAGES.glob("[a-z]*.md"))
