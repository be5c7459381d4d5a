"""`make bench`: fills sites, measures them on both databases, prints the tables and writes them to a file.

python -m tests.benchmarks              100,000 incidents, in an hour
python -m tests.benchmarks --quick      10,000 incidents and short runs, in five minutes
python -m tests.benchmarks --part work  one part alone: requests, growth, log, work, mixed, pages or live
python -m tests.benchmarks --full       and 1,000,000 incidents for the growth
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psycopg

from tests.benchmarks import cpu, listened, load, measure, mixed, opened, section, table
from tests.benchmarks.measure import NEW, PRODUCT, RAW, Figure, measured
from tests.benchmarks.site import ROOT, Server, Site
from tests.benchmarks.table import Fact

LONG = "record page, 200 entries more"
LOG = "uci_incident/incident_event_log_opened_before_2016-05-01.csv.gz"


PARTS = ("requests", "growth", "log", "work", "mixed", "pages", "live")


@dataclass(frozen=True)
class Plan:
    """How much is measured; `growth` are the sizes that are compared, with their events and entries."""

    incidents: int
    seconds: float
    clients: tuple[int, ...]
    growth: tuple[tuple[int, ...], ...]
    with_log: bool
    mixed_s: float = 600
    bulk: int = 1_000
    beats: int = 3
    parts: tuple[str, ...] = PARTS


QUICK = Plan(10_000, 1, (8,), (), with_log=False, mixed_s=30, bulk=100, beats=1)
USUAL = Plan(100_000, 2, (1, 8, 32), ((10_000,), (100_000,)), with_log=True)
# A million with all its events would be 40 GB to fill; what is measured reads none but the record page's own.
FULL = Plan(100_000, 2, (1, 8, 32), ((10_000, 2, 1), (1_000_000, 2, 1)), with_log=True)
Sites = Callable[[str], Site]


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="10,000 incidents, short runs")
    parser.add_argument("--full", action="store_true", help="1,000,000 incidents for the growth")
    parser.add_argument("--only", choices=("sqlite", "postgresql"), help="one database")
    parser.add_argument("--part", choices=PARTS, action="append", help="this part; again for more")
    parser.add_argument(
        "--mixed", type=float, metavar="SECONDS", help="how long the mixed run lasts"
    )
    parser.add_argument(
        "--clients", type=int, nargs="+", help="how many at once; 8 is always among"
    )
    parser.add_argument(
        "--docs",
        action="store_true",
        help="write them to docs/inside/figures.md; of pages and live alone only their section",
    )
    parser.add_argument(
        "--out", type=Path, default=ROOT / "var/bench/benchmarks.md", metavar="FILE"
    )
    options = parser.parse_args()
    if options.docs:
        options.out = ROOT / "docs/inside/figures.md"
    plan = QUICK if options.quick else FULL if options.full else USUAL
    plan = replace(plan, parts=tuple(options.part or PARTS), mixed_s=options.mixed or plan.mixed_s)
    if options.clients:
        plan = replace(plan, clients=tuple(sorted({*options.clients, measure.JUDGED})))
    figures: list[Figure] = []
    facts: list[Fact] = []
    seen: list[Fact] = []
    folder = ROOT / "var" / "bench"
    try:
        for name, sites in databases(folder, options.only):
            with sites as site_called:
                one_database(name, site_called, plan, figures, facts, seen)
    except KeyboardInterrupt:
        return 130
    size = (
        f"{plan.incidents:,} incidents, {plan.incidents * 5:,} conversation entries, 2,000 people."
    )
    text = section.text(seen, size) if seen else ""
    options.out.parent.mkdir(parents=True, exist_ok=True)
    if options.docs and {*plan.parts} <= {"pages", "live"}:  # the rest of the page stays
        section.put(options.out, text)
    else:
        rest = table.document(figures, facts, size) if figures or facts else ""
        text = f"{rest}\n{text}".strip() + "\n"
        options.out.write_text(text)
    print(f"\n{text}\nWritten to {options.out}")
    return 0


def databases(
    folder: Path, only: str | None
) -> Iterator[tuple[str, contextlib.AbstractContextManager[Sites]]]:
    if only != "postgresql":
        yield (
            "SQLite",
            contextlib.nullcontext(lambda name: Site("SQLite", folder / f"sqlite-{name}")),
        )
    if only != "sqlite":
        yield "PostgreSQL", cluster(folder)


@contextlib.contextmanager
def cluster(folder: Path) -> Iterator[Sites]:
    """A throw-away PostgreSQL that writes to disk as a real one does, with a database for each site."""
    sys.path.insert(0, str(ROOT / "tools"))
    postgres = importlib.import_module("postgres")
    with postgres.cluster(durable=True) as url:

        def site(name: str) -> Site:
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute(f"create database bench_{name}")
            return Site(
                "PostgreSQL",
                folder / f"postgresql-{name}",
                f"{url.rpartition('/')[0]}/bench_{name}",
            )

        yield site


def one_database(
    name: str, sites: Sites, plan: Plan, figures: list[Figure], facts: list[Fact], seen: list[Fact]
) -> None:
    say(f"{name}: filling {plan.incidents:,} incidents")
    site = sites(str(plan.incidents))
    site.fill(plan.incidents)
    if "requests" in plan.parts:
        requests(name, site, plan, figures, facts)
    if "growth" in plan.parts and plan.growth:
        facts += grown(site, sites, plan)
    if "work" in plan.parts:
        facts += worked(name, site, plan, figures)
    if "mixed" in plan.parts:
        facts += mixed_run(name, site, plan)
    if "pages" in plan.parts:
        seen += in_a_browser(name, site, plan)
    if "live" in plan.parts:
        seen += told_at_once(name, site, plan)
    if "log" in plan.parts and plan.with_log:
        facts += replayed(name, sites)


def requests(name: str, site: Site, plan: Plan, figures: list[Figure], facts: list[Fact]) -> None:
    """The table of requests, and what the server holds before and after them."""
    keys = site.keys()
    with site.served() as server:  # the first start of a copied file is no warm one
        pass
    with site.served() as server:
        facts.append(Fact("first answer after a warm start", name, server.first_answer_s, "s", 4))
        time.sleep(3)
        facts.append(
            Fact("memory of all processes, idle", name, cpu.memory_mb(server.all), "MB", 420)
        )
        if name == "SQLite":
            mapped = cpu.mapped_mb(server.all, ".sqlite3")
            facts.append(Fact("of it pages of the database's file", name, mapped, "MB"))
        with site.raw(NEW) as raw:
            figures += compared(site, server, raw, keys, plan)
        begun = time.monotonic()
        load.once(server.port, measure.UNSAID(keys))
        waited = time.monotonic() - begun
        facts.append(Fact("audit, a word nobody said in 50,000 rows", name, waited, "s"))
        facts.append(
            Fact("memory of all processes, after the load", name, cpu.memory_mb(server.all), "MB")
        )
    creates = next(f for f in figures if f.name == "API create" and f.database == name)
    most = 100 if name == "SQLite" else None
    slowest = creates.loads[measure.JUDGED].p99
    facts.append(Fact("create, two web processes, eight clients: p99", name, slowest, "ms", most))


def worked(name: str, site: Site, plan: Plan, figures: list[Figure]) -> list[Fact]:
    """What the worker does: a bulk step while people work, timers, events; and a record with a long history."""
    say(f"{name}: the worker")
    number = plan.incidents * 4 // 5
    site.inside("long_record", f"INC-{number}")
    keys = site.keys()
    facts = []
    with site.served() as server:
        long = replace(
            next(s for s in measure.PRODUCT if s.name == "record page"),
            name=LONG,
        )
        figures.append(
            measured(
                site, server, long, keys,
                incidents=plan.incidents, seconds=plan.seconds, clients=(measure.JUDGED,),
            )
        )  # fmt: skip
        told(figures[-1])
        with ThreadPoolExecutor(1) as beside:
            job = beside.submit(site.inside, "bulk", plan.bulk)
            queue = next(s for s in measure.PRODUCT if s.name == "queue page").request(keys)
            seen = load.run(server.port, queue, 1, 10)
            done = json.loads(job.result())
        facts += [
            Fact(f"a bulk step for {done['records']:,} incidents", name, done["seconds"], "s"),
            Fact("records of it that were refused", name, done["refused"], "records", 0),
            Fact("queue page meanwhile, one client: p99", name, seen.p99, "ms"),
        ]
        late = json.loads(site.inside("lateness", 500 if plan.bulk > 500 else 100, 20))
        facts += [
            Fact(f"lateness of {late['fired']:.0f} timers: p50", name, late["p50"], "s"),
            Fact("lateness of timers: p99", name, late["p99"], "s", 2),
        ]
    heard = json.loads(site.inside("throughput", 3_000 if plan.bulk > 500 else 500))
    facts.append(
        Fact("seconds for 500 events with five listeners", name, 500 / heard["rate"], "s", 1)
    )
    for fact in facts:
        say(f"{name:<11}{fact.name:<60}{fact.value:9.3f} {fact.unit}")
    return facts


def mixed_run(name: str, site: Site, plan: Plan) -> list[Fact]:
    """Forty people at once."""
    say(f"{name}: forty people for {plan.mixed_s:.0f} s")
    people = json.loads(site.inside("forty"))
    numbers = json.loads(site.inside("seen_by_all", plan.incidents // 2))
    with site.served() as server:
        found = mixed.run(site, server, people, numbers, plan.mixed_s)
    facts = [
        Fact("forty people: requests a second", name, found.requests / plan.mixed_s, "/s"),
        Fact("forty people: p50", name, found.percentile(0.5), "ms"),
        Fact("forty people: p95", name, found.percentile(0.95), "ms"),
        Fact("forty people: p99", name, found.percentile(0.99), "ms", 500),
        Fact("forty people: answers 5xx, or none", name, found.failed, "answers", 0),
        Fact("forty people: answers 4xx", name, found.refused, "answers", 0),
        Fact("forty people: memory more at the end", name, found.drift, "%", 10),
        Fact("forty people: events the worker has still to do", name, found.backlog, "events", 200),
    ]
    say(f"{name:<11}{dict(found.statuses)}")
    for kind, times in sorted(found.times.items()):
        slow = sorted(times)[int(len(times) * 0.99)]
        say(f"{name:<11}{kind:<30}{len(times):6} requests, p99 {1000 * slow:7.1f} ms")
    for fact in facts:
        say(f"{name:<11}{fact.name:<60}{fact.value:9.1f} {fact.unit}")
    return facts


def in_a_browser(name: str, site: Site, plan: Plan) -> list[Fact]:
    """What pages cost whoever reads them; and the server, page by page and fragment by fragment."""
    say(f"{name}: pages in a browser")
    with site.served() as server:
        return in_turn(opened.measured(name, server, site.keys(), f"INC-{plan.incidents // 2}"))


def told_at_once(name: str, site: Site, plan: Plan) -> list[Fact]:
    """What open pages cost while nothing happens, and how soon they hear of what does."""
    say(f"{name}: {listened.PAGES} open pages")
    return in_turn(listened.measured(name, site, site.keys(), plan.beats))


def in_turn(found: Iterable[Fact]) -> list[Fact]:
    """All of them, each said as soon as it is known."""
    facts = []
    for fact in found:
        facts.append(fact)
        most = "" if fact.most is None else f"of {fact.most:g} at most"
        said = f"{fact.value:9.2f} {fact.unit:<5} {most:<17} {fact.is_met.strip('*')}"
        say(f"{fact.database:<11}{fact.name:<60}{said}".rstrip())
    return facts


def compared(
    site: Site, server: Server, raw: Server, keys: Mapping[str, Any], plan: Plan
) -> list[Figure]:
    """Each request right after what it is compared with, so that both meet the same machine."""
    found: dict[str, Figure] = {}
    rivals = {scenario.name: scenario for scenario in RAW}
    for scenario in PRODUCT:
        for one, served in ((rivals.get(scenario.raw), raw), (scenario, server)):
            if one is None or one.name in found:
                continue
            found[one.name] = measured(
                site, served, one, keys,
                incidents=plan.incidents, seconds=plan.seconds, clients=plan.clients,
            )  # fmt: skip
            told(found[one.name])
    return list(found.values())


def grown(site: Site, sites: Sites, plan: Plan) -> list[Fact]:
    """The same requests on a small and on a large site, each right after the other."""
    placed = []
    for size in plan.growth:
        say(f"{site.name}: growth, {size[0]:,} incidents")
        place = site if size == (plan.incidents,) else sites(f"growth_{size[0]}")
        if place is not site:
            place.fill(*size)
        placed.append((place, place.keys(), size[0]))
    facts = []
    small, large = (f"{size[0]:,}" for size in plan.growth)
    with contextlib.ExitStack() as stack:
        servers = [stack.enter_context(place.served()) for place, _, _ in placed]
        for scenario in PRODUCT:
            if scenario.name not in measure.GROWTH:
                continue
            seen = [
                measured(
                    place, server, scenario, keys,
                    incidents=incidents, seconds=plan.seconds, clients=(measure.JUDGED,),
                )
                for (place, keys, incidents), server in zip(placed, servers, strict=True)
            ]  # fmt: skip
            times = seen[1].cost.whole / seen[0].cost.whole
            name = f"{scenario.name}, from {small} to {large} incidents"
            facts.append(Fact(name, site.name, times, "times", 1.3))
            say(f"{site.name:<11}{name:<90}{times:6.2f} times")
    return facts


def replayed(name: str, sites: Sites) -> list[Fact]:
    """The whole real log, where it lies."""
    file = Path(os.environ.get("MAINSTAY_REAL_DATA", "")) / LOG
    if not os.environ.get("MAINSTAY_REAL_DATA") or not file.exists():
        say(f"{name}: no MAINSTAY_REAL_DATA/{LOG}; its replay is left out")
        return []
    say(f"{name}: replaying {file.name}")
    site = sites("log")
    site.folder.mkdir(parents=True, exist_ok=True)
    for old in site.folder.glob("*.sqlite3*"):
        old.unlink()
    command = [sys.executable, "-m", "mainstay"]
    begun = 0.0
    for words in (["migrate"], ["replay", "servicenow-log", str(file)]):
        begun = time.monotonic()
        subprocess.run(
            [*command, *words],
            cwd=ROOT,
            env=site.environment,
            check=True,
            stdout=subprocess.DEVNULL,
        )
    most = 300.0 if name == "SQLite" else 600.0
    return [Fact("the real log, 17,136 incidents", name, time.monotonic() - begun, "s", most)]


def told(figure: Figure) -> None:
    judged, cost = figure.loads[measure.JUDGED], figure.cost
    say(
        f"{figure.database:<11}{figure.name:<46}{cost.server:6.2f} +{cost.database:6.2f} ms"
        f"{judged.rate:9,.0f}/s   p99 {judged.p99:7.1f} ms"
    )


def say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
