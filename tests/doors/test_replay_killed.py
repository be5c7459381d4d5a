"""A replay that is really killed, again and again, loses nothing and doubles nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.doors import csv_log

ROOT = Path(__file__).resolve().parents[2]
INCIDENTS = 120
RUN = """
import sys, django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from pathlib import Path
from mainstay.doors.compat.servicenow import replay
print("begun", flush=True)
tell = lambda progress: print(progress.incidents, flush=True)
done = replay.run(Path(sys.argv[1]), tell, rows_a_batch=40)
print("done", done.rows, flush=True)
from mainstay.practices.incidents.models import Incident
from mainstay.records.models import Alias, Event
print(Incident.objects.count(), Event.objects.filter(name__startswith="incident.").count(),
      Event.objects.filter(name="incident.create").values("record").distinct().count(),
      Alias.objects.count())
"""


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a site of its own on each database."""
    own = os.environ | {
        "MAINSTAY_DATA": str(tmp_path),
        "MAINSTAY_DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "mainstay.config.settings.base",
        "PYTHONPATH": str(ROOT),
    }
    if request.param == "sqlite":
        yield own
        return
    address = os.environ["MAINSTAY_TEST_POSTGRES"]
    name = f"replay_{os.getpid()}"
    with psycopg.connect(address, autocommit=True) as server:
        server.execute(f'create database "{name}"')
    start, _, options = address.partition("?")
    url = start.rsplit("/", 1)[0] + f"/{name}" + (f"?{options}" if options else "")
    yield own | {"MAINSTAY_DATABASE_URL": url}
    with psycopg.connect(address, autocommit=True) as server:
        server.execute(f'drop database "{name}" with (force)')


def begin(site: dict[str, str], path: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", RUN, str(path)], env=site, stdout=subprocess.PIPE, text=True
    )


def test_killed_three_times(site: dict[str, str], tmp_path: Path) -> None:
    rows = csv_log.many(INCIDENTS)
    path = csv_log.write(tmp_path / "log.csv", rows)
    reached = 0
    for lines in (2, 3, 5):
        process = begin(site, path)
        assert process.stdout
        said = [process.stdout.readline().strip() for _ in range(lines)]
        # It is on its way with the next batch by the time the signal is there.
        process.send_signal(signal.SIGKILL)
        rest = process.communicate()[0]
        assert process.returncode == -signal.SIGKILL, rest
        numbers = [int(line) for line in said[1:]]
        assert numbers[0] > reached
        reached = numbers[-1]
    process = begin(site, path)
    out = process.communicate(timeout=60)[0].splitlines()
    assert process.returncode == 0
    assert f"done {len(rows)}" in out
    incidents, events, created, aliases = map(int, out[-1].split())
    assert (incidents, events, created) == (INCIDENTS, len(rows), INCIDENTS)
    people = {r[c] for r in rows for c in ("caller_id", "opened_by", "sys_updated_by")}
    people |= {r["assigned_to"] for r in rows} | {r["resolved_by"] for r in rows}
    groups = {r["assignment_group"] for r in rows}
    assert aliases == INCIDENTS + len(people - {"?"}) + len(groups)
