"""A ServiceNow log replayed: what happened is what is told, whatever interrupts, however often."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from mainstay.config.cli import replay as cli
from mainstay.doors.compat.servicenow import replay
from mainstay.practices.incidents.models import Incident
from mainstay.practices.incidents.reactions import AUTO_CLOSE
from mainstay.pure.rules import By
from mainstay.records import commands, history, queries
from mainstay.records import replay as engine
from mainstay.records.errors import Denied, Illegal, Invalid
from mainstay.records.models import Alias, Event, Pending, Record, ReplayMark, Timer
from mainstay.records.replay import Happening, Past, Stride
from mainstay.records.types import shelf
from tests.doors import csv_log
from tests.world import SETUP, World

pytestmark = pytest.mark.django_db

ODD = [
    ("Awaiting Evidence", "4/3/2024 09:00", {}),
    ("Resolved", "4/3/2024 10:00", {"made_sla": "false"}),
    ("Closed", "5/3/2024 10:00", {}),
    ("Active", "5/3/2024 11:00", {"assignment_group": "Network"}),
    ("New", "5/3/2024 10:30", {}),
    ("Closed", "6/3/2024 11:00", {"assigned_to": "Solver 9"}),
]


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2024, 3, day, hour, minute, tzinfo=UTC)


def events(number: str) -> list[Event]:
    return list(Event.objects.filter(record__number=number).order_by("id"))


@pytest.fixture
def odd(tmp_path: Path) -> Incident:
    """One incident that did nearly everything our lifecycle refuses."""
    replay.run(csv_log.write(tmp_path / "log.csv", csv_log.incident("INC0000045", ODD)))
    return Incident.objects.get(number="INC-45")


def test_refused_moves_are_recorded_and_marked(odd: Incident) -> None:
    told = [(e.name, e.changes["past"].get("refused", False)) for e in events("INC-45")]
    assert told == [
        ("incident.create", True),
        ("incident.resolve", False),
        ("incident.close", False),
        ("incident.reopen", True),
        ("incident.change", True),
        ("incident.close", True),
    ]
    assert all(e.is_imported and e.door == "servicenow-log" for e in events("INC-45"))


def test_history_tells_states_words_and_people(odd: Incident) -> None:
    first, resolved, _, reopened, *_ = events("INC-45")
    assert first.changes["state"] == [None, "on_hold"]
    assert first.changes["waiting_for"] == [None, "caller"]
    assert first.changes["past"]["incident_state"] == "Awaiting Evidence"
    assert first.actor.title == "Desk 1"
    assert resolved.changes["state"] == ["on_hold", "resolved"]
    assert resolved.changes["past"]["made_sla"] == ["true", "false"]
    assert resolved.changes["waiting_for"] == ["caller", None]
    assert resolved.actor.title == "Solver 9"
    assert resolved.changes["past"]["sys_updated_by"] == "Agent 2"
    assert reopened.actor.title == "Agent 2"
    old, new = Record.objects.get(title="Desk"), Record.objects.get(title="Network")
    assert reopened.changes["team"] == [old.pk, new.pk]


def test_times_are_those_of_the_events_also_when_they_run_backwards(odd: Incident) -> None:
    assert [e.at for e in events("INC-45")] == [
        *(at(4, 9), at(4, 10), at(5, 10), at(5, 11), at(5, 10, 30), at(6, 11))
    ]
    assert [e.version for e in events("INC-45")] == [1, 2, 3, 4, 5, 6]
    assert odd.created_at == at(4, 8, 55)
    assert odd.updated_at == at(6, 11)
    assert (odd.resolved_at, odd.closed_at) == (None, at(6, 11))
    assert (odd.reopen_count, odd.reassignment_count, odd.version) == (1, 1, 6)


def test_last_values_are_on_no_row_before_the_end(odd: Incident) -> None:
    for event in events("INC-45"):
        assert not {"closed_code", "resolved_at", "closed_at", "resolved_by"} & set(
            event.changes["past"]
        )
    assert odd.imported["resolved_at"] == "31/3/2024 23:59"
    assert odd.imported["made_sla"] == "false"
    assert odd.close_code == ""


def test_what_the_other_system_said_is_for_those_who_work_on_it(
    world: World, odd: Incident
) -> None:
    rtype, agent = shelf.type("incident"), world.actor("agn")
    assert queries.find(agent, "INC0000045")[1]["number"] == "INC-45"
    told = history.events(rtype, agent, queries.one(rtype, agent, "INC-45"))
    assert told[0]["changes"]["past"]["refused"]
    commands.change(rtype, "INC-45", {"requester": world.number("ra1")}, SETUP)
    caller = world.actor("ra1")
    told = history.events(rtype, caller, queries.one(rtype, caller, "INC-45"))
    assert told
    assert not any("past" in e["changes"] for e in told)


def test_doubled_counts_keep_the_order_of_the_file(tmp_path: Path) -> None:
    rows = csv_log.incident(
        "INC0000007",
        [
            ("New", "4/3/2024 09:00", {}),
            ("Active", "4/3/2024 09:10", {"sys_mod_count": "1"}),
            ("Awaiting Vendor", "4/3/2024 09:20", {"sys_mod_count": "1"}),
            ("Awaiting Problem", "4/3/2024 09:30", {"sys_mod_count": "2"}),
        ],
    )
    replay.run(csv_log.write(tmp_path / "log.csv", [rows[3], rows[1], rows[2], rows[0]]))
    told = [(e.name, e.changes.get("waiting_for")) for e in events("INC-7")]
    assert told == [
        ("incident.create", None),
        ("incident.start", None),
        ("incident.hold", [None, "vendor"]),
        ("incident.change", ["vendor", "problem"]),
    ]


def test_a_taken_number_is_not_taken_again(world: World, tmp_path: Path) -> None:
    ours = world.incident().number
    theirs = f"INC{int(ours.removeprefix('INC-')):07}"
    last = int(ours.removeprefix("INC-")) + 500
    rows = csv_log.incident(theirs, ODD[:1]) + csv_log.incident(f"INC{last:07}", ODD[:1])
    replay.run(csv_log.write(tmp_path / "log.csv", rows))
    brought = Alias.objects.get(system="servicenow", key=theirs).record
    assert brought.number == f"INC-{last + 1}"
    assert world.incident().number == f"INC-{last + 2}"


def test_a_resolved_one_waits_from_the_day_it_came(tmp_path: Path) -> None:
    rows = csv_log.incident("INC0000011", ODD[:2]) + csv_log.incident("INC0000012", ODD[:3])
    before = datetime.now(UTC)
    replay.run(csv_log.write(tmp_path / "log.csv", rows))
    timer = Timer.objects.get()
    assert (timer.record.number, timer.name) == ("INC-11", AUTO_CLOSE)
    assert before + timedelta(days=7) <= timer.due_at < before + timedelta(days=7, minutes=5)
    assert not Pending.objects.exists()


def counted() -> tuple[int, int, int]:
    return Record.objects.count(), Event.objects.count(), Alias.objects.count()


def test_a_second_run_does_nothing_and_says_so(tmp_path: Path) -> None:
    path = csv_log.write(tmp_path / "log.csv", csv_log.many(12))
    assert replay.run(path).rows == len(csv_log.many(12))
    there = counted()
    done = replay.run(path)
    assert done.was_finished
    assert "nothing was done" in cli.conclusion(done, 0)
    # The same incidents in another file are known by their names.
    again = csv_log.write(tmp_path / "again.csv", [*csv_log.many(12), *csv_log.many(13)[-5:]])
    assert replay.run(again).skipped >= 11
    assert counted()[0] <= there[0] + 1


class Crash(Exception):
    pass


def test_goes_on_after_a_crash_between_batches(tmp_path: Path) -> None:
    path = csv_log.write(tmp_path / "log.csv", csv_log.many(20))

    def fall_over(progress: replay.Progress) -> None:
        if progress.incidents >= 8:
            raise Crash

    with pytest.raises(Crash):
        replay.run(path, fall_over, rows_a_batch=15)
    reached = ReplayMark.objects.get()
    assert 8 <= reached.position < 20
    assert Incident.objects.count() == reached.position
    assert_all_are_there_once(path, 20)


def test_a_batch_that_breaks_leaves_neither_records_nor_a_mark(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = csv_log.write(tmp_path / "log.csv", csv_log.many(20))
    whole = engine.touch

    def break_down(rtype: Any) -> None:
        if rtype.name == "incident" and Incident.objects.count() > 9:
            raise Crash
        whole(rtype)

    monkeypatch.setattr(engine, "touch", break_down)
    with pytest.raises(Crash):
        replay.run(path, rows_a_batch=15)
    assert Incident.objects.count() == ReplayMark.objects.get().position < 10
    monkeypatch.undo()
    assert_all_are_there_once(path, 20)


def assert_all_are_there_once(path: Path, incidents: int) -> None:
    done = replay.run(path, rows_a_batch=15)
    assert (done.incidents, done.skipped) == (incidents, 0)
    assert Incident.objects.count() == incidents
    assert Event.objects.filter(name__startswith="incident.").count() == done.rows
    assert ReplayMark.objects.get().is_finished


def test_two_at_once_do_not_both_bring_it(tmp_path: Path) -> None:
    engine.mark("log")
    engine.take(shelf.type("incident"), "x", [], replay.BY, Stride("log", 0, 3, is_last=False))
    with pytest.raises(Illegal):
        engine.take(shelf.type("incident"), "x", [], replay.BY, Stride("log", 0, 3, is_last=False))


def test_nobody_else_writes_the_past(world: World) -> None:
    past = Past("a", [Happening(at(1, 1), None, "new", {"title": "x"})])
    with pytest.raises(Denied):
        engine.take(shelf.type("incident"), "x", [past], By(world.actor("adm"), "api"))


@pytest.mark.parametrize(
    ("differs", "complaint"),
    [
        ({"sys_updated_at": "31/2/2024 10:00"}, "line 2: '31/2/2024 10:00' is not a time"),
        ({"incident_state": "Lost"}, "'INC0000001' in 'Lost' is not an incident"),
        ({"sys_mod_count": "-1"}, "'-1' is not a count"),
        ({"category": "a\x00b"}, "cannot be stored"),
    ],
)
def test_says_where_a_file_cannot_be_read(
    tmp_path: Path, differs: dict[str, str], complaint: str
) -> None:
    row = csv_log.incident("INC0000001", [("New", "4/3/2024 09:00", {})])[0] | differs
    with pytest.raises(Invalid, match=complaint.replace("(", r"\(")):
        replay.run(csv_log.write(tmp_path / "log.csv", [row]))
    assert not Incident.objects.exists()


@pytest.mark.parametrize(
    "damage", [lambda whole: whole[:-9], lambda whole: whole[:40] + b"xx" + whole[42:]]
)
def test_a_damaged_file_is_said_to_be_one(tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    rows = csv_log.incident("INC0000001", [("New", "4/3/2024 09:00", {})])
    plain = csv_log.write(tmp_path / "log.csv", rows).read_bytes()
    (tmp_path / "log.csv.gz").write_bytes(damage(gzip.compress(plain)))
    with pytest.raises(Invalid, match="damaged or cut off"):
        replay.run(tmp_path / "log.csv.gz")


def test_a_cell_without_end_is_no_csv(tmp_path: Path) -> None:
    rows = csv_log.incident("INC0000001", [("New", "4/3/2024 09:00", {"category": "x" * 200_000})])
    with pytest.raises(Invalid, match="line 2: This is no CSV"):
        replay.run(csv_log.write(tmp_path / "log.csv", rows))


def test_says_which_columns_are_not_there(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("number,state\nINC1,New\n")
    with pytest.raises(Invalid, match="no column incident_state, sys_mod_count, sys_updated_at"):
        replay.run(path)


def test_the_other_systems_spelling_finds_the_other_systems_record(
    world: World, tmp_path: Path
) -> None:
    """Our own INC-1 was here first, so theirs has another number; both are found by what each is called."""
    ours = world.incident().number
    theirs = ours.replace("-", "000000")
    replay.run(csv_log.write(tmp_path / "log.csv", csv_log.incident(theirs, ODD)))
    agent = world.actor("agn")
    assert queries.find(agent, ours)[1]["number"] == ours
    found = queries.find(agent, theirs)[1]["number"]
    assert found != ours
    assert Alias.objects.get(key=theirs).record.number == found
    assert queries.find(world.actor("ra1"), theirs)[1]["number"] == ours
