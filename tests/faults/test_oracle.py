"""The harness of the faults sees what it is there to see: each kind of damage, done to a small database, is told."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults import catalogue, oracle, table
from tests.faults.clients import Write
from tests.faults.report import Report, Verdict
from tests.faults.table import Row
from tests.safety.ledger import Ledger

TABLES = """
create table records_record (id integer primary key, number text, title text, type text);
create table incidents_incident (record_ptr_id integer);
create table records_event (id integer primary key, record_id integer, name text);
create table conversation_entry (event_id integer);
create table records_answer (status integer);
create table records_pending (id integer);
create table search_document (record_id integer);
"""


def write(n: int) -> Write:
    return Write(f"f0-{n}", number=f"INC-{n}")


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with sqlite3.connect(tmp_path / "mainstay.sqlite3") as connection:
        connection.executescript(TABLES)
    with Ledger("", tmp_path) as ledger:
        for n in (1, 2, 3):
            stored(ledger, n)
        yield ledger


def stored(ledger: Ledger, n: int, title: str = "") -> None:
    run = ledger.connection.execute
    run(
        "insert into records_record values (?, ?, ?, 'incident')",
        (n, f"INC-{n}", title or f"f0-{n}"),
    )
    run("insert into incidents_incident values (?)", (n,))
    run("insert into records_event (record_id, name) values (?, 'incident.create')", (n,))
    run("insert into records_event (record_id, name) values (?, 'incident.assign')", (n,))
    run("insert into search_document values (?)", (n,))


def verdict(ledger: Ledger, writes: list[Write]) -> Verdict:
    report = Report()
    oracle.nothing_lost(report, oracle.compare(ledger, writes))
    return report.verdict


def test_what_is_whole_passes(ledger: Ledger) -> None:
    unanswered = Write("f0-9")
    assert verdict(ledger, [write(1), write(2), write(3), unanswered]) is Verdict.PASS


@pytest.mark.parametrize(
    "damage",
    [
        "delete from records_record where id = 2",
        "update records_record set number = 'INC-1' where id = 2",
        "update records_record set title = 'f0-1' where id = 2",
        "delete from incidents_incident where record_ptr_id = 2",
        "delete from records_event where record_id = 2 and name = 'incident.create'",
        "insert into records_event (record_id, name) values (2, 'incident.assign')",
        "insert into records_event (record_id, name) values (99, 'incident.create')",
        "delete from search_document where record_id = 2",
        "insert into records_answer values (0)",
        "insert into records_pending values (1)",
        "insert into conversation_entry values (999)",
    ],
)
def test_each_damage_is_seen(ledger: Ledger, damage: str) -> None:
    ledger.connection.execute(damage)
    assert verdict(ledger, [write(1), write(2), write(3)]) is Verdict.FAIL


def test_what_nobody_asked_for_and_nothing_at_all_are_seen(ledger: Ledger) -> None:
    assert verdict(ledger, [write(1), write(2)]) is Verdict.FAIL
    assert verdict(ledger, [Write("f0-9")]) is Verdict.FAIL


def test_the_table_tells_what_did_not_hold() -> None:
    report = Report()
    report.hold("3 lost", is_so=False)
    [*_, line] = table.text(
        [Row("F99", "a|b", "lost 0", "SQLite", report, 1.0)], is_quick=False
    ).splitlines()
    assert "**3 lost**" in line and "a\\|b" in line and line.endswith("| **no** |")
    assert Report().verdict is Verdict.FAIL


def test_what_is_run_again_takes_the_place_of_its_row() -> None:
    def row(fault: str, seen: str) -> Row:
        report = Report()
        report.note(seen)
        return Row(fault, "x", "y", "SQLite", report, 1.0)

    earlier = table.text([row("F01", "one"), row("F02", "two")], is_quick=False)
    again = table.text([row("F02", "three")], is_quick=False, earlier=earlier)
    assert "| one |" in again and "| three |" in again and "| two |" not in again
    assert "2 of 2 rows hold" in again


def test_the_page_has_a_row_for_every_fault() -> None:
    text = table.PAGE.read_text()
    for fault in catalogue.FAULTS:
        for database in fault.databases:
            assert f"| {fault.name} {fault.what} | {database} |" in text, (fault.name, database)
