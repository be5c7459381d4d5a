"""What holds for every record type because it stands on the shelf; a new type is tested the day it is declared."""

from typing import Any

import pytest

from mainstay.directory import commands as directory
from mainstay.pure.kinds import FieldKind
from mainstay.pure.rules import SYSTEM, Actor, By, Everyone
from mainstay.records import access, commands, counting, fields, history, queries, where
from mainstay.records.errors import Denied, Illegal, Invalid, Missing, Stale
from mainstay.records.models import Event, Record
from mainstay.records.types import Message, RecordType, shelf
from tests.world import NAMED, SETUP, World, least

TYPES = [pytest.param(rtype, id=rtype.name) for rtype in shelf]
MOVES = [
    pytest.param(rtype, state.name, move, id=f"{rtype.name}-{state.name}-{move.name}")
    for rtype in shelf
    for state in rtype.lifecycle.states
    for move in rtype.lifecycle.moves
]
# What somebody without any role may not do; creating an incident is everybody's right.
REFUSED = [
    pytest.param(rtype, verb, id=f"{rtype.name}-{verb}")
    for rtype in shelf
    for verb in ("create", "change", "remove")
    if rtype.access.rule_for(verb) != Everyone()
]
pytestmark = pytest.mark.django_db
every_type = pytest.mark.parametrize("rtype", TYPES)


def made(rtype: RecordType, **more: Any) -> Any:
    return commands.create(rtype, least(rtype, **more), SETUP)


def told_apart(rtype: RecordType, n: int) -> dict[str, Any]:
    """What keeps records of one title apart, for the types of which each has something of its own."""
    return {
        "user": {"username": f"page{n}"},
        "view": {
            "record_type": ("incident", "problem", "task", "user", "team", "site", "skill")[n]
        },
    }.get(rtype.name, {})


def put_into(rtype: RecordType, record: Any, state: str) -> None:
    """Any state, legal or not: the move under test is what is judged."""
    kind = rtype.lifecycle.state(state).kind
    Record.objects.filter(pk=record.pk).update(state=state, kind=kind.value, is_open=kind.is_open)


# Something valid for a field of each kind that stands for itself.
SOMETHING: dict[FieldKind, Any] = {
    FieldKind.TEXT: "Something",
    FieldKind.LONG: "Something",
    FieldKind.NUMBER: 1,
    FieldKind.BOOL: True,
    FieldKind.TIME: "2030-01-01T08:00:00Z",
    FieldKind.DATE: "2030-01-01",
    FieldKind.DATA: {"some": "thing"},
}


def needed(rtype: RecordType, names: tuple[str, ...], world: World) -> dict[str, Any]:
    """Something valid for each field a move asks for."""
    return {field.name: example(field, world) for field in fields.named(rtype, names)}


def example(field: fields.Field, world: World) -> Any:
    if field.choices:
        return field.choices[-1][0]
    if not field.is_reference:
        return SOMETHING[field.kind]
    known = {"user": world.number("agn"), "team": world.teams["net"]}
    return known.get(field.target) or made(shelf.type(field.target)).number


def by_hand(rtype: RecordType, attribute: str) -> str:
    """What the type calls a common column that people may fill, "" where they may not."""
    known = fields.of(rtype).values()
    return next((f.name for f in known if f.attribute == attribute and f.writable), "")


@every_type
def test_starts_in_its_first_state_with_a_number_and_one_event(rtype: RecordType) -> None:
    record = made(rtype)
    row = queries.one(rtype, SYSTEM, record.number)
    assert row["state"] == rtype.lifecycle.first.name
    assert row["number"].startswith(f"{rtype.prefix}-")
    assert row["version"] == 1
    assert [e["name"] for e in history.events(rtype, SYSTEM, row)] == [f"{rtype.name}.create"]


@every_type
def test_is_found_by_every_spelling_of_its_number(rtype: RecordType) -> None:
    record = made(rtype)
    digits = record.number.split("-")[1]
    for spelling in (
        f"{rtype.prefix.lower()}{digits}",
        f"{rtype.prefix}000{digits}",
        str(record.uuid),
    ):
        assert queries.one(rtype, SYSTEM, spelling)["number"] == record.number


@pytest.mark.parametrize(("rtype", "state", "move"), MOVES)
def test_a_move_works_where_it_is_legal_and_nowhere_else(rtype, state, move, world: World) -> None:
    record = made(rtype)
    put_into(rtype, record, state)
    step = needed(rtype, move.needs, world), SETUP
    events = Event.objects.count()
    said = Message("all", "Why") if move.message else None
    if state in move.sources:
        moved = commands.move(rtype, record.number, move.name, *step, message=said)
        assert moved.state == move.target
        assert moved.is_open == rtype.lifecycle.state(move.target).kind.is_open
        assert Event.objects.last().name == f"{rtype.name}.{move.name}"
    else:
        with pytest.raises(Illegal):
            commands.move(rtype, record.number, move.name, *step, message=said)
        assert Event.objects.count() == events
        assert Record.objects.get(pk=record.pk).state == state


@every_type
def test_a_move_without_what_it_needs_is_refused(rtype: RecordType) -> None:
    for move in rtype.lifecycle.moves:
        record = made(rtype, **({"username": f"u-{move.name}"} if rtype.name == "user" else {}))
        put_into(rtype, record, move.sources[0])
        # A number or a yes-or-no that begins with something is there already.
        asked = fields.named(rtype, move.needs)
        empty = {f.name for f in asked if getattr(record, f.stored) in (None, "")}
        if empty:
            with pytest.raises(Invalid) as refused:
                commands.move(rtype, record.number, move.name, {}, SETUP)
            assert empty <= set(refused.value.fields)


def counted(record: Any) -> tuple[int, int, int]:
    version = Record.objects.get(pk=record.pk).version
    return Event.objects.count(), Record.objects.count(), version


@pytest.mark.parametrize(("rtype", "verb"), REFUSED)
def test_a_stranger_is_refused_and_nothing_is_written(
    rtype: RecordType, verb: str, world: World
) -> None:
    record = made(rtype)
    stranger = world.by("rb1")
    data = least(rtype) if verb == "create" else {}
    before = counted(record)
    # What a record has to name may not exist for a stranger, which is told before any right is asked for.
    refusals = (Denied, Missing, Invalid) if rtype.name in NAMED else (Denied, Missing)
    with pytest.raises(refusals):
        if verb == "create":
            commands.create(rtype, data, stranger)
        elif verb == "change":
            commands.change(rtype, record.number, {"title": "Taken over"}, stranger)
        else:
            commands.remove(rtype, record.number, stranger)
    assert counted(record) == before


@every_type
@pytest.mark.parametrize("name", ["ra1", "rb1", "agn", "agb", "aud", "ven", "mgr", "adm"])
def test_list_count_and_record_agree_on_what_exists(
    rtype: RecordType, name: str, world: World
) -> None:
    """The two readings of the rule, on real rows: what the list shows is what can be opened and counted."""
    world.incident()
    world.incident(by="rb1")
    world.hidden_incident()
    actor = world.actor(name)
    listed = {row["number"] for row in queries.page(rtype, actor, size=200).items}
    everything = {row["number"] for row in queries.page(rtype, SYSTEM, size=200).items}
    for number in everything:
        if number in listed:
            assert queries.one(rtype, actor, number)["number"] == number
        else:
            with pytest.raises(Missing):
                queries.one(rtype, actor, number)
    assert counting.count(rtype, actor) == (len(listed), True)
    assert set(queries.keys(rtype, actor, None, 1000)) == listed


@every_type
def test_a_change_is_kept_once_and_told_with_old_and_new(rtype: RecordType) -> None:
    record = made(rtype)
    commands.change(rtype, record.number, {"title": "Another title"}, SETUP)
    commands.change(rtype, record.number, {"title": "Another title"}, SETUP)
    row = queries.one(rtype, SYSTEM, record.number)
    told = history.events(rtype, SYSTEM, row)
    assert row["version"] == 2
    assert [e["name"] for e in told] == [f"{rtype.name}.create", f"{rtype.name}.change"]
    assert told[-1]["changes"]["title"] == {"from": f"A {rtype.name}", "to": "Another title"}


@every_type
def test_a_stale_writer_is_told(rtype: RecordType) -> None:
    record = made(rtype)
    commands.change(rtype, record.number, {"title": "Newer"}, SETUP, version=1)
    with pytest.raises(Stale):
        commands.change(rtype, record.number, {"title": "Older"}, SETUP, version=1)
    with pytest.raises(Stale) as conflict:
        commands.change(rtype, record.number, {"title": "Older"}, SETUP, seen=1)
    assert conflict.value.fields == {"title": ("Newer", "Older")}
    assert queries.one(rtype, SYSTEM, record.number)["title"] == "Newer"


@every_type
def test_unknown_and_automatic_fields_are_refused_by_name(rtype: RecordType) -> None:
    for name in ("nonsense", "state", "number", "version", "created_at"):
        with pytest.raises(Invalid) as refused:
            commands.create(rtype, least(rtype) | {name: "x"}, SETUP)
        assert name in refused.value.fields


@every_type
def test_pages_are_whole_and_in_order(rtype: RecordType) -> None:
    for n in range(7):
        made(rtype, title=f"{n % 3} twin", **told_apart(rtype, n))
    for order in rtype.orders:
        whole = [r["number"] for r in queries.page(rtype, SYSTEM, order=order, size=200).items]
        pieces, after = [], None
        while True:
            page = queries.page(rtype, SYSTEM, order=order, size=2, after=after)
            pieces += [r["number"] for r in page.items]
            after = page.next
            if after is None:
                break
        assert pieces == whole
        assert len(set(pieces)) == len(pieces)


@every_type
def test_every_view_is_a_condition_its_readers_may_ask(rtype: RecordType, world: World) -> None:
    made(rtype)
    for view in rtype.views:
        condition = where.parse(rtype, world.actor("agn"), view.where)
        queries.page(rtype, world.actor("agn"), where=condition, order=view.order)


@every_type
def test_a_removed_record_is_gone_but_its_history_stays(rtype: RecordType) -> None:
    record = made(rtype)
    commands.remove(rtype, record.number, By(SYSTEM, "test"))
    with pytest.raises(Missing):
        queries.one(rtype, SYSTEM, record.number)
    assert record.number not in {r["number"] for r in queries.page(rtype, SYSTEM, size=200).items}
    assert Event.objects.filter(record_id=record.pk).count() == 2


@every_type
def test_a_removal_can_be_taken_back(rtype: RecordType) -> None:
    record = made(rtype)
    before = queries.one(rtype, SYSTEM, record.number)
    with pytest.raises(Missing):
        commands.restore(rtype, record.number, SETUP)
    commands.remove(rtype, record.number, SETUP)
    commands.restore(rtype, record.number, SETUP)
    after = queries.one(rtype, SYSTEM, record.number)
    assert after["version"] == 3
    moved = {"version", "updated_at"}
    assert {n: v for n, v in after.items() if n not in moved} == {
        n: v for n, v in before.items() if n not in moved
    }


@every_type
def test_a_private_field_is_read_where_its_rule_covers_the_record(
    rtype: RecordType, world: World
) -> None:
    """In pages, single records, filters and history alike; agents of one team, and callers who are agents."""
    directory.grant(world.number("ra1"), "agent", SETUP, team_key=world.teams["net"])
    readers = [world.actor(name) for name in ("agn", "ra1", "ra2", "aud", "ven", "mgr")]
    requester, team = by_hand(rtype, "requester"), by_hand(rtype, "team")
    callers = [{requester: world.number(who)} for who in ("agn", "ra1", "ven")]
    teams = [{team: world.teams[name]} for name in ("net", "hr", "desk")]
    given = [
        caller | its_team
        for caller in (callers if requester else [{}])
        for its_team in (teams if team else [{}])
    ]
    for n, named in enumerate(given):
        made(rtype, **named, title=f"A {rtype.name}, {n}")
    for reader in readers:
        for name in rtype.private:
            for row in queries.page(rtype, SYSTEM, size=200).items:
                read_alike(rtype, reader, name, row["number"])


def read_alike(rtype: RecordType, reader: Actor, name: str, number: str) -> None:
    record = rtype.model.objects.get(number=number)  # type: ignore[attr-defined]
    if not access.allows(rtype, rtype.access.see, reader, record):
        return
    is_readable = access.allows(rtype, rtype.private[name], reader, record)
    assert (name in fields.readable(rtype, reader, record)) is is_readable
    if name not in fields.visible(rtype, reader):
        assert not is_readable
        return
    whole = queries.one(rtype, SYSTEM, number)[name]
    shown = queries.one(rtype, reader, number)[name]
    listed = {r["number"]: r[name] for r in queries.page(rtype, reader, size=200).items}[number]
    assert shown == listed == (whole if is_readable else None)
