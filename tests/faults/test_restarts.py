"""F25 in small, with every run of the tests: pages miss nothing while the served product is restarted under them."""

from __future__ import annotations

from pathlib import Path

from tests.faults.ground import SQLITE, Templates, ground
from tests.faults.report import Report, Verdict
from tests.faults.restarts import Size, restarted

SMALL = Size(rounds=2, between=2, listeners=3, followed=20, clients=1)


def test_pages_miss_nothing_over_restarts(tmp_path: Path) -> None:
    templates, report = Templates(tmp_path / "templates"), Report()
    templates.folder.mkdir()
    with ground(SQLITE, templates, tmp_path / "site", report, is_quick=True) as here:
        restarted(here, SMALL)
    assert report.verdict is Verdict.PASS, report.broken
