"""The command line: `mainstay serve`, and what an operator does beside it.

Each command is a module of mainstay/config/cli with two functions: `arguments(parser)` and
`run(options)`, which answers with an exit code. Adding one is a line here and a file there.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import django
from django.core.exceptions import ImproperlyConfigured

from mainstay.records.errors import Refused

COMMANDS = {
    "serve": "start the web server and its worker",
    "worker": "start a worker alone, beside web servers elsewhere",
    "migrate": "bring the database to this version",
    "replay": "bring the history of another system here",
    "user": "create people who may sign in",
    "token": "create keys for programs",
    "explain": "tell what happens on an event, with files and lines",
    "draw": "draw the life of a record type",
    "check": "look for mistakes in settings and declarations",
}
SETTINGS = "mainstay.config.settings.base"


def overview() -> argparse.ArgumentParser:
    lines = "\n".join(f"  {name:<9} {purpose}" for name, purpose in COMMANDS.items())
    parser = argparse.ArgumentParser(
        prog="mainstay",
        description=f"IT service management for the person who answers for IT services.\n\n{lines}",
        epilog="`mainstay COMMAND --help` says more. All commands take --data DIR (default ./var).",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", choices=COMMANDS, metavar="COMMAND", help="one of the above")
    parser.add_argument("rest", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    return parser


def data_option(parser: argparse.ArgumentParser) -> None:
    default = os.environ.get("MAINSTAY_DATA", "var")
    parser.add_argument(
        "--data",
        metavar="DIR",
        type=Path,
        default=Path(default),
        help="where this site's data lies (%(default)s)",
    )


def prepare(words: Sequence[str]) -> list[str]:
    """Start Django for the site that is meant; the words that are left are the command's own.

    Settings are read from the environment, so what the command line says must be there first.
    """
    early = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    data_option(early)
    known, rest = early.parse_known_args(words)
    os.environ["MAINSTAY_DATA"] = str(known.data.resolve())
    if "--demo" in rest:
        os.environ["MAINSTAY_DEMO"] = "1"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    django.setup()
    return rest


def main(words: Sequence[str] | None = None) -> int:
    chosen = overview().parse_args(words)
    try:
        rest = prepare(chosen.rest)
        command = importlib.import_module(f"mainstay.config.cli.{chosen.command}")
        parser = argparse.ArgumentParser(
            prog=f"mainstay {chosen.command}", description=COMMANDS[chosen.command]
        )
        data_option(parser)
        command.arguments(parser)
        return int(command.run(parser.parse_args(rest)))
    except (ImproperlyConfigured, Refused) as error:
        print(f"mainstay: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
