"""What must be true of a site after any fault: what clients were told, looked for by plain SQL."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from tests.faults.clients import Write
from tests.faults.report import Report
from tests.safety.ledger import Ledger

# What belongs to each incident that was acknowledged, once its events were heard; each counts those that have it once.
PARTS = {
    "history": "select record_id from records_event where name = 'incident.create'",
    "assigned once": "select record_id from records_event where name = 'incident.assign'",
    "in the index": "select record_id from search_document",
}


@dataclass(frozen=True)
class Found:
    """What became of the writes clients asked for."""

    acknowledged: int
    lost: list[str]
    doubled: list[str]
    made_up: list[str]
    lacking: dict[str, int]
    halves: dict[str, int]

    @property
    def is_whole(self) -> bool:
        return not (self.lost or self.doubled or self.made_up or self.lacking or self.halves)


def compare(
    ledger: Ledger, writes: Iterable[Write], *, mark: str = "f", parts: bool = True
) -> Found:
    """Stored against told: by title, which each write has of its own, and by the number it was told."""
    writes = list(writes)
    told = {write.title: write.number for write in writes if write.is_acknowledged}
    asked = {write.title for write in writes}
    rows = ledger.rows("select id, number, title from records_record where type = 'incident'")
    rows = [row for row in rows if row[2].startswith(mark) and row[2][len(mark) :][:1].isdigit()]
    stored = {title: number for _, number, title in rows}
    titles = Counter(title for _, _, title in rows)
    numbers = Counter(told.values())
    lacking = {}
    if parts:
        ids = {key for key, _, title in rows if title in told}
        for part, sql in PARTS.items():
            there = Counter(key for (key,) in ledger.rows(sql))
            if wrong := sum(there[key] != 1 for key in ids):
                lacking[part] = wrong
    return Found(
        acknowledged=len(told),
        lost=[title for title, number in told.items() if stored.get(title) != number],
        doubled=[name for counted in (titles, numbers) for name, n in counted.items() if n > 1],
        made_up=[title for title in stored if title not in asked],
        lacking=lacking,
        halves=ledger.halves() if parts else {},
    )


def nothing_lost(report: Report, found: Found) -> None:
    """The sentence every fault ends with."""
    report.hold(
        f"{found.acknowledged:,} acknowledged, {len(found.lost)} lost, {len(found.doubled)} doubled,"
        f" {len(found.made_up)} nobody asked for",
        found.acknowledged > 0 and not (found.lost or found.doubled or found.made_up),
    )
    wrong = {**found.halves, **found.lacking}
    if wrong:
        report.hold("; ".join(f"{what}: {count}" for what, count in wrong.items()), is_so=False)
    else:
        report.note(
            "none half written: each has its number, history, assignment and place in the index"
        )
