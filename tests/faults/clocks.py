"""F12: the clock of the product's machine jumps, and passes moments that are not like others."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.faults.clients import Writers, ask, in_words
from tests.faults.ground import (
    POSTGRESQL,
    Ground,
    all_is_heard,
    seconds_until,
    those_there_are_heard,
    web_processes,
)
from tests.faults.oracle import compare, nothing_lost
from tests.faults.report import NotHere
from tests.safety.ledger import Ledger
from tests.safety.siege import Site

LIBRARIES = (
    "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1",
    "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1",
)
HERE = Path(__file__).parent
MOMENTS = {
    "a leap day": datetime(2028, 2, 29, tzinfo=UTC),
    "the night summer time begins in Berlin": datetime(2028, 3, 26, 1, tzinfo=UTC),
    "the end of 32 bits in 2038": datetime(2038, 1, 19, 3, 14, 8, tzinfo=UTC),
}
EACH = 30  # timers of a group


class Clock:
    """The offset the product's processes read at every look at their clock."""

    def __init__(self, file: Path) -> None:
        self.file, self.offset = file, 0.0
        self.turn(0)

    def turn(self, seconds: float) -> None:
        self.offset = seconds
        draft = self.file.with_suffix(".new")
        draft.write_text(f"{seconds:+.3f}\n")
        draft.replace(self.file)

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.offset)

    def settings(self) -> dict[str, str]:
        library = next((name for name in LIBRARIES if Path(name).exists()), None)
        if library is None:
            raise NotHere("needs libfaketime: apt-get install libfaketime")
        return {
            "LD_PRELOAD": library,
            "FAKETIME_TIMESTAMP_FILE": str(self.file),
            "FAKETIME_NO_CACHE": "1",
            "DONT_FAKE_MONOTONIC": "1",
            "PYTHONPATH": f"{HERE / 'clocked'}{os.pathsep}{HERE.parents[1]}",
        }


def f12(here: Ground) -> None:
    here.prepare()
    clock, ledger = Clock(here.folder / "offset"), here.ledger()
    forever(ledger)
    site = here.serve(**clock.settings())
    timers = list(here.world["closing"])
    due: dict[int, datetime] = {}
    writers = Writers(site, here.world, threads=2, pause=0.2)
    here.report.did(
        "+1 h, −1 h (from there two hours back), +1 day while it runs; then started 3 s before "
        + ", ".join(MOMENTS)
    )
    with writers:
        jumps(here, site, clock, ledger, timers[: 5 * EACH], due)
    all_is_heard(ledger)
    nothing_lost(here.report, compare(ledger, writers.writes))
    here.report.hold(
        f"creates meanwhile: {in_words(writers.statuses())}", set(writers.statuses()) == {201}
    )
    rest = timers[5 * EACH :]
    site.__exit__()
    for n, (name, moment) in enumerate(MOMENTS.items()):
        passes(here, clock, ledger, rest[n * 15 : n * 15 + 15], name, moment, due)
    fired_once_and_never_early(here, ledger, due, still=timers[4 * EACH : 5 * EACH])
    clock.turn(0)


def forever(ledger: Ledger) -> None:
    """Keys that outlast 2038, and somebody in Berlin."""
    far = ledger.time(datetime(2040, 1, 1, tzinfo=UTC))
    for sql in ("update directory_token set expires_at = %s",):
        ledger.connection.execute(sql if ledger.is_postgres else sql.replace("%s", "?"), (far,))
    # Those of the world would all come due years before the last moment.
    ledger.connection.execute(
        "update records_timer set due_at = %s"
        if ledger.is_postgres
        else "update records_timer set due_at = ?",
        (far,),
    )
    ledger.connection.execute("update directory_user set time_zone = 'Europe/Berlin'")


def arm(ledger: Ledger, records: Sequence[int], moment: datetime, due: dict[int, datetime]) -> None:
    """A second apart from each other in one tenth."""
    these = {record: moment + timedelta(milliseconds=30 * n) for n, record in enumerate(records)}
    ledger.arm(these)
    due.update(these)


def fired(ledger: Ledger, records: Sequence[int]) -> int:
    marks = ", ".join(str(record) for record in records)
    return int(
        ledger.one(
            f"select count(*) from records_event where name = 'incident.close' and record_id in ({marks})"
        )
    )


def jumps(
    here: Ground,
    site: Site,
    clock: Clock,
    ledger: Ledger,
    timers: list[int],
    due: dict[int, datetime],
) -> None:
    groups = [timers[n * EACH : (n + 1) * EACH] for n in range(5)]
    session = {"Cookie": f"mainstay_session={here.world['session']}"}
    pages: dict[str, int] = {}

    def look(name: str) -> None:
        pages[name] = ask(site, "GET", "/", headers=session).status

    begun = clock.now()
    arm(ledger, groups[0], begun + timedelta(seconds=3), due)
    arm(ledger, groups[1], begun + timedelta(minutes=30), due)
    arm(ledger, groups[2], begun + timedelta(minutes=61), due)
    arm(ledger, groups[3], begun + timedelta(hours=20), due)
    arm(ledger, groups[4], begun + timedelta(days=3), due)
    seconds_until(lambda: fired(ledger, groups[0]) == EACH, 30)
    look("before")
    clock.turn(3600)
    seconds_until(lambda: fired(ledger, groups[1]) == EACH, 30)
    look("+1 h")
    told = ask(site, "GET", "/health").text
    kill_the_worker(site)
    clock.turn(-3600)
    look("−1 h")
    time.sleep(5)
    early = fired(ledger, [*groups[2], *groups[3], *groups[4]])
    here.report.hold(f"{early} timers fired early after the jump back", early == 0)
    heard = those_there_are_heard(ledger, 75)
    here.report.hold(
        "events there were at the jump back still waited 75 s later, while clients went on" if heard is None
        else f"all events heard {heard:.0f} s after the jump back, with the worker killed before it", heard is not None,
    )  # fmt: skip
    if heard is None:
        put_off = (
            "select listener, due_at, tries, error from records_pending order by event_id limit 1"
        )
        here.report.note(f"what waits: {ledger.rows(put_off)}"[:300])
    clock.turn(3600 * 1.5)
    seconds_until(lambda: fired(ledger, groups[2]) == EACH, 30)
    clock.turn(86_400)
    look("+1 day")
    seconds_until(lambda: fired(ledger, groups[3]) == EACH, 30)
    here.report.hold(
        "a session of twelve hours: "
        + ", ".join(f"{name} {status}" for name, status in pages.items()),
        [pages[n] for n in ("before", "+1 h", "−1 h")] == [200] * 3 and pages["+1 day"] == 303,
    )
    if here.database == POSTGRESQL:
        said = "clock" in told and "3600" in told
        here.report.hold(
            f"/health at one hour from the database's clock: {' / '.join(told.split(chr(10))[:2])}",
            said,
        )
        logged = seconds_until(lambda: "The clock of this machine" in site.log.read_text(), 90)
        here.report.hold(
            "the worker logged it" if logged is not None else "the worker did not log it",
            logged is not None,
        )


def kill_the_worker(site: Site) -> None:
    _, children = site.family()
    for pid in set(children) - set(web_processes(site)):
        os.kill(pid, signal.SIGKILL)


def passes(
    here: Ground,
    clock: Clock,
    ledger: Ledger,
    timers: list[int],
    name: str,
    moment: datetime,
    due: dict[int, datetime],
) -> None:
    """Started three seconds before, with timers on both sides."""
    if not timers:
        return
    clock.turn(0)
    clock.turn((moment - timedelta(seconds=6) - datetime.now(UTC)).total_seconds())
    site = here.serve(**clock.settings())
    clock.turn((moment - timedelta(seconds=3) - datetime.now(UTC)).total_seconds())
    third = len(timers) // 3
    arm(ledger, timers[:third], moment - timedelta(seconds=1), due)
    arm(ledger, timers[third : 2 * third], moment, due)
    arm(ledger, timers[2 * third :], moment + timedelta(seconds=2), due)
    program = here.program(site)
    answers: Counter[int] = Counter()
    until = time.monotonic() + 25
    while time.monotonic() < until and fired(ledger, timers) < len(timers):
        answers[program.call("POST", "/incidents", {"title": name}).status] += 1
        answers[program.call("GET", "/incidents?size=5").status] += 1
        answers[ask(site, "GET", "/portal/").status] += 1
        time.sleep(0.1)
    held = program.call("POST", "/incidents", {"title": f"{name}, on hold"}).json["number"]
    program.call("POST", f"/incidents/{held}/moves", {"move": "start"})
    day = f"{moment + timedelta(days=1):%Y-%m-%d}"
    hold = program.call(
        "POST",
        f"/incidents/{held}/moves",
        {"move": "hold", "waiting_for": "vendor", "resume_on": day},
    )
    answers[hold.status] += 1
    here.report.hold(
        f"{name}: {fired(ledger, timers)} of {len(timers)} timers, answers {in_words(answers)}",
        fired(ledger, timers) == len(timers) and set(answers) <= {200, 201, 303},
    )
    site.__exit__()


def fired_once_and_never_early(
    here: Ground, ledger: Ledger, due: dict[int, datetime], still: Sequence[int]
) -> None:
    times: dict[int, list[datetime]] = {}
    for record, at in ledger.rows(
        "select record_id, at from records_event where name = 'incident.close'"
    ):
        times.setdefault(record, []).append(ledger.moment(at))
    wanted = set(due) - set(still)
    early = [record for record in wanted if any(at < due[record] for at in times.get(record, []))]
    twice = [record for record in wanted if len(times.get(record, [])) > 1]
    lost = [record for record in wanted if record not in times]
    # What is due in three days is due once 2028 has come.
    here.report.hold(
        f"{len(wanted)} timers: {len(early)} early, {len(twice)} twice, {len(lost)} lost",
        not (early or twice or lost),
    )
