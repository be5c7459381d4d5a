"""What is going on, how many have it too, and which record a notice comes from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection

from mainstay.capabilities.notices.models import MeToo, Origin
from mainstay.pure.conditions import Compare, FieldRef, Kind, Op, Value
from mainstay.pure.rules import Actor
from mainstay.records import queries
from mainstay.records.rows import FACTS, Facts
from mainstay.records.types import shelf

# More at once would hide each other.
AT_ONCE = 10
SHOWN = ("text", "next_update_at")
PUBLISHED = Compare(FieldRef("state", Kind.CHOICE), Op.EQ, Value("published"))


def current(actor: Actor) -> list[dict[str, Any]]:
    """What is published and the actor may see, the newest first, each with its count."""
    found = queries.page(
        shelf.type("notice"),
        actor,
        names=SHOWN,
        where=PUBLISHED,
        size=AT_ONCE,
        python=True,
    ).items
    return counted(actor, found)


def counted(actor: Actor, found: list[Any]) -> list[Any]:
    """Notices with how many have each, and whether the actor is one of them."""
    told = counts(actor, [row["number"] for row in found])
    for row in found:
        row["count"], row["is_mine"] = told.get(row["number"], (0, False))
    return found


def may_have_it(actor: Actor) -> bool:
    """Whether the actor is somebody who can be counted, by a door that writes."""
    return actor.id is not None and actor.reaches("write", "notices")


def counts(actor: Actor, numbers: Sequence[str]) -> dict[str, tuple[int, bool]]:
    """How many have each of these too, and whether the actor is one of them; none is left out."""
    if not numbers:
        return {}
    marks = ", ".join(["%s"] * len(numbers))
    with connection.cursor() as cursor:
        cursor.execute(
            "select r.number, count(*), sum(case when m.person_id = %s then 1 else 0 end)"
            " from records_record r join notices_metoo m on m.notice_id = r.id"
            f" where r.number in ({marks}) group by r.number",
            [actor.id or 0, *numbers],
        )
        return {number: (n, bool(own)) for number, n, own in cursor.fetchall()}


def how_many() -> dict[int, int]:
    """How many have each that runs, by its id; who has nobody is left out."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select m.notice_id, count(*) from notices_metoo m join records_record r on r.id = m.notice_id"
            " where r.is_open group by m.notice_id"
        )
        return dict(cursor.fetchall())


def who_have_it(notices: Sequence[int]) -> dict[int, list[int]]:
    """Ids of the people who said so, by notice. One statement."""
    found: dict[int, list[int]] = {}
    rows = MeToo.objects.filter(notice_id__in=notices).order_by("id")
    for notice_id, person in rows.values_list("notice_id", "person_id"):
        found.setdefault(notice_id, []).append(person)
    return found


def origin(notice_id: int) -> tuple[str, str, Facts] | None:
    """The type and the number of the record a notice was published from, and what rules look at."""
    columns = ", ".join(f"r.{name}" for name in FACTS)
    with connection.cursor() as cursor:
        cursor.execute(
            f"select r.type, r.number, {columns} from notices_origin o join records_record r on r.id = o.record_id"
            " where o.notice_id = %s",
            [notice_id],
        )
        found = cursor.fetchone()
    return (found[0], found[1], Facts(*found[2:])) if found else None


def published_from(record_id: int) -> str | None:
    """The number of the notice that still runs for a record."""
    found = _running("o.record_id = %s", [record_id])
    return found[0] if found else None


def of_record(record_id: int) -> list[int]:
    """Ids of all notices that were published from a record: what ends with it names no cause."""
    return list(Origin.objects.filter(record_id=record_id).values_list("notice_id", flat=True))


def running(numbers: Sequence[str]) -> list[str]:
    """Numbers of the notices that still run for the records of these numbers; no statement where there are none."""
    if not numbers:
        return []
    marks = ", ".join(["%s"] * len(numbers))
    named = f"o.record_id in (select s.id from records_record s where s.number in ({marks}))"
    return _running(named, numbers)


def _running(condition: str, params: Sequence[object]) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select r.number from notices_origin o join records_record r on r.id = o.notice_id"
            f" where {condition} and r.is_open and not r.is_removed order by o.id desc",
            list(params),
        )
        return [number for (number,) in cursor.fetchall()]
