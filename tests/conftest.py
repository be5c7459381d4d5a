"""What every test can use."""

from typing import Any

import pytest
from django.db import connection

from mainstay.records.audit import guards
from tests import kept
from tests.world import World, build

pytest_plugins = ["tests.needs"]


@pytest.fixture(scope="session", autouse=True)
def lifted_between_tests() -> None:
    """Emptying the tables after a test is what the audit's triggers refuse; they are set anew right after it."""
    flush = connection.ops.execute_sql_flush

    def lift_and_flush(statements: list[str]) -> Any:
        with connection.cursor() as cursor:
            for name in set(guards.names()) - set(guards.missing()):
                on = "" if connection.vendor == "sqlite" else f" on {name.rpartition('_no_')[0]}"
                cursor.execute(f"drop trigger {name}{on}")
        return flush(statements)

    connection.ops.execute_sql_flush = lift_and_flush


@pytest.fixture
def world(request: pytest.FixtureRequest, db: None) -> World:
    """Two organisations, three teams and one person of every kind."""
    return build() if commits(request) else kept.again(build)


def commits(request: pytest.FixtureRequest) -> bool:
    """Whether the test's own transactions end, so that it began with whatever the emptying left."""
    marker = request.node.get_closest_marker("django_db")
    asked = bool(marker and marker.kwargs.get("transaction"))
    return asked or "transactional_db" in request.fixturenames
