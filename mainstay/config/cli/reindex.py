"""`mainstay reindex`: make the index of search anew while the desk is used."""

from __future__ import annotations

import argparse
import sys
import time

from mainstay.capabilities.search import rebuilding
from mainstay.config import upgrade

SECONDS_A_LINE = 5


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Make the index of search anew. People go on working and searching meanwhile; interrupted,"
        " the same command goes on where it was."
    )
    parser.add_argument(
        "--from-start", action="store_true", help="do not go on with a run that was interrupted"
    )


def run(options: argparse.Namespace) -> int:
    upgrade.require_this_version()
    teller = Teller()
    try:
        indexed = rebuilding.run(teller.tell, from_start=options.from_start)
    except KeyboardInterrupt:
        teller.end()
        print("Stopped. The same command goes on from here.", file=sys.stderr)
        return 130
    teller.end()
    print(f"{indexed:,} records indexed, after {teller.seconds:.0f} s.")
    return 0


class Teller:
    """Says how far it is: one line that changes at a terminal, a line now and then elsewhere."""

    def __init__(self) -> None:
        self._begun = self._told = time.monotonic()
        self._is_terminal = sys.stdout.isatty()

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._begun

    def tell(self, done: int, total: int) -> None:
        line = f"{done:,} of {total:,} records"
        now = time.monotonic()
        if self._is_terminal:
            print(f"\r{line}", end="", flush=True)
        elif now - self._told >= SECONDS_A_LINE:
            print(line, flush=True)
            self._told = now

    def end(self) -> None:
        if self._is_terminal:
            print()
