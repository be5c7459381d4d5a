"""`mainstay replay servicenow-log FILE`: bring another system's history here, event by event."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from mainstay.config import upgrade
from mainstay.config.cli.numbers import whole
from mainstay.doors.compat.servicenow import replay
from mainstay.doors.compat.servicenow.replay import Progress

SECONDS_A_LINE = 5


def arguments(parser: argparse.ArgumentParser) -> None:
    kinds = parser.add_subparsers(required=True, metavar="KIND")
    log = kinds.add_parser("servicenow-log", help="an incident log: CSV, plain or gzipped")
    log.add_argument("file", type=Path, metavar="FILE")
    log.add_argument(
        "--most", type=whole(1, 999_999_999), metavar="N", help="only the first N incidents"
    )


def run(options: argparse.Namespace) -> int:
    upgrade.require_this_version()
    if not options.file.is_file():
        print(f"There is no file {options.file}.", file=sys.stderr)
        return 1
    teller = Teller()
    try:
        done = replay.run(options.file, teller.tell, options.most)
    except KeyboardInterrupt:
        teller.end()
        print("Stopped. The same command goes on from here.", file=sys.stderr)
        return 130
    teller.end()
    print(conclusion(done, teller.seconds))
    return 0


def conclusion(done: Progress, seconds: float) -> str:
    if done.was_finished:
        return f"All {done.incidents:,} incidents of this log are here already; nothing was done."
    whole = (
        f"{done.incidents:,} incidents with {done.rows:,} events are here, after {seconds:.0f} s."
    )
    return f"{whole} {done.skipped:,} of them were here before." if done.skipped else whole


class Teller:
    """Says how far it is: one line that changes at a terminal, a line now and then elsewhere."""

    def __init__(self) -> None:
        self._begun = self._told = time.monotonic()
        self._is_terminal = sys.stdout.isatty()

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._begun

    def tell(self, progress: Progress) -> None:
        now = time.monotonic()
        line = f"{progress.rows:,} of {progress.of_rows:,} events, {progress.incidents:,} incidents"
        if self._is_terminal:
            print(f"\r{line}", end="", flush=True)
        elif now - self._told >= SECONDS_A_LINE:
            print(line, flush=True)
            self._told = now

    def end(self) -> None:
        if self._is_terminal:
            print()
