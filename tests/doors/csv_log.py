"""Incident logs for tests in ServiceNow's columns, and the real one read without the product."""

from __future__ import annotations

import csv
import gzip
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
REAL_DATA = Path(os.environ.get("MAINSTAY_REAL_DATA", ROOT.parent / "shared" / "data"))
REAL_LOG = REAL_DATA / "uci_incident" / "incident_event_log_opened_before_2016-05-01.csv.gz"

Update = dict[str, str]
COLUMNS = (
    "number",
    "incident_state",
    "active",
    "reassignment_count",
    "reopen_count",
    "sys_mod_count",
    "made_sla",
    "caller_id",
    "opened_by",
    "opened_at",
    "sys_updated_by",
    "sys_updated_at",
    "contact_type",
    "category",
    "subcategory",
    "u_symptom",
    "cmdb_ci",
    "impact",
    "urgency",
    "priority",
    "assignment_group",
    "assigned_to",
    "closed_code",
    "resolved_by",
    "resolved_at",
    "closed_at",
)
ALIKE = {
    "active": "true",
    "reassignment_count": "0",
    "reopen_count": "0",
    "made_sla": "true",
    "caller_id": "Wanda Prill",
    "opened_by": "Desk 1",
    "opened_at": "4/3/2024 08:55",
    "contact_type": "Phone",
    "category": "Network",
    "subcategory": "Remote access",
    "u_symptom": "Drops",
    "cmdb_ci": "?",
    "impact": "2 - Medium",
    "urgency": "2 - Medium",
    "priority": "3 - Moderate",
    "assignment_group": "Desk",
    "assigned_to": "?",
    "closed_code": "code 6",
    "resolved_by": "Solver 9",
    "resolved_at": "31/3/2024 23:59",
    "closed_at": "31/3/2024 23:59",
}


def incident(number: str, steps: Sequence[tuple[str, str, Mapping[str, str]]]) -> list[Update]:
    """Rows of one incident: (state, time, what differs from then on)."""
    rows: list[Update] = []
    differing: Update = {}
    for count, (state, at, more) in enumerate(steps):
        differing |= more
        row = {"number": number, "incident_state": state, "sys_updated_at": at}
        rows.append(
            ALIKE | row | {"sys_mod_count": str(count), "sys_updated_by": "Agent 2"} | differing
        )
    return rows


def write(path: Path, rows: Sequence[Update]) -> Path:
    with path.open("w", newline="") as out:
        lines = csv.DictWriter(out, COLUMNS)
        lines.writeheader()
        lines.writerows(rows)
    return path


def many(count: int) -> list[Update]:
    """Incidents that each live a whole life, some of them twice."""
    rows: list[Update] = []
    for n in range(count):
        day, hour = 1 + n // 8 % 27, 8 + n % 8
        steps: list[tuple[str, str, Mapping[str, str]]] = [
            ("New", f"{day}/3/2024 {hour:02}:00", {"caller_id": f"Caller {n % 7}"}),
            ("Active", f"{day}/3/2024 {hour:02}:10", {"assigned_to": f"Agent {n % 3}"}),
            ("Awaiting User Info", f"{day}/3/2024 {hour:02}:20", {}),
            ("Resolved", f"{day}/3/2024 {hour:02}:40", {}),
        ]
        if n % 5 == 0:
            steps += [
                ("Active", f"{day}/3/2024 {hour:02}:50", {"assignment_group": "Network"}),
                ("Resolved", f"{day}/3/2024 {hour:02}:55", {}),
            ]
        steps.append(("Closed", f"{day + 1}/3/2024 {hour:02}:00", {"active": "false"}))
        rows += incident(f"INC{5000 + n:07}", steps)
    return rows


def real_rows() -> Iterator[Update]:
    with gzip.open(REAL_LOG, "rt", newline="") as lines:
        yield from csv.DictReader(lines)
