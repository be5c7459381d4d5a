"""What a test needs from the machine, and what becomes of it where that is not there.

A test that cannot run is left out by name, with the way to get what it needs. With CI=true nothing
may be left out: there every skipped test makes the run fail.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.db import connection

from tools import debian

NO_CHROMIUM = f"needs Chromium: apt-get install {debian.CHROMIUM}"
SECOND_TRIES = 1  # in a browser, whose processes share two cores with all else: docs/decisions/0028
MOST_TOLD = 4000  # letters of what went wrong at first
BROWSER_TESTS = Path(__file__).parent / "browser"
DATABASE_FIXTURES = {"db", "transactional_db", "live_server", "django_db_serialized_rollback"}
MARKERS = {
    "attack": "shows these rows of tests/safety/attacks/rows.toml",
    "browser": "needs Chromium; every test in tests/browser has it",
    "database": "touches the database, so it runs on SQLite and again on PostgreSQL; set by itself",
    "postgres": "needs a PostgreSQL server in either run, named by the fixture postgres_url",
    "postgres_only": "is about PostgreSQL itself and is left to its run",
    "sqlite_only": "is about SQLite itself or about what no database decides: not run again on PostgreSQL",
}


def pytest_configure(config: pytest.Config) -> None:
    # Playwright leaves its loop marked as running, so on a worker that had a browser Django would refuse the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    for name, meaning in MARKERS.items():
        config.addinivalue_line("markers", f"{name}: {meaning}")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Give each test its markers before `-m` chooses among them, and leave out what cannot run."""
    no_browser = pytest.mark.skip(reason=NO_CHROMIUM)
    no_postgres = pytest.mark.skip(reason="needs PostgreSQL: run it by `make test`")
    on_postgres = connection.vendor == "postgresql"
    elsewhere = [i for i in items if i.get_closest_marker("postgres_only") and not on_postgres]
    if elsewhere:
        config.hook.pytest_deselected(items=elsewhere)
        items[:] = [item for item in items if item not in elsewhere]
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if BROWSER_TESTS in item.path.parents:
            item.add_marker("browser")
            item.add_marker(pytest.mark.flaky(reruns=SECOND_TRIES))
            if debian.chromium() is None:
                item.add_marker(no_browser)
        if fixtures & DATABASE_FIXTURES or item.get_closest_marker("django_db"):
            item.add_marker("database")
        if "postgres_url" in fixtures:
            item.add_marker("postgres")
        if item.get_closest_marker("postgres") and not os.environ.get("MAINSTAY_TEST_POSTGRES"):
            item.add_marker(no_postgres)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """With CI=true a left-out test is a failure."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") != "true" or reporter is None or not reporter.stats.get("skipped"):
        return
    if session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for report in terminalreporter.stats.get("rerun", []):
        terminalreporter.section(f"needed a second try: {report.nodeid}", yellow=True)
        terminalreporter.line(report.longreprtext[-MOST_TOLD:])
    skipped = terminalreporter.stats.get("skipped", [])
    if skipped and os.environ.get("CI") == "true":
        terminalreporter.section("left out, which CI does not accept", red=True)
        for report in skipped:
            terminalreporter.line(report.nodeid)


@pytest.fixture(scope="session")
def postgres_url() -> str:
    """The throw-away PostgreSQL server of this run, in whichever run the test is."""
    return os.environ["MAINSTAY_TEST_POSTGRES"]


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's program, for Playwright's executable_path."""
    found = debian.chromium()
    if found is None:
        pytest.skip(NO_CHROMIUM)
    return found
