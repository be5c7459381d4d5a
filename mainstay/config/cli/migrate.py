"""`mainstay migrate`: bring the database to this version."""

import argparse

from mainstay.config import upgrade


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--check", action="store_true", help="only say whether there is something to do"
    )


def run(options: argparse.Namespace) -> int:
    waiting = upgrade.waiting_migrations()
    if options.check:
        print("\n".join(waiting) or "The database is at this version.")
        return 1 if waiting else 0
    upgrade.migrate(verbosity=1)
    return 0
