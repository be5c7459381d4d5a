"""Where a fault happens: a site with a small world in it, copied anew for each, on a database of its own."""

from __future__ import annotations

import contextlib
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.benchmarks import cpu
from tests.faults.clients import Program, ask
from tests.faults.cluster import Cluster
from tests.faults.report import Report
from tests.programs import command, environment
from tests.safety.ledger import Ledger
from tests.safety.siege import Site

SQLITE, POSTGRESQL = "SQLite", "PostgreSQL"


@dataclass
class Templates:
    """What is built once: a filled data folder, and a filled cluster that is stopped."""

    folder: Path
    world: dict[str, dict[str, Any]] = field(default_factory=dict)

    def of(self, database: str) -> tuple[Path, dict[str, Any]]:
        place = self.folder / database.lower()
        if database not in self.world:
            place.mkdir()
            if database == SQLITE:
                self.world[database] = built(place, "")
            else:
                cluster = Cluster(place / "pg" / "data", fsync="off")
                cluster.make()
                cluster = Cluster(place / "pg" / "data", fsync="off")
                with cluster.running():
                    self.world[database] = built(place, cluster.url)
        return place, self.world[database]


def built(folder: Path, url: str) -> dict[str, Any]:
    settings = {"MAINSTAY_DATA": str(folder)} | ({"MAINSTAY_DATABASE_URL": url} if url else {})
    done = subprocess.run(
        [sys.executable, "-m", "tests.safety.siege_world"],
        cwd=folder, env=environment(**settings), capture_output=True, text=True, timeout=180,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr)
    return dict(json.loads(done.stdout))


@dataclass
class Ground:
    """One fault's own: a folder, a database, and what stands in it."""

    database: str
    folder: Path
    templates: Templates
    is_quick: bool
    report: Report
    stack: contextlib.ExitStack
    cluster: Cluster | None = None
    settings: dict[str, str] = field(default_factory=dict)
    world: dict[str, Any] = field(default_factory=dict)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def url(self) -> str:
        return self.cluster.url if self.cluster else ""

    def prepare(self, postgres_at: Path | None = None, **options: str | int) -> None:
        """Copies the world here; `options` are PostgreSQL's."""
        template, self.world = self.templates.of(self.database)
        self.data.mkdir(exist_ok=True)
        for file in template.iterdir():
            if file.is_file():
                shutil.copy(file, self.data / file.name)
        self.settings = {"MAINSTAY_DATA": str(self.data)}
        if self.database == POSTGRESQL:
            self.cluster = Cluster(postgres_at or self.folder / "pg" / "data", **options)
            self.cluster.data.parent.mkdir(parents=True, exist_ok=True)
            self.cluster.copy_of(template / "pg" / "data")
            self.stack.enter_context(self.cluster.running())
            self.settings["MAINSTAY_DATABASE_URL"] = self.cluster.url

    def serve(
        self, *, before: Sequence[str] = (), words: Sequence[str] = (), **settings: str
    ) -> Site:
        """The product, started as an operator does, under a supervisor that starts it again."""
        site = Site(self.folder, before=before, words=words, **{**self.settings, **settings})
        return self.stack.enter_context(site)

    def mainstay(self, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command(words), cwd=self.folder, env=environment(**{**self.settings, **settings}),
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120,
        )  # fmt: skip

    def ledger(self) -> Ledger:
        """Of the database's administrator, for whom PostgreSQL keeps connections."""
        url = f"{self.cluster.admin_url.rpartition('/')[0]}/mainstay" if self.cluster else ""
        return self.stack.enter_context(Ledger(url, self.data))

    def program(self, site: Site) -> Program:
        return Program(site, self.world["token"])


def web_processes(site: Site) -> list[int]:
    return cpu.web_processes(site.process.pid) if site.process else []


def is_well(site: Site) -> bool:
    """The page for whoever watches over it says so, and a page of ours is drawn."""
    return (
        ask(site, "GET", "/health", patience=5).status == 200
        and ask(site, "GET", "/sign-in", patience=5).status == 200
    )


def seconds_until(true: Callable[[], bool], patience: float = 60) -> float | None:
    """None where it did not come true."""
    begun = time.monotonic()
    while time.monotonic() - begun < patience:
        if true():
            return time.monotonic() - begun
        time.sleep(0.1)
    return None


def all_is_heard(ledger: Ledger, patience: float = 90) -> float | None:
    """Seconds until no event waits for a listener; None where that did not happen."""
    return seconds_until(lambda: not ledger.one("select count(*) from records_pending"), patience)


def those_there_are_heard(ledger: Ledger, patience: float) -> float | None:
    """The same of the events there are now: clients go on, and on a busy machine there is always one more."""
    newest = ledger.one("select coalesce(max(id), 0) from records_event")
    waiting = f"select count(*) from records_pending where event_id <= {newest}"
    return seconds_until(lambda: not ledger.one(waiting), patience)


@contextlib.contextmanager
def ground(
    database: str, templates: Templates, folder: Path, report: Report, *, is_quick: bool
) -> Iterator[Ground]:
    folder.mkdir(parents=True)
    with contextlib.ExitStack() as stack:
        yield Ground(database, folder, templates, is_quick, report, stack)
