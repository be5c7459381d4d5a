"""`mainstay token create | list | end`: keys for programs, shown once, named afterwards, and taken back."""

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
    verbs = parser.add_subparsers(required=True, metavar="create|list|end", dest="verb")
    create = verbs.add_parser("create", help="a key that acts as a person")
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
    listed = verbs.add_parser("list", help="a person's tokens by name, without their secrets")
    listed.add_argument("--user", required=True, metavar="LOGIN", help="whose they are")
    end = verbs.add_parser("end", help="take tokens back; the next request with one is refused")
    end.add_argument("--user", required=True, metavar="LOGIN", help="whose they are")
    which = end.add_mutually_exclusive_group(required=True)
    which.add_argument("--name", help="those of this name")
    which.add_argument("--all", action="store_true", help="every one")


def run(options: argparse.Namespace) -> int:
    upgrade.require_this_version()
    login = logins.one_spelling(options.user)
    person = people.by_login(login)
    if person is None:
        print(f"Nobody signs in as {login}.", file=sys.stderr)
        return 1
    return VERBS[options.verb](person, options)


def _create(person: int, options: argparse.Namespace) -> int:
    until = clock.now() + timedelta(days=options.days)
    print(tokens.issue(person, options.name, options.scope, until))
    return 0


def _list(person: int, _options: argparse.Namespace) -> int:
    for token in tokens.held(person):
        used = "used" if token.first_used_at else "never used"
        print(f"{token.name}\t{' '.join(token.scopes)}\tuntil {token.expires_at:%Y-%m-%d}\t{used}")
    return 0


def _end(person: int, options: argparse.Namespace) -> int:
    ended = tokens.end(person, None if options.all else options.name)
    if not ended:
        print("There is no such token; `mainstay token list` names them.", file=sys.stderr)
        return 1
    print(f"{ended} ended.")
    return 0


VERBS = {"create": _create, "list": _list, "end": _end}
