"""The table of faults, and where it stands in the documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from tests.benchmarks.table import machine
from tests.faults.report import Report
from tests.programs import ROOT

PAGE = ROOT / "docs" / "inside" / "faults.md"
HEADING = "## What was seen\n"


@dataclass(frozen=True)
class Row:
    """A fault on one database, as it went."""

    fault: str
    what: str
    must: str
    database: str
    report: Report
    seconds: float


def text(rows: Sequence[Row], *, is_quick: bool) -> str:
    """As Markdown; a cell may hold any sentence but no line of its own."""
    cut = " The quick run: smaller figures." if is_quick else ""
    passed = sum(row.report.verdict == "yes" for row in rows)
    lines = [
        "",
        f"`make faults` on {datetime.now(UTC):%d %B %Y}, {machine()}.{cut} {passed} of {len(rows)} rows hold.",
        "",
        "| fault | database | what was done | what had to hold | what was seen | held |",
        "|---|---|---|---|---|---|",
    ]
    for row in rows:
        report = row.report
        seen = report.not_run or "; ".join(
            [*(f"**{broken}**" for broken in report.broken), *report.seen]
        )
        cells = (
            f"{row.fault} {row.what}",
            row.database,
            report.done or "—",
            row.must,
            seen,
            report.verdict,
        )
        lines.append(
            "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"
        )
    return "\n".join(lines) + "\n"


def write(rows: Sequence[Row], *, is_quick: bool) -> None:
    before = PAGE.read_text().partition(HEADING)[0]
    PAGE.write_text(before + HEADING + text(rows, is_quick=is_quick))
