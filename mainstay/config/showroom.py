"""The demonstration: made once in an empty site, its sign-ins kept to be printed at every start."""

from __future__ import annotations

import json
import os
import sys
import time
from dataclasses import asdict, dataclass

from django.conf import settings

from mainstay.config import demo


@dataclass(frozen=True)
class SignIn:
    """One of the demonstration's people, called by their role."""

    login: str
    name: str
    password: str


class Teller:
    """Says how far it is: one line that changes at a terminal, a line now and then elsewhere."""

    LINE = "Making the demonstration organisation …"
    SECONDS_A_LINE = 10

    def __init__(self) -> None:
        self._told = time.monotonic()
        self._is_terminal = sys.stdout.isatty()
        print(self.LINE, end="" if self._is_terminal else "\n", flush=True)

    def tell(self, done: float) -> None:
        line, now = f"{self.LINE} {done:4.0%}", time.monotonic()
        if self._is_terminal:
            print(f"\r{line}", end="", flush=True)
        elif now - self._told >= self.SECONDS_A_LINE:
            print(line, flush=True)
            self._told = now

    def end(self) -> None:
        if self._is_terminal:
            print()


def open_doors() -> list[SignIn]:
    """Seeds the organisation where that has not been done, and says who can sign in."""
    file = settings.MAINSTAY_DATA / "demo.json"
    if not file.exists():
        teller = Teller()
        size = demo.SIZES[settings.MAINSTAY_DEMO_SIZE]
        people = [SignIn(*person) for person in demo.seed(size, teller.tell)]
        teller.end()
        draft = file.with_suffix(".new")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
            json.dump([asdict(person) for person in people], out)
        draft.replace(file)
    return [SignIn(**person) for person in json.loads(file.read_text())]
