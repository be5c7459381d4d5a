"""What one person asks keeps nobody else waiting: a statement of a request ends, and its asker is told why."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.http import HttpRequest

from mainstay.config import patience
from mainstay.records import trouble
from mainstay.surfaces.api import errors as api
from mainstay.surfaces.web import errors as web

pytestmark = pytest.mark.django_db(transaction=True)
COUNTED = "with recursive n(i) as (select 1 union all select i + 1 from n where i < {}) select count(*) from n"
ENDLESS = COUNTED.format(10**12)


@pytest.fixture
def connected(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As a connection is prepared that a request makes; it is left as it was found."""
    monkeypatch.setattr(patience, "LONGEST_S", 0.2)
    connection.ensure_connection()
    with patience.limited():
        patience.prepare(connection)
    yield
    if connection.vendor == "sqlite":
        connection.connection.set_progress_handler(None, 0)
    else:
        asked("select set_config('statement_timeout', '0', false)")


def asked(sql: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()


@pytest.mark.attack("I08")
def test_a_statement_of_a_request_ends(connected: None) -> None:
    with patience.limited(), pytest.raises(OperationalError) as stopped:
        asked(ENDLESS)
    assert trouble.was_stopped(stopped.value)
    told = api.answer(stopped.value)
    assert told.status_code == 503 and b"Look for less" in told.content
    request = HttpRequest()
    request.method, request.path = "GET", "/incidents/"
    page = web.in_trouble(request, stopped.value)
    assert page is not None and page.status_code == 503 and b"Look for less" in page.content
    with patience.limited():
        assert asked("select 1") == (1,), "the connection is as good as before"


def test_each_statement_has_its_own_time(connected: None) -> None:
    with patience.limited():
        for _ in range(3):
            time.sleep(0.15)
            assert asked(COUNTED.format(1000)) == (1000,)


@pytest.mark.sqlite_only
def test_what_no_request_asks_takes_its_time(connected: None) -> None:
    """On SQLite the same connection may be asked by what goes on after the answer, as a long export does."""
    with patience.limited():
        asked("select 1")
    time.sleep(0.25)
    assert asked(COUNTED.format(300_000)) == (300_000,)


def test_a_connection_of_a_command_has_no_limit() -> None:
    connection.ensure_connection()
    patience.prepare(connection)
    if connection.vendor == "postgresql":
        assert asked("select current_setting('statement_timeout')") == ("0",)
    else:
        assert asked(COUNTED.format(300_000)) == (300_000,)
