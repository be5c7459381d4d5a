"""Reads what is needed to judge a batch of events: a few statements for all of them together."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.db import connection

from mainstay.capabilities.telling.concerns import Happening
from mainstay.capabilities.telling.models import Watcher
from mainstay.directory import duty, people
from mainstay.pure.mentions import called
from mainstay.records import access, bulk
from mainstay.records.models import Event
from mainstay.records.rows import FACTS, Facts
from mainstay.records.types import Message, RecordType, shelf

# By these a person saw what they acted on; a program of theirs saw nothing.
SEEING = ("web", "portal")


def read(events: Sequence[Event]) -> list[Happening]:
    """Those that may concern somebody, in order; what is imported or was done to many at once is not among them.

    Nor is what followed from that by itself; a person who takes one of those back has done so.
    """
    heard = [e for e in events if not e.is_imported and e.door != bulk.DOOR]
    causes = _causes({e.cause_id for e in heard} - {None})
    heard = [
        e
        for e in heard
        if e.cause_id is None or e.actor_id is not None or not causes[e.cause_id].is_bulk
    ]
    if not heard:
        return []
    records = _records({event.record_id for event in heard})
    heard = [event for event in heard if event.record_id in records]
    said = _said(heard)
    logins, in_teams = _called({event: called(told.text) for event, told in said.items()})
    watchers = _watchers(records)
    followers = _followers(records)
    members: dict[int, Collection[int]] = {}

    def of_team(team: int | None) -> Collection[int]:
        if team is None:
            return ()
        if team not in members:
            members[team] = [member.id for member in duty.members(team)]
        return members[team]

    return [
        Happening(
            event=event,
            rtype=records[event.record_id][0],
            facts=(facts := records[event.record_id][1]),
            said=said.get(event.pk),
            mentioned=[
                *logins.get(event.pk, ()),
                # A caller calls no whole team.
                *(
                    in_teams.get(event.pk, ())
                    if event.actor_id not in access.callers(facts)
                    else ()
                ),
            ],
            watchers=watchers.get(event.record_id, ()),
            followers=followers.get(event.record_id, ()),
            because_of=causes[event.cause_id].actor_id
            if event.actor_id is None and event.cause_id is not None
            else None,
            members=lambda team=facts.team_id: of_team(team),
        )
        for event in heard
    ]


def acts(events: Sequence[Event]) -> dict[tuple[int, int], Event]:
    """The newest that each person did to a record while they saw it."""
    return {
        (event.actor_id, event.record_id): event
        for event in events
        if event.actor_id is not None and event.door in SEEING
    }


def _records(ids: Collection[int]) -> dict[int, tuple[RecordType, Facts]]:
    columns = ", ".join(FACTS)
    found = _rows(
        f"select type, {columns} from records_record where not is_removed and id in", sorted(ids)
    )
    return {row[1]: (shelf.type(row[0]), Facts(*row[1:])) for row in found}


def _said(heard: Sequence[Event]) -> dict[int, Message]:
    """What was said with each event, asked of whichever capability keeps it."""
    by_offer: dict[Any, list[int]] = {}
    for event in heard:
        offer = shelf.type(event.name.partition(".")[0]).offer("said")
        if offer is not None:
            by_offer.setdefault(offer, []).append(event.pk)
    told: dict[int, Message] = {}
    for offer, ids in by_offer.items():
        told |= offer(ids)
    return told


def _called(words: dict[int, list[str]]) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
    """Ids of the people each event names, and of those in the teams it names; a name nobody has is nobody."""
    every = sorted({word for several in words.values() for word in several})
    known = people.by_logins(every) if every else {}
    teams = people.teams_by_handle() if set(every) - set(known) else {}
    named = {word: teams[word] for word in every if word not in known and word in teams}
    members = people.members_of(list(named.values()))
    by_login, by_team = {}, {}
    for event, several in words.items():
        by_login[event] = [known[word] for word in several if word in known]
        by_team[event] = [
            person for word in several if word in named for person in members.get(named[word], ())
        ]
    return by_login, by_team


def _watchers(records: Iterable[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    rows = Watcher.objects.filter(record_id__in=list(records)).values_list("record_id", "person_id")
    for record, person in rows:
        found.setdefault(record, []).append(person)
    return found


def _followers(records: Mapping[int, tuple[RecordType, Facts]]) -> dict[int, list[int]]:
    """Who said that a record is about them as well, asked of whichever capability keeps that."""
    by_offer: dict[Any, list[int]] = {}
    for record, (rtype, _facts) in records.items():
        offer = rtype.offer("followers")
        if offer is not None:
            by_offer.setdefault(offer, []).append(record)
    found: dict[int, list[int]] = {}
    for offer, ids in by_offer.items():
        found |= offer(ids)
    return found


class Cause(NamedTuple):
    """Who did what made Mainstay act, and whether that or what led to it was done to many at once."""

    actor_id: int | None
    is_bulk: bool


def _causes(ids: Collection[int]) -> dict[int, Cause]:
    """What each of these events was, with all that led to it. One statement."""
    if not ids:
        return {}
    found = _rows(
        "with recursive led (asked, cause_id, door) as (select id, cause_id, door from records_event where id in",
        sorted(ids),
        " union all select led.asked, e.cause_id, e.door from led join records_event e on e.id = led.cause_id)"
        " select e.id, e.actor_id, max(case when led.door = %s then 1 else 0 end)"
        " from led join records_event e on e.id = led.asked group by e.id, e.actor_id",
        bulk.DOOR,
    )
    return {key: Cause(actor, bool(is_bulk)) for key, actor, is_bulk in found}


def _rows(statement: str, ids: Sequence[int], rest: str = "", *more: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(f"{statement} ({', '.join(['%s'] * len(ids))}){rest}", [*ids, *more])
        return list(cursor.fetchall())
