"""What the safety tests share."""

from collections.abc import Iterator

import pytest
from django.core import signals
from django.db import close_old_connections

from mainstay.surfaces.api import limits
from tests import kept
from tests.safety.ground import Ground, lay


@pytest.fixture
def ground(db: None) -> Ground:
    """The world with secrets in it."""
    return kept.again(lay)


@pytest.fixture(autouse=True)
def unlimited(monkeypatch: pytest.MonkeyPatch, settings) -> None:
    """These tests ask more often than a person may; the limits have tests of their own."""
    settings.MAINSTAY_RATE_LIMIT = 0
    monkeypatch.setattr(limits, "STRANGERS", 10**9)
    limits.forget()


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """A request must not close the connection whose transaction holds the test's world."""
    ends = (signals.request_started, signals.request_finished)
    for end in ends:
        end.disconnect(close_old_connections)
    yield
    for end in ends:
        end.connect(close_old_connections)
