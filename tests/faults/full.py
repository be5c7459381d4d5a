"""F08: the disk is full for files, for what is being sent, for the log; or the kernel says that writing failed."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import time
from collections import Counter
from pathlib import Path

from tests.faults.clients import Answer, Program, Writers, ask, at_once, in_words
from tests.faults.disks import fill, make_room, resize, small_disk
from tests.faults.ground import Ground, seconds_until
from tests.faults.report import NotHere
from tests.safety.ledger import Ledger
from tests.safety.siege import Site

PIECE = 300_000
LARGE = (
    1_500_000  # Django puts what is larger than a megabyte into a file of its own while it comes
)
REFUSED = {507, 503}


def f08(here: Ground) -> None:
    here.prepare()
    files = here.stack.enter_context(small_disk(here.data / "files", 4))
    coming = here.stack.enter_context(small_disk(here.folder / "tmp", 24))
    logs = here.stack.enter_context(small_disk(here.folder / "logs", 0.25))
    site = Site(here.folder, **{**here.settings, "TMPDIR": str(coming), "MAINSTAY_LOG": "DEBUG"})
    site.log = logs / "serve.log"
    here.stack.enter_context(site)
    here.report.did(
        "separate small disks for files (4 MB), for what is being sent (TMPDIR, 24 MB) and for the log"
    )
    ledger, program = here.ledger(), here.program(site)
    number = program.call("POST", "/incidents", {"title": "files"}).json["number"]
    files_are_full(here, program, number, files)
    sent_is_full(here, program, number, coming)
    rows_and_files(here, ledger, files)
    log_is_full(here, site, logs)
    kernel_refuses(here, ledger, number)
    swept(here, ledger, files)


def statuses(answers: list[Answer]) -> Counter[int]:
    return Counter(answer.status for answer in answers)


def refused_well(
    here: Ground, what: str, answers: list[Answer], allowed: set[int] = REFUSED
) -> None:
    found = statuses(answers)
    wrong = {s for s in found if s not in {201, *allowed}}
    here.report.hold(f"{what}: {in_words(found)}", not wrong and any(s in allowed for s in found))


def files_are_full(here: Ground, program: Program, number: str, files: Path) -> None:
    answers = [program.upload(number, f"{n}.bin", os.urandom(PIECE)) for n in range(20)]
    refused_well(here, "uploads until the disk of files was full", answers, {507})
    write = program.call("POST", "/incidents", {"title": "while files are full"}).status
    here.report.hold(f"a record without a file meanwhile: {write}", write == 201)

    left = [path.name for path in files.glob(".incoming-*")]
    here.report.hold(f"{len(left)} half files left", not left)


def sent_is_full(here: Ground, program: Program, number: str, coming: Path) -> None:
    resize(here.data / "files", 64)
    # Each process looks once where it may put such things; a folder that is full then is passed over.
    warm = at_once(
        [lambda: program.upload(number, "large.bin", os.urandom(LARGE)) for _ in range(8)]
    )
    taken = fill(coming)
    answers = [program.upload(number, f"l{n}.bin", os.urandom(LARGE)) for n in range(4)]
    make_room(coming)
    again = program.upload(number, "again.bin", os.urandom(LARGE))
    here.report.hold(
        f"uploads of 1.5 MB: {in_words(statuses(warm))} with room, {in_words(statuses(answers))} with TMPDIR full"
        f" ({taken // 1024} kB of ballast), {again.status} with room again",
        {a.status for a in warm} == {201}
        and {a.status for a in answers} <= REFUSED | {201}
        and 507 in statuses(answers)
        and again.status == 201,
    )


def rows_and_files(here: Ground, ledger: Ledger, files: Path) -> None:
    """Each row has its file with the bytes its name says, and each file has a row."""
    rows = {digest for (digest,) in ledger.rows("select digest from files_attachment")}
    there = {path.name: path for path in files.glob("??/*") if not path.name.startswith(".")}
    bad = [
        name
        for name, path in there.items()
        if hashlib.sha256(path.read_bytes()).hexdigest() != name
    ]
    here.report.hold(
        f"{len(rows)} rows and {len(there)} files: {len(rows - set(there))} rows without a file,"
        f" {len(set(there) - rows)} files without a row, {len(bad)} with other bytes",
        bool(rows) and rows == set(there) and not bad,
    )


def swept(here: Ground, ledger: Ledger, files: Path) -> None:
    """An error while the folder is synced comes when the file is there already: sweeping takes it a month later."""
    rows = {digest for (digest,) in ledger.rows("select digest from files_attachment")}
    left = [path for path in files.glob("??/*") if path.name not in rows]
    for path in left:
        os.utime(path, (time.time() - 31 * 86_400,) * 2)
    here.serve()
    gone = seconds_until(lambda: not any(path.exists() for path in left), 20)
    there = {path.name for path in files.glob("??/*")}
    here.report.hold(
        f"{len(left)} files whose folder could not be synced had no row and were swept when they were a month old",
        gone is not None and rows == there,
    )


def log_is_full(here: Ground, site: Site, logs: Path) -> None:
    """It logs a great deal here, into a disk that is full from now on; then everything is started anew."""
    fill(logs)
    writers = Writers(site, here.world, threads=8, writes=100 if here.is_quick else 400, mark="l")
    with writers:
        writers.join()
    before = site.starts
    here.report.hold(
        f"with its log full: {in_words(writers.statuses())}", set(writers.statuses()) == {201}
    )
    parent, _ = site.family()
    os.kill(parent, signal.SIGTERM)
    seconds_until(lambda: site.starts > before, 30)
    well = seconds_until(lambda: ask(site, "GET", "/health", patience=3).status == 200, 30)
    here.report.hold(
        "does not start with its log full"
        if well is None
        else f"starts with its log full, in {well:.1f} s",
        well is not None,
    )
    make_room(logs)


def kernel_refuses(here: Ground, ledger: Ledger, number: str) -> None:
    """A limit on the size of a file, and an error of the disk at the moment of syncing."""
    if not (shutil.which("prlimit") and shutil.which("strace")):
        raise NotHere("needs prlimit and strace")
    limited = here.serve(before=("prlimit", "--fsize=1000000000"))
    for pid in (limited.process.pid, *limited.family()[1]) if limited.process else ():
        subprocess.run(["prlimit", "--pid", str(pid), "--fsize=200000"], check=True)
    answers = [
        here.program(limited).upload(number, f"p{n}.bin", os.urandom(PIECE)) for n in range(4)
    ]
    refused_well(here, "uploads beyond a limit on the size of files (EFBIG)", answers)
    broken = here.serve(
        before=(
            "strace",
            "-f",
            "-qq",
            "-o",
            "/dev/null",
            "-e",
            "trace=fsync",
            "-e",
            "inject=fsync:error=EIO:when=1+2",
        )
    )
    answers = [
        here.program(broken).upload(number, f"e{n}.bin", os.urandom(PIECE)) for n in range(8)
    ]
    refused_well(here, "uploads where every other fsync fails (EIO)", answers)
