"""How large the demonstration is: people, the days they look back on, and what is reported in them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """`reports` are those of an ordinary course of things; cases that are always there come on top."""

    people: int
    days: int
    reports: int

    @property
    def part(self) -> float:
        """How much this is of the whole company, by its people."""
        return self.people / FULL.people

    @property
    def busy(self) -> float:
        """How much is reported in a day, where the whole company is 1."""
        return self.reports / self.days / (FULL.reports / FULL.days)


FULL = Size(people=800, days=90, reports=1000)
# For whoever looks at one thing and does not want to wait for the rest.
SMALL = Size(people=120, days=30, reports=300)
SIZES = {"full": FULL, "small": SMALL}
