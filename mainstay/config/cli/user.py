"""`mainstay user create`: create people who may sign in."""

from __future__ import annotations

import argparse
import getpass
import secrets
import sys

from mainstay.config import upgrade
from mainstay.directory import commands as directory
from mainstay.directory import people
from mainstay.directory.record import user
from mainstay.directory.roles import LABELS
from mainstay.directory.signin import password as passwords
from mainstay.directory.signin.guessable import Owner
from mainstay.pure import logins
from mainstay.pure.rules import SYSTEM, By
from mainstay.records import commands
from mainstay.records.turnstile import writing

BY = By(SYSTEM, "console")


def arguments(parser: argparse.ArgumentParser) -> None:
    create = parser.add_subparsers(required=True, metavar="create").add_parser(
        "create", help="a person with a password"
    )
    create.add_argument("login", help="what they sign in with")
    create.add_argument("--name", help="their name (as the login)")
    create.add_argument("--email", default="")
    create.add_argument(
        "--role", action="append", default=[], choices=LABELS, help="may be given more than once"
    )


def run(options: argparse.Namespace) -> int:
    upgrade.require_this_version()
    options.login = logins.one_spelling(options.login)
    if people.by_login(options.login) is not None:
        print(f"Somebody signs in as {options.login} already.", file=sys.stderr)
        return 1
    password, is_made = chosen_password()
    number = create(options, password)
    print(f"{number} {options.login} may sign in{f' with {password}' if is_made else ''}.")
    return 0


def chosen_password() -> tuple[str, bool]:
    """Asked for at a terminal; made up, and shown once, where nobody answers."""
    typed = getpass.getpass("Password (empty: make one): ") if sys.stdin.isatty() else ""
    return (typed, False) if typed else (secrets.token_urlsafe(12), True)


def create(options: argparse.Namespace, password: str) -> str:
    """The new person's number; either all of it is done or nothing."""
    name = options.name or options.login
    hashed = passwords.hashed(password, Owner(options.login, name, options.email))
    given = {"title": name, "username": options.login}
    if options.email:
        given["email"] = options.email
    with writing():
        person = commands.create(user, given, BY)
        passwords.store(person.id, hashed)
        for role in options.role:
            directory.grant(person.number, role, BY)
    return str(person.number)
