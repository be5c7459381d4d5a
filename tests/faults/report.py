"""What one fault showed on one database: what had to hold, and what was seen with its figures."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Verdict(StrEnum):
    """How it ended."""

    PASS = "yes"
    FAIL = "**no**"
    NOT_RUN = "not run"


class NotHere(Exception):
    """This machine cannot break so; the reason goes into the table."""


@dataclass
class Report:
    """Filled while the fault runs; the first thing that does not hold decides."""

    done: str = ""
    seen: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    not_run: str = ""

    def did(self, text: str) -> None:
        """What was done to the product, where the figures are only known afterwards."""
        self.done = f"{self.done}; {text}" if self.done else text

    def note(self, text: str) -> None:
        self.seen.append(text)

    def hold(self, text: str, is_so: bool) -> bool:
        """Something that had to be so, in the words of what was seen."""
        (self.seen if is_so else self.broken).append(text)
        return is_so

    @property
    def verdict(self) -> Verdict:
        if self.not_run:
            return Verdict.NOT_RUN
        return Verdict.FAIL if self.broken or not self.seen else Verdict.PASS
