"""Seals hold every row; whatever is altered, taken away or slipped in afterwards is named."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction

from mainstay.directory import commands as directory
from mainstay.pure.rules import SYSTEM, By
from mainstay.records import clock, commands
from mainstay.records.audit import entries, guards, sealing, verifying
from mainstay.records.audit.models import AuditEntry, Seal
from mainstay.records.models import Event, EventText
from mainstay.records.types import shelf
from tests.world import SETUP, World

pytestmark = pytest.mark.django_db


def seal_all() -> int:
    horizon, sealed = sealing.Horizon(), 0
    while batch := sealing.seal(horizon):
        sealed += batch
    return sealed


def wrong(*heads: str) -> list[str]:
    return list(verifying.verify(lambda *_: None, verifying.Outcome(), heads))


def by_force(sql: str, *params: object) -> None:
    """As somebody with the database in their hands would: without the triggers, which are back afterwards."""
    with connection.cursor() as cursor:
        for name in guards.names():
            on = "" if connection.vendor == "sqlite" else f" on {name.rpartition('_no_')[0]}"
            cursor.execute(f"drop trigger {name}{on}")
        cursor.execute(sql, params)
    guards.prepare()


@pytest.fixture
def lived(world: World) -> Event:
    """A sealed history with a private text; the event that has it."""
    made = world.incident()
    commands.change(shelf.type("incident"), made.number, {"body": "More"}, world.by("agn"))
    entries.note("sign-in", By(world.actor("agn"), "web"), address="192.0.2.1")
    seal_all()
    world.incident(title="After the first seal")
    seal_all()
    assert wrong() == []
    return Event.objects.get(record_id=made.id, name="incident.change")


def test_every_row_is_sealed_once_and_all_is_well(world: World) -> None:
    entries.note("sign-in", SETUP)
    rows = Event.objects.count() + AuditEntry.objects.count()
    assert seal_all() == rows
    assert seal_all() == 0
    outcome = verifying.Outcome()
    assert list(verifying.verify(lambda *_: None, outcome)) == []
    assert (outcome.rows, outcome.waiting) == (rows, 0)
    world.incident()
    list(verifying.verify(lambda *_: None, outcome))
    assert outcome.waiting == 1


def test_large_batches_are_several_seals(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "MOST", 7)
    assert seal_all() == Event.objects.count()
    assert Seal.objects.count() >= Event.objects.count() // 7
    assert wrong() == []


@pytest.mark.attack("U01")
@pytest.mark.parametrize(
    "sql",
    [
        "update records_event set actor_id = null where id = {id}",
        "delete from records_event",
        "update records_eventtext set new = 'Less' where event_id = {id}",
        "update records_eventtext set old = '', new = '', is_redacted = true where event_id = {id}",
        "delete from records_eventtext",
        "update audit_entry set kind = 'sign-out'",
        "update audit_entry set address = '192.0.2.2'",
        "update audit_entry set address = '', salt = '', door = 'api'",
        "delete from audit_entry",
        "update audit_seal set count = 1",
        "delete from audit_seal",
    ],
)
def test_the_database_itself_refuses(lived: Event, sql: str) -> None:
    with (
        pytest.raises(DatabaseError, match=guards.WORDS),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql.format(id=lived.pk))
    assert wrong() == []


def test_truncating_is_refused_where_there_is_such_a_thing(lived: Event) -> None:
    if connection.vendor == "sqlite":
        assert not [name for name in guards.names() if "truncate" in name]
        return
    with (
        pytest.raises(DatabaseError, match=guards.WORDS),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("set constraints all immediate")
        cursor.execute("truncate audit_entry cascade")


def test_blanked_words_and_addresses_leave_all_verifiable(lived: Event) -> None:
    blank = {"old": "", "new": "", "salt": "", "is_redacted": True}
    assert EventText.objects.filter(event_id=lived.pk).update(**blank) == 1
    assert AuditEntry.objects.filter(kind="sign-in").update(address="", salt="") == 1
    assert wrong() == []


def test_an_altered_event_is_named(lived: Event) -> None:
    by_force("update records_event set actor_id = null where id = %s", lived.pk)
    [sentence] = wrong()
    number = lived.record.number
    assert sentence.startswith(f"Event {lived.pk} ({number}, ")
    assert "was altered" in sentence


def test_a_missing_event_is_named_with_its_record(lived: Event) -> None:
    by_force("delete from records_eventtext where event_id = %s", lived.pk)
    by_force("delete from records_pending where event_id = %s", lived.pk)
    by_force("delete from records_event where id = %s", lived.pk)
    [sentence] = wrong()
    assert sentence.startswith(f"Event {lived.pk} ({lived.record.number}, ")
    assert "is missing" in sentence


def test_an_event_slipped_in_is_named(lived: Event) -> None:
    by_force(
        "insert into records_event (id, record_id, name, audience, door, version, at, recorded_at, changes, depth,"
        " is_imported) select -5, record_id, 'incident.close', audience, door, version, at, recorded_at, changes,"
        " depth, is_imported from records_event where id = %s",
        lived.pk,
    )
    sentence, _its_text = wrong()
    assert sentence.startswith(f"Event -5 ({lived.record.number}, ")
    assert "was slipped in" in sentence


def test_events_that_changed_places_are_named(lived: Event) -> None:
    entries.note("sign-out", SETUP)
    entries.note("sign-in", SETUP)
    seal_all()
    first, second = AuditEntry.objects.order_by("-id").values_list("id", flat=True)[:2]
    for before, after in ((first, -1), (second, first), (-1, second)):
        by_force("update audit_entry set id = %s where id = %s", after, before)
    assert len([s for s in wrong() if "was altered" in s]) == 2


@pytest.mark.attack("U01")
@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("update records_eventtext set new = 'Less' where event_id = {id}", "text 'body' of event"),
        ("delete from records_eventtext where event_id = {id}", "is missing"),
        ("update records_eventtext set is_redacted = true where event_id = {id}", "not empty"),
        ("update records_eventtext set field = 'x' where event_id = {id}", "was slipped in"),
        (
            "update audit_entry set address = '192.0.2.66' where kind = 'sign-in'",
            "address of entry",
        ),
        ("update audit_entry set kind = 'x' where kind = 'sign-in'", "was altered"),
        ("update audit_seal set count = count + 1 where id = 1", "root of seal 1"),
        ("update audit_seal set entries = entries + 1 where id = 1", "Seal 1 of"),
        ("update audit_seal set digest = root where id = 1", "Seal 2 does not follow"),
        ("update audit_seal set leaves = '' where id = 1", "root of seal 1"),
        ("delete from audit_seal where id = 1", "Seal 1 is missing"),
    ],
)
def test_what_was_tampered_with_is_named(lived: Event, sql: str, words: str) -> None:
    by_force(sql.format(id=lived.pk))
    told = wrong()
    assert any(words in sentence for sentence in told), told


@pytest.mark.sqlite_only
@pytest.mark.attack("U01")
@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("update records_event set door = x'ff' where id = {id}", "was altered"),
        ("update records_event set changes = '[]' where id = {id}", "was altered"),
        ("update records_event set recorded_at = 'x' where id = {id}", ""),
        ("update records_event set audience = cast(x'ff' as text) where id = {id}", ""),
        ("update audit_entry set facts = '{{\"a\":1e999}}' where kind = 'sign-in'", "was altered"),
        ("update audit_entry set at = 'yesterday' where kind = 'sign-in'", ""),
        ("update records_eventtext set salt = x'ff' where event_id = {id}", ""),
        ("update audit_seal set at = 'x' where id = 1", ""),
        ("update audit_seal set events = 'x' where id = 1", ""),
    ],
)
def test_what_is_no_value_at_all_is_named_too(lived: Event, sql: str, words: str) -> None:
    """SQLite keeps whatever somebody puts into a column; what comes after it is looked at all the same."""
    by_force(sql.format(id=lived.pk))
    last = Event.objects.order_by("-id")[0].pk
    by_force("update records_event set version = version + 1 where id = %s", last)
    told = wrong()
    assert any(words in sentence for sentence in told), told
    assert "audit_seal" in sql or any(s.startswith(f"Event {last} ") for s in told), told


@pytest.mark.sqlite_only
@pytest.mark.attack("U01")
@pytest.mark.parametrize("table", ["records_event", "audit_entry", "audit_seal"])
def test_nothing_is_put_in_the_place_of_something(lived: Event, table: str) -> None:
    with (
        pytest.raises(DatabaseError, match=guards.WORDS),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"insert or replace into {table} select * from {table}")


def test_a_row_below_every_other_is_named(lived: Event) -> None:
    by_force(
        "insert into audit_entry (id, kind, at, door, times, facts, address, salt, address_digest)"
        " select %s, kind, at, door, times, facts, '', '', '' from audit_entry where kind = 'sign-in'",
        1 - 2**63,
    )
    [sentence] = wrong()
    assert "was slipped in" in sentence


@pytest.mark.sqlite_only
def test_a_trigger_that_does_nothing_is_made_anew(lived: Event) -> None:
    with connection.cursor() as cursor:
        cursor.execute("drop trigger audit_entry_no_delete")
        cursor.execute(
            "create trigger audit_entry_no_delete before delete on audit_entry begin select 1; end"
        )
    guards.prepare()
    with pytest.raises(DatabaseError, match=guards.WORDS), connection.cursor() as cursor:
        cursor.execute("delete from audit_entry")


def test_a_head_kept_elsewhere_proves_the_end(lived: Event) -> None:
    head = verifying.head_of(sealing.head())
    assert wrong(head) == []
    by_force("delete from audit_seal where id = 2")
    assert wrong() == [], "nothing here knows that there was another"
    assert wrong(head) == ["Seal 2, whose head was kept, is missing."]
    by_force("delete from audit_seal")
    assert "Seal 2, whose head was kept, is missing." in wrong(head)


def test_a_past_written_anew_does_not_fit_a_head_that_was_kept(lived: Event) -> None:
    head = verifying.head_of(sealing.head())
    by_force("delete from audit_seal")
    by_force("update records_event set actor_id = null where id = %s", lived.pk)
    monday = Seal.objects.count()
    seal_all(), seal_all()
    assert monday == 0 and wrong() == []
    assert wrong(head)


def test_what_is_no_head_is_refused() -> None:
    with pytest.raises(verifying.NoHead):
        wrong("yesterday")


def test_a_missing_trigger_is_told(lived: Event) -> None:
    name = "audit_seal_no_delete"
    with connection.cursor() as cursor:
        cursor.execute(
            f"drop trigger {name}{'' if connection.vendor == 'sqlite' else ' on audit_seal'}"
        )
    assert wrong() == [f"The trigger {name} is missing: run mainstay migrate."]


DISARMED = {
    "sqlite": (
        "drop trigger records_event_no_update",
        "create trigger records_event_no_update before update on records_event begin select 1; end",
    ),
    "postgresql": (
        "create function pass() returns trigger language plpgsql as $$ begin return new; end $$",
        "create or replace trigger records_event_no_update before update on records_event for each row"
        " execute function pass()",
    ),
}


def test_a_trigger_that_lets_changes_through_is_told(lived: Event) -> None:
    before = Event.objects.order_by("pk").values().first()
    with connection.cursor() as cursor:
        for statement in DISARMED[connection.vendor]:
            cursor.execute(statement)
    assert wrong() == [
        "The trigger records_event_no_update lets changes through: run mainstay migrate."
    ]
    assert Event.objects.order_by("pk").values().first() == before, "what was tried is taken back"
    guards.prepare()
    assert wrong() == []


def test_a_trigger_heard_only_while_rows_are_copied_is_told(lived: Event) -> None:
    if connection.vendor == "sqlite":
        return  # there is no such thing
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute("alter table records_event enable replica trigger records_event_no_update")
    assert [sentence.split()[2] for sentence in wrong()] == ["records_event_no_update"]
    guards.prepare()
    assert wrong() == []


def test_a_person_who_is_renamed_or_leaves_changes_no_seal(world: World) -> None:
    seal_all()
    directory.grant(world.number("agn"), "auditor", SETUP)
    commands.change(shelf.type("user"), world.number("ra1"), {"title": "Another name"}, SETUP)
    seal_all()
    found = EventText.objects.filter(field="title")
    count = found.update(old="", new="", salt="", is_redacted=True)
    outcome = verifying.Outcome()
    assert list(verifying.verify(lambda *_: None, outcome)) == []
    assert outcome.blanked == count > 0, "it fits, and it is said how much is gone"


@pytest.mark.django_db(transaction=True)
def test_what_commits_late_is_not_passed_over(world: World) -> None:
    """A transaction that has drawn its id and is still open while others with higher ids are sealed."""
    if connection.vendor == "sqlite":
        return  # there is one writer: ids are drawn in the order of commits
    horizon = sealing.Horizon()
    drawn, may_end = threading.Event(), threading.Event()

    def slow() -> None:
        try:
            with transaction.atomic():
                entries.note("sign-in", By(SYSTEM, "slow"))
                drawn.set()
                may_end.wait(20)
        finally:
            connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    assert drawn.wait(20)
    entries.note("sign-out", By(SYSTEM, "fast"))
    sealing.seal(horizon)
    sealing.seal(horizon)
    assert not [seal for seal in Seal.objects.all() if seal.entries], "the later id waits"
    may_end.set()
    thread.join()
    while sealing.seal(horizon):
        pass
    assert sealing.seal(horizon) == 0
    assert wrong() == []
    assert sum(s.count for s in Seal.objects.all()) == Event.objects.count() + 2


@pytest.mark.django_db(transaction=True)
def test_many_writers_and_two_sealers_leave_one_unbroken_chain(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "MOST", 5)
    ended = threading.Event()

    def in_thread(work: Callable[[], None]) -> threading.Thread:
        def run() -> None:
            try:
                work()
            finally:
                connection.close()

        thread = threading.Thread(target=run)
        thread.start()
        return thread

    def write() -> None:
        for _ in range(15):
            world.incident()

    def keep_sealing() -> None:
        horizon = sealing.Horizon()
        while not ended.is_set() or sealing.seal(horizon):
            sealing.seal(horizon)
            ended.wait(0.005)

    sealers = [in_thread(keep_sealing) for _ in range(2)]
    for writer in [in_thread(write) for _ in range(3)]:
        writer.join()
    ended.set()
    for sealer in sealers:
        sealer.join()
    seal_all()
    assert wrong() == []
    assert sum(s.count for s in Seal.objects.all()) == Event.objects.count()


def test_the_worker_seals_every_second_and_tells_repeats(world: World, time) -> None:
    sealer = sealing.Sealer()
    assert sealer.turn(10.0) == Event.objects.count()
    world.incident()
    assert sealer.turn(10.5) == 0, "not yet"
    assert sealer.turn(11.5) == 1
    assert clock.now() == Seal.objects.latest("id").at
