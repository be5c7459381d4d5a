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
