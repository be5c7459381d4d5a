"""The page of a practice shows the life its record type has."""

from __future__ import annotations

import re

import pytest

from mainstay.config.cli.draw import diagram
from mainstay.records.types import shelf
from tests.programs import ROOT

PAGES = sorted((ROOT / "docs" / "practices").glob("*.md"))
DRAWN = re.compile(r"```mermaid\n(.*?)\n```", re.DOTALL)


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_the_life_that_is_drawn_is_the_one_it_has(page) -> None:
    [drawn] = DRAWN.findall(page.read_text())
    assert drawn.splitlines() == diagram(shelf.type(page.stem))
