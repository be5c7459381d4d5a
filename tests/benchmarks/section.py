"""What pages cost, and open ones, as a section of `docs/inside/figures.md` that is written alone as well."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from tests.benchmarks.table import Fact, machine, whole

HEADING = "## Pages, and five hundred of them open\n"
KEY = """\
Each page was opened five times in a browser that knew nothing, and again in the same one; medians, and the most that
anything moved by itself. *Scripts* are milliseconds of processor time of the page's thread (Chromium's
`ScriptDuration` in `threadTicks`): by the clock they take longer wherever others work on the machine, too. They hold no
collecting of garbage and nothing compiled beside the page's thread. *Server* is the processor time of the web processes
for the later view, with compressing it.
"""
# As `Opened` calls what it found, and as it is called here.
COLUMNS = {
    "server": "server, ms",
    "scripts, first view": "scripts at first, ms",
    "scripts, later view": "scripts later, ms",
    "largest thing shown after": "shown after, ms",
    "over the wire, first view": "at first, kB",
    "over the wire, later view": "later, kB",
    "moved by itself": "moved",
}


def text(facts: Sequence[Fact], size: str) -> str:
    """A row for each page, and the other figures below."""
    pages: dict[tuple[str, str], dict[str, Fact]] = {}
    others = []
    for fact in facts:
        page, _, what = fact.name.rpartition(": ")
        if what in COLUMNS and not page.startswith("fragment"):
            pages.setdefault((page, fact.database), {})[what] = fact
        else:
            others.append(fact)
    head = [
        f'`make bench ARGS="--part pages --part live"` on {datetime.now(UTC):%d %B %Y}, {machine()}. {size}',
        "",
        KEY,
    ]
    return "\n".join([HEADING, *head, *_pages(pages), *whole(others), ""])


def put(page: Path, written: str) -> None:
    """In the place of the section that stands there, at the end of the page."""
    before, _, _ = page.read_text().partition(HEADING)
    page.write_text(f"{before.rstrip()}\n\n{written}")


def _pages(pages: dict[tuple[str, str], dict[str, Fact]]) -> list[str]:
    if not pages:
        return []
    known = next(iter(pages.values()))
    limits = (known[what].most for what in COLUMNS)
    names = [
        name if most is None else f"{name}, ≤ {most:g}"
        for name, most in zip(COLUMNS.values(), limits, strict=True)
    ]
    lines = [f"| page | database | {' | '.join(names)} |", "|---|---|" + "---:|" * len(names)]
    for (page, database), found in pages.items():
        cells = " | ".join(_cell(found[what]) for what in COLUMNS)
        lines.append(f"| {page} | {database} | {cells} |")
    return [*lines, ""]


def _cell(fact: Fact) -> str:
    digits = 0 if fact.value >= 100 else 4 if fact.value < 0.1 and fact.value else 1
    shown = f"{fact.value:.{digits}f}"
    return shown if fact.most is None or fact.value <= fact.most else f"**{shown}**"
