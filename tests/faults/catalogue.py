"""Every fault: its name, where it happens, and the sentence it is judged by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.faults import clocks, full, killed, missing, postgres, races, restarts, sqlite, words
from tests.faults.ground import POSTGRESQL, SQLITE, Ground

BOTH = (SQLITE, POSTGRESQL)


@dataclass(frozen=True)
class Fault:
    """`run` breaks something and fills the report of the ground it is given."""

    name: str
    what: str
    must: str
    databases: tuple[str, ...]
    run: Callable[[Ground], None]


FAULTS = (
    Fault(
        "F01",
        "web processes killed",
        "lost 0, doubled 0, orphans 0; each acknowledged record has its number, history, assignment, place in the"
        " index, and is sealed",
        BOTH,
        killed.f01,
    ),
    Fault(
        "F03",
        "everything killed, started again",
        "well within 30 s without a manual step, no lock or pid left in the way",
        BOTH,
        killed.f03,
    ),
    Fault(
        "F04",
        "PostgreSQL crashes under load",
        "503 and never 500; writing again within 10 s; no thread and no worker hangs",
        (POSTGRESQL,),
        postgres.f04,
    ),
    Fault(
        "F06",
        "no connection left",
        "wait or 503; recovers by itself; no connection leaks; a held lock holds up only who wants it,"
        " and not for ever",
        (POSTGRESQL,),
        postgres.f06,
    ),
    Fault(
        "F07",
        "disk of the database full",
        "503 with a clear sentence; heals by itself once there is room; lost 0",
        (POSTGRESQL,),
        postgres.f07,
    ),
    Fault(
        "F08",
        "disk full for files, for what is sent, for the log",
        "an upload is 507 or 503; no row without its file and no file without its row; runs and starts"
        " with its log full",
        BOTH,
        full.f08,
    ),
    Fault(
        "F09",
        "the embedded database in trouble",
        'no "database is locked" at 20 writes a second; acknowledged = stored after a full disk; a damaged file is seen'
        " at the start and refused with instructions",
        (SQLITE,),
        sqlite.f09,
    ),
    Fault(
        "F12",
        "the clock jumps",
        "no timer early, none twice, none lost; sessions and tokens end when they should; more than 5 s between this"
        " machine's clock and the database's raise an alarm",
        BOTH,
        clocks.f12,
    ),
    Fault(
        "F16",
        "many at once",
        "one winner for each version and 412 for the others; no update lost; each number once; one effect for each key;"
        " every history a legal life",
        BOTH,
        races.f16,
    ),
    Fault(
        "F19",
        "nasty words in every text field",
        "stored and given back identical, or refused as 400 or 422; no 500 anywhere they are shown or searched",
        BOTH,
        words.f19,
    ),
    Fault(
        "F20",
        "key, right to write, style sheets or time zones gone",
        "what docs/guides/when-something-fails.md says: a sentence at the start or 503, never a trace; no work lost",
        BOTH,
        missing.f20,
    ),
    Fault(
        "F25",
        "restarted over and over",
        "0 acknowledged lost; stopped and well again within 30 s; pages come back by themselves and miss no event",
        BOTH,
        restarts.f25,
    ),
)
