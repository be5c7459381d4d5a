"""What the tests of the audit share."""

from datetime import UTC, datetime, timedelta

import pytest

from mainstay.directory.audit import noting
from mainstay.records import clock
from mainstay.surfaces.api import limits


class Clock:
    """Stands still until a test moves it on."""

    def __init__(self) -> None:
        self.now = datetime(2026, 6, 1, 9, 0, 30, tzinfo=UTC)

    def go_on(self, **span: float) -> None:
        self.now += timedelta(**span)


@pytest.fixture(autouse=True)
def time(monkeypatch: pytest.MonkeyPatch) -> Clock:
    still = Clock()
    monkeypatch.setattr(clock, "now", lambda: still.now)
    noting.forget_looks()
    limits.forget()
    return still
