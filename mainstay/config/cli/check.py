"""`mainstay check`: look for mistakes in settings and declarations."""

import argparse
import sys

from django.apps import apps
from django.core import checks
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from mainstay.config import upgrade
from mainstay.config.apps import declarations
from mainstay.records.errors import Refused
from mainstay.records.types import shelf


class Misdeclared(Refused):
    """A record type's declaration or the wiring holds mistakes; nothing starts on them."""


def require_sound() -> None:
    """Before anything is served. Raises Misdeclared with a line for each mistake."""
    if found := declarations():
        listed = "\n".join(f"  {mistake.msg}" for mistake in found)
        raise Misdeclared(f"These declarations are wrong:\n{listed}")


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--deploy", action="store_true", help="also what only matters on a real site"
    )


def run(options: argparse.Namespace) -> int:
    # Before Django's own checks: they load the addresses, which cannot be built from a wrong declaration.
    require_sound()
    try:
        call_command("check", deploy=options.deploy, fail_level="WARNING")
    except SystemCheckError as error:
        print(error)
        return 1
    if lacking := _without_migration():
        print(
            f"Tables have changed and no migration says so: {', '.join(lacking)}."
            f" Write it: {upgrade.way_to_write(lacking)}",
            file=sys.stderr,
        )
        return 1
    looked = len(checks.registry.registry.get_checks())
    print(f"{len(shelf.types)} record types, {looked} checks: no mistake found.")
    return 0


def _without_migration() -> list[str]:
    """Rooms whose models and migrations differ; no database is asked."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    wanted = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps))
    return sorted({*upgrade.without_any(loader), *wanted.changes(loader.graph)})
