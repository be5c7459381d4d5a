"""Turns the rows of an incident log into pasts the engine can replay: each row one happening."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from mainstay.doors.compat.servicenow.log import Row, moment
from mainstay.doors.compat.servicenow.names import Name, Names
from mainstay.doors.compat.servicenow.shapes import (
    CHANNELS,
    FINAL,
    FOLLOWED,
    GROUP,
    ITEM,
    MISSING,
    PERSON,
    STATES,
    WAITS,
)
from mainstay.pure.numbers import normal
from mainstay.records.replay import Happening, Past

Updates = Sequence[Row]
PEOPLE = ("opened_by", "caller_id", "sys_updated_by", "assigned_to")
LONGEST_TITLE, LONGEST_CATEGORY = 250, 80


def named(updates: Updates) -> Iterator[tuple[Name, datetime]]:
    """Everybody and everything the rows name, with the moment."""
    for row in updates:
        for column in PEOPLE:
            yield (PERSON, getattr(row, column)), row.at
        yield (GROUP, row.assignment_group), row.at
        yield (ITEM, row.cmdb_ci), row.at
    last = updates[-1]
    yield (PERSON, last.resolved_by), last.at


def past_of(updates: Updates, names: Names) -> Past:
    """The whole life of one incident."""
    first, last = updates[0], updates[-1]
    resolution = last_resolution(updates)
    happenings = []
    for at, row in enumerate(updates):
        before = updates[at - 1] if at else None
        actor = first_known(row.opened_by if at == 0 else MISSING, row.sys_updated_by)
        if at == resolution:
            actor = first_known(row.resolved_by, actor)
        given = fields_of(row, names)
        if before is None:
            given["title"] = title_of(row)
        said = said_about(row, before)
        if actor != row.sys_updated_by:
            said["sys_updated_by"] = row.sys_updated_by
        happenings.append(
            Happening(row.at, names.id(PERSON, actor), STATES[row.incident_state], given, said)
        )
    opened_at = moment(first.opened_at, first.line) if first.has("opened_at") else None
    kept = {c: getattr(last, c) for c in (*FOLLOWED, *FINAL) if last.has(c)}
    number = normal(first.number)
    return Past(
        key=first.number,
        happenings=happenings,
        number=number if number.startswith("INC-") else "",
        created_at=opened_at,
        aside={"imported": kept},
    )


def last_resolution(updates: Updates) -> int | None:
    """The row that resolved it for good: the only one of which the log says by whom."""
    found = None
    for at, row in enumerate(updates):
        before = updates[at - 1].incident_state if at else ""
        if row.incident_state == "Resolved" != before:
            found = at
    return found


def first_known(*names: str) -> str:
    return next((name for name in names if name != MISSING), MISSING)


def fields_of(row: Row, names: Names) -> dict[str, Any]:
    """What a row says in fields of ours; what it leaves out is empty."""
    return {
        "requester": names.id(PERSON, row.caller_id),
        "team": names.id(GROUP, row.assignment_group),
        "assignee": names.id(PERSON, row.assigned_to),
        "item": names.id(ITEM, row.cmdb_ci),
        "category": text(row.category),
        "subcategory": text(row.subcategory),
        "impact": level(row.impact),
        "urgency": level(row.urgency),
        "channel": CHANNELS.get(row.contact_type, ""),
        "waiting_for": WAITS.get(row.incident_state),
    }


def said_about(row: Row, before: Row | None) -> dict[str, Any]:
    """The row's own words where ours are fewer, and changes in columns we have no field for."""
    said: dict[str, Any] = {"sys_mod_count": row.order}
    if before is None or row.incident_state != before.incident_state:
        said["incident_state"] = row.incident_state
    if before is not None:
        for column in FOLLOWED:
            old, new = getattr(before, column), getattr(row, column)
            if old != new and column != "sys_mod_count":
                said[column] = [old, new]
    return said


def title_of(row: Row) -> str:
    """The log holds no text at all; an incident is called by what it was filed under."""
    filed = [text(getattr(row, c)) for c in ("category", "subcategory", "u_symptom")]
    return (" · ".join(part for part in filed if part) or row.number)[:LONGEST_TITLE]


def text(value: str) -> str:
    return "" if value == MISSING else value[:LONGEST_CATEGORY]


def level(value: str) -> int:
    """`2 - Medium` is 2; what is missing is low."""
    return int(value[0]) if value[:1] in ("1", "2", "3") else 3
