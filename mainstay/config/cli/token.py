"""`mainstay token create`: create keys for programs, shown once."""

from __future__ import annotations

import argparse
import sys
from datetime import timedelta

from mainstay.config import upgrade
from mainstay.config.cli.numbers import whole
from mainstay.directory import people
from mainstay.directory.signin import tokens
from mainstay.pure import logins
from mainstay.records import clock

LONGEST_DAYS = 3660


def arguments(parser: argparse.ArgumentParser) -> None:
    create = parser.add_subparsers(required=True, metavar="create").add_parser(
        "create", help="a key that acts as a person"
    )
    create.add_argument("--user", required=True, metavar="LOGIN", help="whom it acts as")
    create.add_argument("--name", default="", help="what it is for")
    create.add_argument(
        "--scope",
        action="append",
        default=[],
        help="read, write, read:incidents, …; may be given more than once (all)",
    )
    create.add_argument(
        "--days",
        type=whole(1, LONGEST_DAYS),
        default=tokens.LASTS.days,
        help="how long it is good for (%(default)s)",
    )


def run(options: argparse.Namespace) -> int:
    upgrade.require_this_version()
    login = logins.one_spelling(options.user)
    person = people.by_login(login)
    if person is None:
        print(f"Nobody signs in as {login}.", file=sys.stderr)
        return 1
    until = clock.now() + timedelta(days=options.days)
    print(tokens.issue(person, options.name, options.scope, until))
    return 0
