"""One list of events and entries, newest first, for whoever audits; two statements and two for what they name.

Each table is read in the order of its ids and the two are merged by time, so that no index is kept for this list. A
condition no index serves is looked for in so many rows at a time; the page may then be short, and goes on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import orjson
from django.db import connection

from mainstay.directory.audit.asking import Asked
from mainstay.directory.record import organisation
from mainstay.directory.roles import ADMINISTRATOR, AUDITOR
from mainstay.pure.rules import Actor
from mainstay.pure.text import fold
from mainstay.records import access, history, rows
from mainstay.records.access import Branch
from mainstay.records.audit import leaves
from mainstay.records.folding import NAME as FOLD
from mainstay.records.rows import FACTS, Facts
from mainstay.records.types import shelf

MAY_READ: Final = (AUDITOR, ADMINISTRATOR)
# Rows of each table that one page looks through where no index helps.
LOOKED_THROUGH: Final = 50_000
TOP: Final = 2**62
# A row is sealed some time after it was recorded, by another machine's clock.
SLACK: Final = timedelta(hours=1)

_FACTS: Final = ", ".join(f"r.{name}" for name in FACTS)
# Of both tables in the same order; `{seen}` says whether the record exists for whoever reads.
_SELECT: Final = {
    "event": (
        "select t.id, t.recorded_at, t.name, t.door, 1, '', t.changes, t.at, t.is_imported, t.audience,"
        f" p.uuid, p.number, p.title, r.type, r.number, r.title, {{seen}}, {_FACTS} from records_event t"
    ),
    "entry": (
        "select t.id, t.at, t.kind, t.door, t.times, t.address, t.facts, t.at, false, 'all',"
        f" p.uuid, p.number, p.title, r.type, r.number, r.title, {{seen}}, {_FACTS} from audit_entry t"
    ),
}
_JOINS: Final = " left join records_record r on r.id = t.record_id left join records_record p on p.id = t.actor_id"
_NAME: Final = {"event": "t.name", "entry": "t.kind"}
_TIME: Final = {"event": "t.recorded_at", "entry": "t.at"}


def may_read(actor: Actor) -> bool:
    return actor.has_role(*MAY_READ)


@dataclass(frozen=True)
class Page:
    """Rows, and where to go on (None at the end)."""

    items: list[dict[str, Any]]
    next: str | None


@dataclass
class _Run:
    """What was found in one table, and the id below which it goes on once all of that is shown."""

    found: list[tuple[Any, ...]]
    start: int
    rest: int


def page(actor: Actor, asked: Asked, *, size: int = 50, python: bool = False) -> Page:
    """What the actor may audit: everything, or what is inside their wall and their scope.

    Of a record that does not exist for them stands there who did what to it when, and neither its title nor a value.
    """
    runs = {
        table: _run(table, actor, asked, start, size)
        for table, start in zip(_SELECT, asked.after, strict=True)
    }
    taken, used = _merged(runs, size)
    going_on = [
        run.found[used[table] - 1][0] if 0 < used[table] < len(run.found)
        else run.start if used[table] < len(run.found)
        else run.rest
        for table, run in runs.items()
    ]  # fmt: skip
    following = "-".join(map(str, going_on)) if any(n > 1 for n in going_on) else None
    return Page(_shown(actor, taken, python=python), following)


def _run(table: str, actor: Actor, asked: Asked, start: int, size: int) -> _Run:
    if not asked.concerns(table) or start <= 1:
        return _Run([], start, 0)
    floor, top = _between(table, asked, start)
    if not asked.is_indexed and asked.is_narrow:
        highest = min(top, _highest(table) + 1)
        floor = max(floor, highest - LOOKED_THROUGH)
    conditions = [_scope(table, actor), *_conditions(table, actor, asked)]
    seen = _seen(actor)
    text = (
        f"{_SELECT[table].format(seen=seen.sql)}{_JOINS} where t.id < %s and t.id >= %s"
        f"{''.join(f' and {c.sql}' for c in conditions)} order by t.id desc limit {size + 1}"
    )
    params = [*seen.params, top, floor, *(p for c in conditions for p in c.params)]
    with connection.cursor() as cursor:
        cursor.execute(text, params)
        found = cursor.fetchall()
    # What lies below the times that were asked for is not looked at again.
    rest = floor if floor > _between(table, asked, start)[0] else 0
    return _Run(found, start, found[-1][0] if len(found) > size else rest)


def _merged(
    runs: Mapping[str, _Run], size: int
) -> tuple[list[tuple[str, tuple[Any, ...]]], dict[str, int]]:
    """The newest of both, each in its own order; and how many were taken of each."""
    taken: list[tuple[str, tuple[Any, ...]]] = []
    used = dict.fromkeys(runs, 0)
    while len(taken) < size:
        heads = [(run.found[used[t]][1], t) for t, run in runs.items() if used[t] < len(run.found)]
        if not heads:
            break
        table = max(heads)[1]
        taken.append((table, runs[table].found[used[table]]))
        used[table] += 1
    return taken, used


def _highest(table: str) -> int:
    return leaves.highest(table)


def _between(table: str, asked: Asked, start: int) -> tuple[int, int]:
    """The ids that can be of the times asked for: the seals know roughly which were written when."""
    column = {"event": "events", "entry": "entries"}[table]
    floor, top = 1, start
    with connection.cursor() as cursor:
        if asked.since:
            cursor.execute(
                f"select {column} from audit_seal where at < %s order by at desc limit 1",
                [_stored(asked.since - SLACK)],
            )
            floor = (cursor.fetchone() or [0])[0] + 1
        if asked.until:
            cursor.execute(
                f"select {column} from audit_seal where at > %s order by at limit 1",
                [_stored(asked.until + SLACK)],
            )
            top = min(start, (cursor.fetchone() or [TOP])[0] + 1)
    return floor, top


def _stored(moment: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(moment)


def _conditions(table: str, actor: Actor, asked: Asked) -> list[Branch]:
    found = []
    if asked.person is not None:
        found.append(Branch("t.actor_id = %s", (asked.person,)))
    if asked.record is not None:
        found.append(Branch("t.record_id = %s", (asked.record,)))
    if asked.kind:
        name, below = _NAME[table], asked.kind + "."
        sql = f"({name} = %s or substr({name}, 1, {len(below)}) = %s)"
        found.append(Branch(sql, (asked.kind, below)))
    if asked.door:
        found.append(Branch("t.door = %s", (asked.door,)))
    if asked.since:
        found.append(Branch(f"{_TIME[table]} >= %s", (_stored(asked.since),)))
    if asked.until:
        found.append(Branch(f"{_TIME[table]} < %s", (_stored(asked.until),)))
    if asked.text:
        found.append(_says(table, actor, asked.text))
    return found


def _says(table: str, actor: Actor, text: str) -> Branch:
    """In numbers, people's names, kinds and addresses, and in titles the actor may read; never in values."""
    seen = _seen(actor)
    places = ["r.number", "p.title", "p.number", _NAME[table]]
    if table == "entry":
        places += ["t.address", "cast(t.facts as text)"]
    like = "like %s escape '\\'"
    wanted = "%" + fold(text).translate({ord(c): f"\\{c}" for c in "\\%_"}) + "%"
    sql = " or ".join(f"{FOLD}({place}) {like}" for place in places)
    sql = f"({sql} or ({seen.sql} and {FOLD}(r.title) {like}))"
    return Branch(sql, (*[wanted] * len(places), *seen.params, wanted))


def _seen(actor: Actor) -> Branch:
    """Whether the record of a row exists for the actor, whatever its type."""
    ways, params = ["false"], list[Any]()
    for rtype in shelf:
        allowed = access.one_condition(rtype, rtype.access.see, actor)
        ways.append(f"(r.type = %s and not r.is_removed and {allowed.sql})")
        params += [rtype.name, *allowed.params]
    return Branch(f"({' or '.join(ways)})", tuple(params))


def _scope(table: str, actor: Actor) -> Branch:
    """Inside the wall, and where the role is held. A row about no record belongs where its person does."""
    place = f"(case when r.type = '{organisation.name}' then r.id else r.organisation_id end)"
    if table == "entry":
        place = f"(case when t.record_id is null then p.organisation_id else {place} end)"
    parts, params = ["true"], list[Any]()
    if actor.confined_to is not None:
        parts.append(_among(place, actor.confined_to, params))
    if not actor.has_role_everywhere(*MAY_READ):
        grants = actor.grants_of(MAY_READ)
        teams = {g.team_id for g in grants if g.team_id is not None}
        organisations = {g.organisation_id for g in grants if g.organisation_id is not None}
        ways = [
            _among(column, ids, params)
            for column, ids in (("r.team_id", teams), (place, organisations))
            if ids
        ]
        parts.append(f"({' or '.join(ways) or 'false'})")
    return Branch(f"({' and '.join(parts)})", tuple(params))


def _among(column: str, ids: frozenset[int] | set[int], params: list[Any]) -> str:
    params += sorted(ids)
    return f"{column} in ({', '.join(['%s'] * len(ids))})" if ids else "false"


def _shown(
    actor: Actor, taken: Sequence[tuple[str, tuple[Any, ...]]], *, python: bool
) -> list[dict[str, Any]]:
    read_time, uuid_of = rows.time_codec(python=python), rows.uuid_text(connection.vendor)
    shown, told = [], []
    for table, values in taken:
        key, at, kind, door, times, address, data, happened, imported, audience, *rest = values
        uuid, number, title, type_name, record, record_title, seen, *facts = rest
        data = data if isinstance(data, dict) else orjson.loads(data)
        row: dict[str, Any] = {
            "id": f"{table}-{key}",
            "at": read_time(at),
            "kind": kind,
            "door": door,
            "actor": {"id": uuid_of(uuid), "number": number, "title": title} if number else None,
            "record": None,
            "is_withheld": False,
            "changes": {},
            "facts": {} if table == "event" else data,
            "times": times,
            "address": address,
            "happened_at": read_time(happened),
            "is_imported": bool(imported),
        }
        if type_name:
            shown_title = record_title if seen else ""
            row["record"] = {"type": type_name, "number": record, "title": shown_title}
            row["is_withheld"] = not seen
        if table == "event" and seen:
            event = {"id": key, "name": kind, "audience": audience, "changes": data}
            told.append((shelf.type(type_name), Facts(*facts), event))
            row["changes"] = event
        shown.append(row)
    history.tell(actor, told)
    for row in shown:
        row["changes"] = row["changes"].get("changes", {})
    return shown
