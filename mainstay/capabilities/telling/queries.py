"""What stands in a person's inbox, and how much; bell, pages and API count in the same way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from mainstay.capabilities.telling import rights
from mainstay.capabilities.telling.channels import CHANNELS
from mainstay.capabilities.telling.kinds import BY_NAME, KINDS, NEEDS, WATCHED, Kind
from mainstay.capabilities.telling.models import InboxEntry, Preference
from mainstay.pure.rules import Actor
from mainstay.records import clock, jobs, rows
from mainstay.records.errors import Invalid
from mainstay.records.rows import Row, any_of
from mainstay.records.types import RecordType, shelf

# Beyond so many unread ones a count says "more than".
MOST_COUNTED = 1000
NEEDED, FOR_INFORMATION, SNOOZED, READ = "needs", "info", "snoozed", "read"
VIEWS = (NEEDED, FOR_INFORMATION, SNOOZED, READ)
AWAKE = "e.read_at is null and (e.snoozed_until is null or e.snoozed_until <= %s)"
TABLES = "telling_inboxentry e join records_record r on r.id = e.record_id"


@dataclass(frozen=True)
class Counts:
    """Entries that are unread and awake; and how much long work has ended that its person was not told of."""

    needs: int = 0
    info: int = 0
    is_exact: bool = True
    ended: int = 0


@dataclass(frozen=True)
class Item:
    """One entry as it is shown, with its record as it is now."""

    id: int
    rtype: RecordType
    number: str
    title: str
    state: str
    state_kind: str
    kind: Kind
    who: str
    count: int
    at: datetime
    read_at: datetime | None
    snoozed_until: datetime | None
    needs_me: bool

    @property
    def in_portal(self) -> str:
        return f"{rights.portal_path(self.rtype)}{self.number}/"


def counts(actor: Actor, *, own: bool = False) -> Counts:
    """One statement, and none for who can have no inbox."""
    if actor.id is None:
        return Counts()
    test, params = rights.of_entries(actor, own=own)
    with connection.cursor() as cursor:
        # The portal has no page of long work. An outer join, so that it is known where no entry waits, too.
        cursor.execute(
            f"select w.ended, n.needs, n.count from (select ({'0' if own else jobs.NEWS}) as ended) w left join"
            f" (select needs, count(*) as count from (select {NEEDS} as needs from {TABLES} where e.person_id = %s"
            f" and {AWAKE} and {test} limit {MOST_COUNTED}) e group by needs) n on 1 = 1",
            [*([] if own else [actor.id]), actor.id, _stored(clock.now()), *params],
        )
        rows_of = cursor.fetchall()
    found = {bool(needs): count for _ended, needs, count in rows_of if count}
    total = sum(found.values())
    exact = total < MOST_COUNTED
    return Counts(found.get(True, 0), found.get(False, 0), exact, rows_of[0][0])


def standing(people: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """For each of these people a value that changes when something comes to their inbox, is read or put off.

    One statement.
    """
    wanted = sorted(set(people))
    if not wanted:
        return {}
    marks = ", ".join(["%s"] * len(wanted))
    with connection.cursor() as cursor:
        cursor.execute(
            "select person_id, count(*), max(at), max(snoozed_until),"
            " count(case when snoozed_until > %s then 1 end) from telling_inboxentry"
            f" where read_at is null and person_id in ({marks}) group by person_id",
            [_stored(clock.now()), *wanted],
        )
        return {person: tuple(map(str, found)) for person, *found in cursor.fetchall()}


def watched(records: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """For each of these that somebody watches a value that changes with who does. One statement."""
    wanted = sorted(set(records))
    if not wanted:
        return {}
    some, given = any_of(wanted)
    with connection.cursor() as cursor:
        cursor.execute(
            "select record_id, count(*), sum(person_id), max(since) from telling_watcher"
            f" where record_id {some} group by record_id",
            [given],
        )
        return {record: tuple(map(str, found)) for record, *found in cursor.fetchall()}


def page(
    actor: Actor,
    view: str,
    *,
    after: str = "",
    size: int = 50,
    own: bool = False,
    verb: str = "read",
) -> tuple[list[Item], str | None]:
    """The newest first, and where the next page goes on. One statement."""
    test, params = rights.of_entries(actor, own=own, verb=verb)
    which, which_params = _which(view)
    start, start_params = _start(after)
    with connection.cursor() as cursor:
        cursor.execute(
            "select e.id, r.type, r.number, r.title, r.state, r.kind, e.kind, p.title, e.count, e.at, e.read_at,"
            f" e.snoozed_until, {NEEDS} from {TABLES} left join records_event v on v.id = e.event_id"
            f" left join records_record p on p.id = v.actor_id where e.person_id = %s and {which} and {test}{start}"
            f" order by e.at desc, e.id desc limit {int(size) + 1}",
            [actor.id, *which_params, *params, *start_params],
        )
        found = [_item(row) for row in cursor.fetchall()]
    kept = found[:size]
    following = f"{kept[-1].at.isoformat()}_{kept[-1].id}" if len(found) > size else None
    return kept, following


def _which(view: str) -> tuple[str, list[object]]:
    now = _stored(clock.now())
    match view:
        case "needs":
            return f"{AWAKE} and {NEEDS}", [now]
        case "info":
            return f"{AWAKE} and not {NEEDS}", [now]
        case "snoozed":
            return "e.read_at is null and e.snoozed_until > %s", [now]
        case "read":
            return "e.read_at is not null", []
    raise Invalid({"view": [_("There is no view %(name)s.") % {"name": view}]})


def _start(after: str) -> tuple[str, list[object]]:
    if not after:
        return "", []
    moment, _underscore, key = after.partition("_")
    try:
        at, id = datetime.fromisoformat(moment), int(key)
        stored = _stored(at)
    except (ValueError, OverflowError, TypeError):
        at = None
    if at is None or at.tzinfo is None or not 0 <= id < 1 << 62:
        raise Invalid({"after": [_("This is no cursor for this list; start again without it.")]})
    return " and (e.at < %s or (e.at = %s and e.id < %s))", [stored, stored, id]


def _stored(moment: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(moment)


def _item(row: tuple[Any, ...]) -> Item:
    aware = rows.time_codec(python=True)
    id, type_name, number, title, state, state_kind, kind, who, count, *times, needs = row
    at, read_at, snoozed_until = (None if time is None else aware(time) for time in times)
    return Item(
        id=id,
        rtype=shelf.type(type_name),
        number=number,
        title=title,
        state=state,
        state_kind=state_kind,
        kind=BY_NAME.get(kind, WATCHED),
        who=who or "",
        count=count,
        at=at,
        read_at=read_at,
        snoozed_until=snoozed_until,
        needs_me=bool(needs),
    )


def is_unread(actor: Actor, row: Row) -> bool:
    """Whether there is news for the actor about a record. One statement."""
    entries = InboxEntry.objects.filter(person_id=actor.id, record_id=row.facts.id, read_at=None)
    return actor.id is not None and entries.exists()


def watchers(actor: Actor, row: Row, *, all_of_them: bool) -> list[dict[str, Any]]:
    """`{"number", "title", "is_me"}` of who watches a record; without `all_of_them` the actor alone. One statement."""
    test = "" if all_of_them else " and w.person_id = %s"
    with connection.cursor() as cursor:
        cursor.execute(
            "select p.id, p.number, p.title from telling_watcher w join records_record p on p.id = w.person_id"
            f" where w.record_id = %s and p.is_open{test} order by p.title, p.id",
            [row.facts.id, *([] if all_of_them else [actor.id])],
        )
        return [
            {"number": number, "title": title, "is_me": id == actor.id}
            for id, number, title in cursor.fetchall()
        ]


def preferences(
    actor: Actor, among: Iterable[Kind] = KINDS
) -> list[tuple[Kind, list[tuple[str, bool]]]]:
    """Each of these kinds with whether the person wants it by each channel. One statement."""
    rows = Preference.objects.filter(person_id=actor.id).values_list("kind", "channel", "is_wanted")
    said: Mapping[tuple[str, str], bool] = {(kind, channel): wants for kind, channel, wants in rows}
    return [
        (
            kind,
            [(c.name, said.get((kind.name, c.name), kind.name in c.usual)) for c in CHANNELS],
        )
        for kind in among
    ]
