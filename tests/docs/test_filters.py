"""Every filter the page about filters shows can be asked of the incidents."""

from __future__ import annotations

import re

import pytest

from mainstay.pure.rules import SYSTEM
from mainstay.records import where
from mainstay.records.types import shelf
from tests.programs import ROOT

PAGE = ROOT / "docs" / "guides" / "filters.md"
SHOWN = re.findall(r"^```cel\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL)
LINES = [line for block in SHOWN for line in block.splitlines()]


@pytest.mark.parametrize("line", LINES)
def test_a_filter(line: str) -> None:
    assert where.parse(shelf.type("incident"), SYSTEM, line)


def test_there_are_some() -> None:
    assert len(LINES) > 5
