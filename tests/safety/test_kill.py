"""Kill -9 of the server's processes and the worker while 2,000 writes are answered: none lost, doubled or half-written.

Timers that come due meanwhile fire exactly once and never early. The server is the real one, started as an operator
does; what it left is read by plain SQL.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.programs import environment
from tests.safety.ledger import Ledger
from tests.safety.siege import Client, Site, besiege, until

WRITES = 2_000
CLIENTS = 8
KILLS = 12
PARENTS = 2
SEED = 20_481
# From when on, and how long, timers come due: while the killing goes on.
FIRST_DUE, LAST_DUE = 3.0, 25.0
BUMPS = ("create", "change", "assign", "start", "hold", "resume", "resolve", "close")


@contextlib.contextmanager
def database(postgres: str, name: str) -> Iterator[str]:
    """A database of its own on the run's cluster; none for SQLite."""
    if not postgres:
        yield ""
        return
    with psycopg.connect(postgres, autocommit=True) as admin:
        admin.execute(f"drop database if exists {name} with (force)")
        admin.execute(f"create database {name}")
        try:
            yield postgres.rpartition("/")[0] + f"/{name}"
        finally:
            admin.execute(f"drop database if exists {name} with (force)")


def built(folder: Path, settings: dict[str, str]) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.safety.siege_world"],
        cwd=folder,
        env=environment(MAINSTAY_DATA=str(folder), **settings),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_nothing_is_lost_on_sqlite(tmp_path: Path) -> None:
    endure(tmp_path, "")


@pytest.mark.postgres
def test_nothing_is_lost_on_postgresql(tmp_path: Path, postgres_url: str) -> None:
    with database(postgres_url, f"siege_{os.getpid()}") as url:
        endure(tmp_path, url)


def endure(folder: Path, url: str) -> None:
    settings = {"MAINSTAY_DATA": str(folder)} | ({"MAINSTAY_DATABASE_URL": url} if url else {})
    world = built(folder, {n: v for n, v in settings.items() if n != "MAINSTAY_DATA"})
    with Ledger(url, folder) as ledger:
        due, clients = besieged(folder, settings, world, ledger)
        nothing_is_lost_or_doubled(ledger, clients)
        nothing_is_half_written(ledger)
        listeners_had_their_effect_once(ledger, clients)
        timers_fired_once_and_never_early(ledger, due)


def besieged(
    folder: Path, settings: dict[str, str], world: dict[str, Any], ledger: Ledger
) -> tuple[dict[int, datetime], list[Client]]:
    """The siege from the first write to the last event heard: when each timer was due, and what clients were told."""
    with Site(folder, **settings) as site:
        clients = [
            Client(site, world["token"], world["service"], WRITES // CLIENTS, f"c{n}")
            for n in range(CLIENTS)
        ]
        begun = datetime.now(UTC)
        step = (LAST_DUE - FIRST_DUE) / len(world["closing"])
        due = {
            record: begun + timedelta(seconds=FIRST_DUE + n * step)
            for n, record in enumerate(world["closing"])
        }
        ledger.arm(due)
        besiege(site, clients, kills=KILLS, parents=PARENTS, seed=SEED)
        assert [failure for client in clients for failure in client.failed] == []
        answers_come_from_what_was_kept(clients)
        # A killed worker's lease ends by itself, after half a minute at most.
        until(
            lambda: not ledger.one("select count(*) from records_pending"), "all events are heard"
        )
        until(lambda: not ledger.one("select count(*) from records_timer"), "all timers fired")
        time.sleep(1)
    log = site.log.read_text()
    assert site.starts >= 1 + PARENTS, log
    assert site.killed >= KILLS // 2, "too often there was nobody to kill"
    assert site.orphans == 0, "children outlived their parent"
    assert "IntegrityError" not in log, log
    return due, clients


def answers_come_from_what_was_kept(clients: list[Client]) -> None:
    """A tenth of all writes is sent once more: the same answer, and no further effect (counted below)."""
    for client in clients:
        for asked in client.done[::10]:
            status, headers, answer = client.send(asked.path, json.dumps(asked.body), asked.key)
            assert headers.get("Idempotent-Replayed") == "true", asked
            assert (status, answer) == (asked.status, asked.answer)
        client.close()


def nothing_is_lost_or_doubled(ledger: Ledger, clients: list[Client]) -> None:
    done = [asked for client in clients for asked in client.done]
    assert len(done) == WRITES
    made = [asked for asked in done if asked.path.endswith("/incidents")]
    stored = dict(
        ledger.rows("select number, title from records_record where title like 'c%%-%%'")
        if ledger.is_postgres
        else ledger.rows("select number, title from records_record where title like 'c%-%'")
    )
    told = {json.loads(a.answer)["number"]: a.body["title"] for a in made}
    assert len(told) == len(made), "a number was given out twice"
    assert stored == told
    texts = Counter(text for (text,) in ledger.rows("select text from conversation_entry"))
    notes = Counter(a.body["text"] for a in done if a.path.endswith("/notes"))
    assert texts == notes and set(texts.values()) == {1}
    moves = Counter(
        (a.path.split("/")[4], f"incident.{a.body['move']}")
        for a in done
        if a.path.endswith("/moves")
    )
    kept = Counter(
        ledger.rows(
            "select r.number, e.name from records_event e join records_record r on r.id = e.record_id"
            " where e.door = 'api' and e.name in ('incident.start', 'incident.hold')"
        )
    )
    assert kept == moves
    assert ledger.one("select count(*) from records_answer") == WRITES
    retried = [asked for asked in done if asked.tries > 1]
    assert retried, "nothing was ever asked twice: the kills came at the wrong moments"


def nothing_is_half_written(ledger: Ledger) -> None:
    assert ledger.halves() == {}
    marks = ", ".join(f"'incident.{verb}'" for verb in BUMPS)
    versions: dict[int, list[int]] = {}
    for record, version in ledger.rows(
        f"select record_id, version from records_event where name in ({marks}) order by id"
    ):
        versions.setdefault(record, []).append(version)
    now = dict(ledger.rows("select id, version from records_record where type = 'incident'"))
    assert versions == {record: list(range(1, version + 1)) for record, version in now.items()}


def listeners_had_their_effect_once(ledger: Ledger, clients: list[Client]) -> None:
    """Each incident got a team and a member of it, by one event, however often the worker was killed."""
    made = sum(asked.path.endswith("/incidents") for client in clients for asked in client.done)
    assert ledger.one(
        "select count(*) from records_record where type = 'incident' and assignee_id is not null"
        " and team_id is not null"
    ) == made  # fmt: skip
    assert ledger.one("select count(*) from records_event where name = 'incident.assign'") == made


def timers_fired_once_and_never_early(ledger: Ledger, due: dict[int, datetime]) -> None:
    fired: dict[int, list[datetime]] = {}
    for record, at in ledger.rows(
        "select record_id, at from records_event where name = 'incident.close'"
    ):
        fired.setdefault(record, []).append(ledger.moment(at))
    assert {record: len(times) for record, times in fired.items()} == dict.fromkeys(due, 1)
    early = {record for record, (at,) in fired.items() if at < due[record]}
    assert not early
