"""F04, F06, F07: PostgreSQL crashes under load, has no connection left, has no disk left."""

from __future__ import annotations

import contextlib
import secrets
import time
from collections import Counter
from typing import Any

import psycopg

from tests.faults import oracle
from tests.faults.clients import Readers, Writers, ask, at_once, in_words
from tests.faults.disks import resize, small_disk
from tests.faults.ground import POSTGRESQL, Ground, all_is_heard, is_well, seconds_until
from tests.faults.killed import after
from tests.safety.siege import Site

# What may be said while the database is away: that it is, or nothing at all by a process that is ending.
EXPECTED = {200, 201, 303, 503}


def reading(here: Ground, site: Site) -> Readers:
    token = {"Authorization": f"Bearer {here.world['token']}"}
    return Readers(
        site,
        [
            ("/health", {}),
            ("/", {"Cookie": "mainstay_session=nobody"}),
            ("/portal/", {"Cookie": "mainstay_session=nobody"}),
            ("/api/v1/incidents?size=5", token),
        ],
    )


def nothing_unexpected(here: Ground, statuses: Any, whose: str) -> None:
    strange = {status: n for status, n in statuses.items() if status not in EXPECTED}
    here.report.hold(
        f"{whose}: {in_words(statuses)}"
        + (f", of them unexpected: {in_words(strange)}" if strange else ""),
        not strange,
    )


def every_thread_answers(here: Ground, site: Site) -> None:
    """More at once than there are threads: one that hangs would keep its share waiting."""
    program = here.program(site)
    answers = at_once([lambda: program.call("GET", "/incidents?size=1") for _ in range(24)])
    well = sum(answer.status == 200 for answer in answers)
    others = Counter(answer.status for answer in answers if answer.status != 200)
    here.report.hold(
        f"{well} of 24 at once answered afterwards"
        + (f", others {in_words(others)}" if others else ""),
        not others,
    )


def f04(here: Ground) -> None:
    here.prepare(fsync="on")
    assert here.cluster
    site = here.serve()
    crashes, back = (1 if here.is_quick else 3), []
    writers = Writers(site, here.world, threads=8)
    with writers, reading(here, site) as readers:
        for _ in range(crashes):
            time.sleep(2 if here.is_quick else 4)
            here.cluster.crash()
            begun = time.monotonic()
            here.cluster.wait()
            let_in = time.monotonic() - begun
            seconds_until(lambda b=begun + let_in: writers.first_success(b) is not None, 30)
            again = writers.first_success(begun + let_in)
            back.append(again if again is not None else 99.0)
        time.sleep(2)
    here.report.did(
        f"{crashes} × immediate stop and start of PostgreSQL while 8 clients create and one reads pages"
    )
    here.report.hold(
        f"writing again {max(back):.1f} s after PostgreSQL let anybody in", max(back) <= 10
    )
    nothing_unexpected(here, writers.statuses(), "writers")
    nothing_unexpected(here, readers.statuses, "readers")
    every_thread_answers(here, site)
    after(here, site, here.ledger(), writers)


def connections(here: Ground) -> int:
    assert here.cluster
    with here.cluster.admin() as admin:
        row = admin.execute(
            "select count(*) from pg_stat_activity where usename = 'desk'"
        ).fetchone()
        return int(row[0])


def f06(here: Ground) -> None:
    """Twelve connections, three of them PostgreSQL keeps for its administrators."""
    here.prepare(max_connections=12, superuser_reserved_connections=3, fsync="off")
    assert here.cluster
    usual = here.serve()
    words = "lets 9 connections in and this server holds 11"
    said = seconds_until(lambda: words in usual.log.read_text(), 5) is not None
    here.report.hold(
        "the usual two web processes say at the start that they need 11 and get 9"
        if said
        else "nothing is said of too few connections",
        said,
    )
    usual.__exit__()
    site = here.serve(words=("--workers", "1"))
    base = connections(here)
    writers = Writers(site, here.world, threads=64, writes=128 if here.is_quick else 640)
    with writers, reading(here, site) as readers:
        writers.join()
    nothing_unexpected(here, writers.statuses(), "64 clients")
    nothing_unexpected(here, readers.statuses, "readers")
    here.report.hold(
        f"{len(writers.acknowledged)} of {sum(writers.shares)} acknowledged in the end",
        len(writers.acknowledged) == sum(writers.shares),
    )
    held = hold_all(here)
    holding = Writers(site, here.world, threads=16, mark="h")
    with holding:
        time.sleep(3)
        here.report.did(
            f"max_connections=12 (9 without its administrators' own), one web process, 64 clients;"
            f" then {len(held)} connections of others held inside a transaction"
        )
        for connection in held:
            connection.close()
        begun = time.monotonic()
        seconds_until(lambda: holding.first_success(begun) is not None, 20)
        again = holding.first_success(begun)
        time.sleep(1)
    nothing_unexpected(here, holding.statuses(), "while they were held")
    here.report.hold(
        "no write after they were let go"
        if again is None
        else f"writing again {again:.1f} s after they were let go",
        again is not None and again <= 10,
    )
    all_held_locks(here, site)
    ledger = here.ledger()
    all_is_heard(ledger)
    now = connections(here)
    here.report.hold(
        f"connections before {base}, after {now}, of 4 threads and the worker's 3", now <= 7
    )
    every_thread_answers(here, site)
    oracle.nothing_lost(here.report, oracle.compare(ledger, writers.writes))
    oracle.nothing_lost(here.report, oracle.compare(ledger, holding.writes, mark="h"))


def hold_all(here: Ground) -> list[Any]:
    """Takes every connection that is left, and those that end meanwhile, each with an open transaction."""
    held, until = [], time.monotonic() + 5
    while time.monotonic() < until:
        try:
            connection = psycopg.connect(here.url, connect_timeout=2)
            connection.execute("select 1")
            held.append(connection)
        except psycopg.Error:
            time.sleep(0.2)
            with (
                contextlib.suppress(psycopg.Error),
                psycopg.connect(here.cluster.admin_url, autocommit=True) as admin,
            ):  # type: ignore[union-attr]
                # What a pooler's or a network's idle timeout does to ours.
                admin.execute(
                    "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'desk' and state = 'idle'"
                )
    return held


def all_held_locks(here: Ground, site: Site) -> None:
    """Somebody keeps a row locked inside a transaction: whoever wants it waits for a bounded time."""
    program = here.program(site)
    made = program.call("POST", "/incidents", {"title": "held"})
    number = made.json["number"]
    assert here.cluster
    with psycopg.connect(here.cluster.admin_url.rpartition("/")[0] + "/mainstay") as holder:
        holder.execute("select 1 from records_record where number = %s for update", [number])
        begun = time.monotonic()
        answers = at_once(
            [lambda: program.call("PATCH", f"/incidents/{number}", {"body": "x"}) for _ in range(8)]
        )
        took = time.monotonic() - begun
        statuses = {
            status: sum(a.status == status for a in answers)
            for status in {a.status for a in answers}
        }
        holder.rollback()
    here.report.hold(
        f"8 changes of a record somebody held locked: {in_words(statuses)} within {took:.0f} s",
        set(statuses) <= {200, 503} and took < 30,
    )
    again = program.call("PATCH", f"/incidents/{number}", {"body": "after"}).status
    here.report.hold(f"after it was let go: {again}", again == 200)


def f07(here: Ground) -> None:
    template, _world = here.templates.of(POSTGRESQL)
    megabytes = (
        40 + sum(f.stat().st_size for f in (template / "pg").rglob("*") if f.is_file()) // 2**20
    )
    disk = here.stack.enter_context(small_disk(here.folder / "pg", megabytes))
    here.prepare(
        postgres_at=disk / "data",
        fsync="on",
        min_wal_size="32MB",
        max_wal_size="48MB",
        wal_keep_size=0,
    )
    assert here.cluster
    here.cluster.log = here.folder / "postgres.log"
    site = here.serve()
    writers = Writers(site, here.world, threads=8, words=bulky(), patience=120)
    with writers, reading(here, site) as readers:
        began = time.monotonic()
        seconds_until(lambda: any(s == 503 for _t, s in list(tries(writers))[-50:]), 90)
        full_after = time.monotonic() - began
        time.sleep(4)
        told = ask(
            site, "POST", "/api/v1/incidents", b'{"title": "full"}',
            {"Authorization": f"Bearer {here.world['token']}", "Content-Type": "application/json"},
        )  # fmt: skip
        page = ask(site, "GET", "/", headers={"Cookie": "mainstay_session=nobody"})
        resize(disk, 600)
        begun = time.monotonic()
        seconds_until(lambda: writers.first_success(begun) is not None, 60)
        again = writers.first_success(begun)
        time.sleep(2)
    here.report.did(
        f"PGDATA on a disk of {megabytes} MB, full after {full_after:.0f} s,"
        f" {len(writers.acknowledged):,} creates in all;"
        " made larger while clients go on"
    )
    nothing_unexpected(here, writers.statuses(), "writers")
    nothing_unexpected(here, readers.statuses, "readers")
    here.report.note(f"told while full: {told.status} {told.text[:160]}; a page {page.status}")
    here.report.hold(
        "no write after there was room"
        if again is None
        else f"writing again by itself {again:.1f} s after there was room",
        again is not None and again <= 60,
    )
    seconds_until(lambda: is_well(site), 30)
    after(here, site, here.ledger(), writers)


def bulky() -> str:
    """Words that no database can store in less."""
    return " ".join(secrets.token_hex(8) for _ in range(2_500))


def tries(writers: Writers) -> list[tuple[float, int]]:
    return sorted(each for w in list(writers.writes) for each in list(w.tries))
