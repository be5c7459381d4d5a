"""F01, F03: processes end by kill -9, one after the other or all at once."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import threading
import time
from collections.abc import Iterator

from tests.faults import oracle
from tests.faults.clients import Program, Writers, in_words
from tests.faults.ground import (
    POSTGRESQL,
    Ground,
    all_is_heard,
    is_well,
    seconds_until,
    web_processes,
)
from tests.safety.ledger import Ledger
from tests.safety.siege import Site, is_alive

SEED = 20_481
SEARCHED = 25
BULK = 400


@contextlib.contextmanager
def killer(site: Site) -> Iterator[list[int]]:
    """Ends a web process every half to one and a half seconds."""
    dice, is_over, killed = random.Random(SEED), threading.Event(), list[int]()

    def work() -> None:
        while not is_over.wait(dice.uniform(0.5, 1.5)):
            if there := web_processes(site):
                pid = dice.choice(there)
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
                    killed.append(pid)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        yield killed
    finally:
        is_over.set()
        thread.join()


def f01(here: Ground) -> None:
    wanted = 400 if here.is_quick else 2_500
    here.prepare()
    site, ledger = here.serve(), here.ledger()
    writers = Writers(site, here.world, threads=8, writes=wanted)
    with killer(site) as killed, writers:
        writers.join()
    here.report.did(
        f"{wanted:,} creates by 8 clients, {len(killed)} web processes killed meanwhile"
    )
    here.report.note(f"answers: {in_words(writers.statuses())}")
    here.report.hold(
        f"{len(writers.acknowledged):,} of {wanted:,} acknowledged in the end",
        len(writers.acknowledged) == wanted and not writers.trouble,
    )
    after(here, site, ledger, writers)


def after(here: Ground, site: Site, ledger: Ledger, writers: Writers) -> None:
    """What every fault that ends asks: all is heard, nothing lost, found by search, sealed."""
    heard = all_is_heard(ledger)
    here.report.hold(
        "events wait for ever" if heard is None else f"all events heard {heard:.0f} s later",
        heard is not None,
    )
    oracle.nothing_lost(here.report, oracle.compare(ledger, writers.writes))
    program, dice = Program(site, here.world["token"]), random.Random(SEED)
    chosen = dice.sample(writers.acknowledged, min(SEARCHED, len(writers.acknowledged)))
    found = sum(_finds(program, write.title, write.number) for write in chosen)
    here.report.hold(f"{found} of {len(chosen)} found by search", found == len(chosen))
    # The last second's rows may not be sealed yet.
    proven = seconds_until(lambda: here.mainstay("audit", "verify").returncode == 0, 20)
    here.report.hold(
        "audit verified" if proven is not None else "the audit is not as it was written",
        proven is not None,
    )


def _finds(program: Program, title: str, number: str) -> bool:
    answer = program.call("GET", f"/search?q={title}")
    return answer.status == 200 and number in answer.text


def f03(here: Ground) -> None:
    here.prepare()
    site, ledger = here.serve(), here.ledger()
    program = here.program(site)
    writers = Writers(site, here.world, threads=8, patience=90)
    healthy: list[float | None] = []
    orphans = 0
    rounds = 1 if here.is_quick else 3
    with writers:
        time.sleep(1.5)
        for _ in range(rounds):
            family = [
                pid
                for part in site.family()
                for pid in (part if isinstance(part, list) else [part])
            ]
            if here.cluster:
                here.cluster.kill()
            for pid in family:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            begun = time.monotonic()
            time.sleep(0.5)
            orphans += sum(is_alive(pid) for pid in family)
            seconds_until(lambda: is_well(site))
            again = writers.first_success(begun) or seconds_until(
                lambda b=begun: writers.first_success(b) is not None
            )
            healthy.append(time.monotonic() - begun if again is not None else None)
            time.sleep(1)
    slowest = max((h for h in healthy if h is not None), default=0)
    here.report.did(
        f"{rounds} × kill -9 of all processes{' and of PostgreSQL' if here.database == POSTGRESQL else ''}"
        " while 8 clients create"
    )
    here.report.hold(
        f"well and writing again by itself after {slowest:.1f} s at most"
        if None not in healthy
        else "did not come back",
        None not in healthy and slowest <= 30,
    )
    here.report.hold(f"{orphans} processes outlived their parent", orphans == 0)
    if here.cluster:
        ledger = here.ledger()
    after(here, site, ledger, writers)
    del program
