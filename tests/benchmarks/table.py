"""What was measured, as tables a person reads: each limit beside its figure."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.measure import JUDGED, PRODUCT, Figure

MET, MISSED = "yes", "**no**"
KEY = """\
Signed in, page frame included; all answers were checked to be successes. *ms* are milliseconds of processor time for a
request, of the web processes + of the database, the median of three runs: on a machine that others use too they say
more than requests per second. With one client it is what the request costs; with eight, which limits are compared
with, the processes, the database and the sender of the load wait for each other on the same cores. *Raw* is the share
of what a program without any framework reaches that sends the same SQL on the same server (`tests/benchmarks/raw.py`),
by that processor time.
"""


@dataclass(frozen=True)
class Fact:
    """A figure that is no request's: how long, how much, how many times more."""

    name: str
    database: str
    value: float
    unit: str
    most: float | None = None

    @property
    def is_met(self) -> str:
        return "" if self.most is None else MET if self.value <= self.most else MISSED


def document(figures: Sequence[Figure], facts: Sequence[Fact], size: str) -> str:
    return "\n".join(
        [
            "# What it costs",
            "",
            f"`make bench` on {machine()}. {size}",
            "",
            KEY,
            *requests(figures),
            "",
            *whole(facts),
            "",
        ]
    )


def requests(figures: Sequence[Figure]) -> list[str]:
    """A row for each scenario and database; no column for what this run did not measure."""
    known = {(figure.name, figure.database): figure for figure in figures}
    scenarios = {scenario.name: scenario for scenario in PRODUCT}
    alone = any(1 in figure.costs for figure in figures)
    counts = " / ".join(str(n) for n in dict.fromkeys(n for f in figures for n in f.loads))
    lines = [
        f"| Request | Database |{' ms, 1 client |' if alone else ''} ms, 8 clients | limit | met"
        f" | raw | at least | met | a second, with {counts} clients | p50 / p95 / p99 ms |",
        f"| --- | --- |{' ---: |' if alone else ''} ---: | ---: | --- | ---: | ---: | --- | ---: | ---: |",
    ]
    for figure in figures:
        scenario = scenarios.get(figure.name)
        limit = scenario.limits.get(figure.database) if scenario else None
        raw = known.get((scenario.raw, figure.database)) if scenario else None
        share = raw.cost.whole / figure.cost.whole if raw else None
        least = scenario.share if scenario and scenario.share and raw else None
        judged = figure.loads[JUDGED]
        rates = " / ".join(f"{load.rate:,.0f}" for load in figure.loads.values())
        lines.append(
            f"| {figure.name} | {figure.database} |{f' {_cost(figure, 1)} |' if alone else ''}"
            f" {_cost(figure, JUDGED)}"
            f" | {_number(limit)} | {_met(limit, figure.cost.whole)} | {_number(share)} | {_number(least)}"
            f" | {'' if least is None else MET if share >= least else MISSED} | {rates}"
            f" | {judged.p50:.1f} / {judged.p95:.1f} / {judged.p99:.1f} |"
        )
    return lines


def whole(facts: Sequence[Fact]) -> list[str]:
    lines = [
        "| Figure | Database | Value | at most | met |",
        "| --- | --- | ---: | ---: | --- |",
    ]
    for fact in facts:
        most = "" if fact.most is None else f"{fact.most:g} {fact.unit}"
        value = f"{fact.value:.2f}" if fact.value < 20 else f"{fact.value:,.0f}"
        lines.append(
            f"| {fact.name} | {fact.database} | {value} {fact.unit} | {most} | {fact.is_met} |"
        )
    return lines


def machine() -> str:
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    python, busy = platform.python_version(), os.getloadavg()[0]
    return f"{os.cpu_count()} cores ({model}), Python {python}, load {busy:.1f} at the end"


def _cost(figure: Figure, clients: int) -> str:
    cost = figure.costs.get(clients)
    return f"{cost.server:.2f} + {cost.database:.2f}" if cost else ""


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def _met(limit: float | None, value: float) -> str:
    return "" if limit is None else MET if value <= limit else MISSED
