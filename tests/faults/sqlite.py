"""F09: the embedded database, with its disk full, many writers at once, and bytes of its file turned over."""

from __future__ import annotations

import random
import shutil
import sqlite3
import time

from tests.faults import oracle
from tests.faults.clients import Writers, in_words
from tests.faults.disks import resize, small_disk
from tests.faults.ground import Ground, all_is_heard, seconds_until
from tests.faults.killed import SEED, after
from tests.faults.postgres import nothing_unexpected, reading
from tests.faults.report import NotHere

PAGE = 4096
WRITERS, A_SECOND = 16, 20


def f09(here: Ground) -> None:
    disk = here.stack.enter_context(small_disk(here.data, 24))
    here.prepare()
    site, ledger = here.serve(), here.ledger()
    seconds = 4 if here.is_quick else 15
    steady = Writers(site, here.world, threads=WRITERS, pause=WRITERS / A_SECOND, mark="s")
    with steady:
        time.sleep(seconds)
    steadily = Writers(site, here.world, threads=WRITERS, mark="m")
    with steadily:
        time.sleep(seconds / 3)
    here.report.did(
        f"{WRITERS} writers at {A_SECOND} writes a second for {seconds} s, then as fast as they can; the disk of 24 MB"
        " filled by writing, then made larger; pages of the file turned over before a start"
    )
    here.report.hold(
        f"{WRITERS} writers, {len(steady.writes) / seconds:.0f} a second: {in_words(steady.statuses())}",
        set(steady.statuses()) == {201},
    )
    here.report.hold(
        f"as fast as they can, {len(steadily.writes) / seconds * 3:.0f} a second: {in_words(steadily.statuses())}",
        set(steadily.statuses()) == {201},
    )
    filling = Writers(site, here.world, threads=8, words="No room. " * 4_000, patience=90)
    with filling, reading(here, site) as readers:
        seconds_until(lambda: filling.statuses()[503] + filling.statuses()[507] > 20, 60)
        resize(disk, 300)
        begun = time.monotonic()
        seconds_until(lambda: filling.first_success(begun) is not None, 30)
        again = filling.first_success(begun)
        time.sleep(1)
    nothing_unexpected(here, filling.statuses(), "writers while the disk fills")
    nothing_unexpected(here, readers.statuses, "readers")
    here.report.hold(
        "no write after there was room"
        if again is None
        else f"writing again {again:.1f} s after there was room",
        again is not None,
    )
    all_is_heard(ledger)
    for mark, writers in (("s", steady), ("m", steadily)):
        oracle.nothing_lost(here.report, oracle.compare(ledger, writers.writes, mark=mark))
    after(here, site, ledger, filling)
    [said] = ledger.rows("pragma integrity_check")
    here.report.hold(f"integrity check: {said[0]}", said[0] == "ok")
    damaged(here)


def damaged(here: Ground) -> None:
    """Copies of the site with pages turned over: each start must see it, and say what to do."""
    sound = here.folder / "sound"
    sound.mkdir()
    with (
        sqlite3.connect(here.data / "mainstay.sqlite3", timeout=30) as source,
        sqlite3.connect(sound / "mainstay.sqlite3") as to,
    ):
        source.backup(to)
    shutil.copy(here.data / "secret.key", sound)
    dice, rounds, seen, tracebacks = random.Random(SEED), 3 if here.is_quick else 8, 0, 0
    pages = (sound / "mainstay.sqlite3").stat().st_size // PAGE
    for n in range(rounds):
        copy = here.folder / f"copy{n}"
        shutil.copytree(sound, copy)
        with (copy / "mainstay.sqlite3").open("r+b") as file:
            for page in dice.sample(range(1, pages), max(1, pages // 50)):
                file.seek(page * PAGE)
                head = bytes(byte ^ 0xFF for byte in file.read(64))
                file.seek(page * PAGE)
                file.write(head)
        done = here.mainstay("worker", MAINSTAY_DATA=str(copy))
        seen += done.returncode == 2 and "damaged" in done.stderr and "backup" in done.stderr
        tracebacks += "Traceback" in done.stderr
    whole = here.mainstay("check", MAINSTAY_DATA=str(sound))
    if whole.returncode:
        raise NotHere(f"the copy is not sound before anything is done to it: {whole.stderr}")
    here.report.hold(
        f"{seen} of {rounds} damaged files refused at the start with instructions (2 % of the pages, 64 bytes each)",
        seen == rounds and not tracebacks,
    )
