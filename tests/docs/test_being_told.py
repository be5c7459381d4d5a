"""The guide to the inbox says of every kind what it is, and of none that is not."""

from __future__ import annotations

import re

from mainstay.capabilities.telling import kinds
from mainstay.capabilities.telling.kinds import KINDS, Kind
from tests.programs import ROOT

GUIDE = ROOT / "docs" / "guides" / "being-told.md"
ROW = re.compile(r"^\| (\w+) \| (.+) \| (.+) \|$", re.MULTILINE)


def test_every_kind_has_its_row_in_the_guide() -> None:
    """Whatever else is declared as a kind is one of the list, so that no other way leads round the guide."""
    rows = [row for row in ROW.findall(GUIDE.read_text()) if row[0] != "kind"]
    assert [name for name, _, _ in rows] == [kind.name for kind in KINDS]
    assert {k.name for k in vars(kinds).values() if isinstance(k, Kind)} == {k.name for k in KINDS}
    needy = {name for name, _, needs in rows if needs != "no"}
    assert needy == {kind.name for kind in KINDS if kind.needs}
