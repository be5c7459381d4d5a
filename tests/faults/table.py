"""The table of faults, and where it stands in the documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from tests.benchmarks.table import machine
from tests.faults.report import Report, Verdict
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


def text(rows: Sequence[Row], *, is_quick: bool, earlier: str = "") -> str:
    """As Markdown; a row of an earlier table stands where this run has none in its place."""
    lines = {(row.fault, row.database): line_of(row) for row in rows}
    for line in earlier.splitlines():
        cells = line.split(" | ")
        if line.startswith("| F") and len(cells) > 2:
            lines.setdefault((cells[0][2:5], cells[1]), line)
    held = sum(line.endswith(f"| {Verdict.PASS} |") for line in lines.values())
    cut = " The quick run: smaller figures." if is_quick else ""
    whole = (
        ""
        if len(rows) == len(lines)
        else f" {len(rows)} of the rows are of this run, the others of one before."
    )
    return "\n".join(
        [
            "",
            f"`make faults` on {datetime.now(UTC):%d %B %Y}, {machine()}.{cut}{whole}"
            f" {held} of {len(lines)} rows hold.",
            "",
            "| fault | database | what was done | what had to hold | what was seen | held |",
            "|---|---|---|---|---|---|",
            *(
                lines[key]
                for key in sorted(lines, key=lambda key: (key[0], key[1] == "PostgreSQL"))
            ),
            "",
        ]
    )


def line_of(row: Row) -> str:
    """A cell may hold any sentence but no line of its own."""
    report = row.report
    broken = (f"**{words}**" for words in report.broken)
    seen = report.not_run or "; ".join([*broken, *report.seen])
    done = report.done or "—"
    cells = (f"{row.fault} {row.what}", row.database, done, row.must, seen, report.verdict)
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def write(rows: Sequence[Row], *, is_quick: bool) -> None:
    before, _, earlier = PAGE.read_text().partition(HEADING)
    PAGE.write_text(before + HEADING + text(rows, is_quick=is_quick, earlier=earlier))
