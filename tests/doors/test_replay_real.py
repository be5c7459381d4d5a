"""The real log, walked row by row without the product, tells what the product tells of it."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest

from mainstay.doors.compat.servicenow import replay
from mainstay.practices.incidents.models import Incident
from mainstay.records.models import Alias, Event, Record
from tests.doors.csv_log import REAL_LOG, Update, real_rows

INCIDENTS = 1000
OURS = {"New": "new", "Active": "in_progress", "Resolved": "resolved", "Closed": "closed"}
WAITS = {"User Info": "caller", "Evidence": "caller", "Problem": "problem", "Vendor": "vendor"}
DONE = ("resolved", "closed")
COUNTERS = ("reassignment_count", "reopen_count", "sys_mod_count", "made_sla", "closed_code")

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        not REAL_LOG.exists(), reason=f"needs {REAL_LOG.name}: set MAINSTAY_REAL_DATA to its folder"
    ),
]

Telling = list[tuple[str, str | None, datetime, str | None]]


def moment(text: str) -> datetime:
    return datetime.strptime(text, "%d/%m/%Y %H:%M").replace(tzinfo=UTC)


def walked(rows: list[Update]) -> Telling:
    """State, whom it waits for, when, and whose group, after each row."""
    told: Telling = []
    for row in rows:
        word = row["incident_state"]
        waits = WAITS[word.removeprefix("Awaiting ")] if word.startswith("Awaiting ") else None
        group = row["assignment_group"]
        told.append(
            (
                "on_hold" if waits else OURS[word],
                waits,
                moment(row["sys_updated_at"]),
                None if group == "?" else group,
            )
        )
    return told


def recounted(events: list[Event], groups: dict[int, str]) -> Telling:
    """The same from the history that was written."""
    told: Telling = []
    state, waits, group = "new", None, None
    for event in events:
        changes = event.changes
        state = changes["state"][1] if "state" in changes else state
        waits = changes["waiting_for"][1] if "waiting_for" in changes else waits
        if "team" in changes:
            new = changes["team"][1]
            group = None if new is None else groups[new]
        told.append((state, waits, event.at, group))
    return told


def seconds(told: Telling) -> dict[str, float]:
    spent: dict[str, float] = defaultdict(float)
    for (state, waits, since, _), (*_, until, _) in pairwise(told):
        spent[f"{state} {waits}" if waits else state] += (until - since).total_seconds()
        if waits:
            spent["on hold"] += (until - since).total_seconds()
    return spent


def counts(told: Telling) -> dict[str, Any]:
    """How often it changed teams and came back, and its last times of resolution and closing."""
    moved = sum(1 for a, b in pairwise(told) if a[3] is not None and a[3] != b[3])
    reopened, resolved_at, closed_at = 0, None, None
    before = "new"
    for state, _, at, _ in told:
        if state != before:
            if state == "resolved":
                resolved_at = at
            elif state == "closed":
                closed_at = at
            elif before in DONE:
                reopened, resolved_at, closed_at = reopened + 1, None, None
        before = state
    return {
        "reassignment_count": moved,
        "reopen_count": reopened,
        "resolved_at": resolved_at,
        "closed_at": closed_at,
        "state": told[-1][0],
        "version": len(told),
        "updated_at": told[-1][2],
    }


def first_thousand() -> dict[str, list[Update]]:
    found: dict[str, list[Update]] = defaultdict(list)
    for row in real_rows():
        found[row["number"]].append(row)
    for rows in found.values():
        rows.sort(key=lambda row: int(row["sys_mod_count"]))
    by_time = sorted(found, key=lambda n: (moment(found[n][0]["sys_updated_at"]), n))
    return {number: found[number] for number in by_time[:INCIDENTS]}


def test_a_thousand_real_incidents() -> None:
    done = replay.run(REAL_LOG, most=INCIDENTS)
    there = first_thousand()
    assert (done.incidents, done.rows) == (INCIDENTS, sum(map(len, there.values())))
    ids = dict(Alias.objects.filter(key__in=list(there)).values_list("key", "record_id"))
    incidents = Incident.objects.in_bulk()
    groups = dict(Record.objects.filter(type="team").values_list("id", "title"))
    histories: dict[int, list[Event]] = defaultdict(list)
    for event in Event.objects.filter(name__startswith="incident.").order_by("id"):
        histories[event.record_id].append(event)
    refused = 0
    for number, rows in there.items():
        incident, events = incidents[ids[number]], histories[ids[number]]
        assert incident.number == f"INC-{int(number.removeprefix('INC'))}"
        expected, told = walked(rows), recounted(events, groups)
        assert told == expected, number
        assert seconds(told) == seconds(expected)
        for name, value in counts(expected).items():
            assert getattr(incident, name) == value, (number, name)
        for name in COUNTERS:
            assert incident.imported.get(name, "?") == rows[-1][name]
        assert incident.created_at == moment(rows[0]["opened_at"])
        assert [e.version for e in events] == list(range(1, len(rows) + 1))
        assert all(e.is_imported for e in events)
        refused += sum("refused" in e.changes["past"] for e in events)
    assert refused == sum(
        (a == "new" and b != "new")
        for rows in there.values()
        for a, b in [("new", walked(rows)[0][0])]
    ) + sum(is_illegal(a[0], b[0]) for rows in there.values() for a, b in pairwise(walked(rows)))


def is_illegal(old: str, new: str) -> bool:
    """What an incident's life does not allow, written down once more."""
    if old == new:
        return False
    return (old, new) not in {
        ("new", "in_progress"),
        ("new", "on_hold"),
        ("new", "resolved"),
        ("in_progress", "on_hold"),
        ("in_progress", "resolved"),
        ("on_hold", "in_progress"),
        ("on_hold", "resolved"),
        ("resolved", "closed"),
        ("resolved", "in_progress"),
    }
