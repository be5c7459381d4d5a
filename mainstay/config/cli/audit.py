"""`mainstay audit verify` and `mainstay audit head`: whether history is as it was, and the proof to keep elsewhere."""

from __future__ import annotations

import argparse
import sys
import time

from mainstay.config import upgrade
from mainstay.pure.rules import SYSTEM, By
from mainstay.records.audit import entries, sealing, verifying
from mainstay.records.audit.verifying import Outcome

SECONDS_A_LINE = 5


def arguments(parser: argparse.ArgumentParser) -> None:
    ways = parser.add_subparsers(required=True, metavar="verify|head", dest="way")
    verify = ways.add_parser("verify", help="look for rows altered, missing or slipped in")
    verify.add_argument(
        "--head",
        action="append",
        default=[],
        metavar="HEAD",
        help="what `mainstay audit head` printed once; may be given more than once",
    )
    ways.add_parser("head", help="print the newest seal, to be kept elsewhere")


def run(options: argparse.Namespace) -> int:
    upgrade.require_this_version()
    if options.way == "head":
        print(verifying.head_of(sealing.head()))
        return 0
    outcome, teller, wrong = Outcome(), Teller(), 0
    for sentence in verifying.verify(teller.tell, outcome, options.head):
        teller.end()
        print(sentence)
        wrong += 1
    teller.end()
    told = f"{outcome.rows:,} rows under {outcome.seals:,} seals"
    waits = f" {outcome.waiting:,} wait for their seal." if outcome.waiting else ""
    if outcome.blanked:
        waits += f" {outcome.blanked:,} words or addresses are blanked."
    if wrong:
        print(f"{wrong:,} things are not as they were sealed, in {told}.{waits}", file=sys.stderr)
    else:
        print(f"{told}: all as they were sealed.{waits}")
    facts = {
        "rows": outcome.rows,
        "head": outcome.head,
        "wrong": wrong,
        "blanked": outcome.blanked,
    }
    entries.note("console.verify", By(SYSTEM, "console"), facts=facts)
    return 1 if wrong else 0


class Teller:
    """Says how far it is: one line that changes at a terminal, a line now and then elsewhere."""

    def __init__(self) -> None:
        self._told = time.monotonic()
        self._is_terminal = sys.stdout.isatty()
        self._is_open = False

    def tell(self, outcome: Outcome, total: int) -> None:
        line = f"{outcome.seals:,} of {total:,} seals, {outcome.rows:,} rows"
        if self._is_terminal:
            print(f"\r{line}", end="", flush=True)
            self._is_open = True
        elif time.monotonic() - self._told >= SECONDS_A_LINE:
            print(line, flush=True)
            self._told = time.monotonic()

    def end(self) -> None:
        if self._is_open:
            print()
            self._is_open = False
