"""What the documents point at is there: pages, files, folders, and functions in them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.reader import documents
from tests.programs import ROOT

LINK = re.compile(r"\]\((?!https?://|#)([^)#\s]+)")
# `records/commands.py:create`, `tests/conformance/`: the end of a path, wherever it begins.
PLACE = re.compile(r"`((?:[\w.-]+/)*[\w-]+\.(?:py|md|json|toml|css)|(?:[\w-]+/)+)(?::(\w+))?`")
PARTS = ("mainstay", "docs", "tests", "tools", "frontend")


@pytest.fixture(scope="module")
def tree() -> dict[str, Path]:
    """What there is, by its path with a slash before it, and one behind it for a folder."""
    there = [path for part in PARTS for path in [ROOT / part, *(ROOT / part).rglob("*")]]
    there = [path for path in [*there, *ROOT.glob("*.*")] if "node_modules" not in path.parts]
    return {f"/{path.relative_to(ROOT).as_posix()}{'/' * path.is_dir()}": path for path in there}


@pytest.mark.parametrize("page", documents(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_what_a_page_points_at(page: Path, tree: dict[str, Path]) -> None:
    text = page.read_text()
    for target in LINK.findall(text):
        assert (page.parent / target).exists(), target
    for place, function in PLACE.findall(text):
        found = [path for name, path in tree.items() if name.endswith(f"/{place}")]
        assert found, place
        if function:
            defined = re.compile(rf"^(?:def|class) {function}\b|^{function} =", re.MULTILINE)
            assert any(defined.search(path.read_text()) for path in found), f"{place}:{function}"


def test_every_page_is_reachable_from_the_index() -> None:
    """By links from page to page; a link to a folder leads to what stands in it, as a browser of the tree shows it."""
    docs = ROOT / "docs"
    found, ahead = set(), [docs / "README.md"]
    while ahead:
        page = ahead.pop()
        if page in found:
            continue
        found.add(page)
        targets = [(page.parent / target).resolve() for target in LINK.findall(page.read_text())]
        for target in targets:
            ahead += (
                sorted(target.glob("*.md"))
                if target.is_dir()
                else [target] * (target.suffix == ".md")
            )
    assert sorted(set(docs.rglob("*.md")) - found) == []


def test_the_index_names_every_page_that_is_written_by_hand() -> None:
    """What only another page leads to is not found by somebody who looks for it."""
    docs = ROOT / "docs"
    text = (docs / "README.md").read_text()
    written = [
        path
        for part in ("start", "guides", "practices", "inside")
        for path in (docs / part).glob("*.md")
    ]
    names = [path.relative_to(docs).as_posix() for path in written]
    assert [name for name in names if f"({name})" not in text] == []
