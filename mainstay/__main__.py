"""The command line: `mainstay serve`, and what an operator does beside it.

Each command is a module of mainstay/config/cli with two functions: `arguments(parser)` and
`run(options)`, which answers with an exit code. Adding one is a line here and a file there.
"""

from __future__ import annotations

import argparse
import importlib
import os
import signal
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

import django
from django.core.exceptions import ImproperlyConfigured
from django.db import InterfaceError, OperationalError

import mainstay
from mainstay.config import site
from mainstay.pure import lifecycle as pure_lifecycle
from mainstay.pure.lifecycle import BrokenLifecycle
from mainstay.records.errors import Refused

COMMANDS = {
    "serve": "start the web server and its worker",
    "worker": "start a worker alone, beside web servers elsewhere",
    "live": "tell open pages what has changed, alone, beside web servers elsewhere",
    "migrate": "bring the database to this version",
    "replay": "bring the history of another system here",
    "reindex": "make the index of search anew",
    "user": "create people who may sign in",
    "token": "create keys for programs",
    "audit": "prove that history is as it was written",
    "explain": "tell what happens on an event, with files and lines",
    "draw": "draw the life of a record type",
    "check": "look for mistakes in settings and declarations",
    "new": "write the first files of a new practice",
}
SETTINGS = "mainstay.config.settings.base"


def overview() -> argparse.ArgumentParser:
    lines = "\n".join(f"  {name:<9} {purpose}" for name, purpose in COMMANDS.items())
    parser = argparse.ArgumentParser(
        prog="mainstay",
        description=f"IT service management for the person who answers for IT services.\n\n{lines}",
        epilog="`mainstay COMMAND --help` says more. All commands take --data DIR (default ./var).",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"Mainstay {mainstay.__version__}")
    data_option(parser, argparse.SUPPRESS)
    parser.add_argument(
        "command", nargs="?", choices=COMMANDS, metavar="COMMAND", help="one of the above"
    )
    parser.add_argument("rest", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    return parser


def data_option(parser: argparse.ArgumentParser, default: object) -> None:
    parser.add_argument(
        "--data",
        metavar="DIR",
        type=Path,
        default=default,
        help="where this site's data lies (./var)",
    )


def prepare(chosen: argparse.Namespace) -> list[str]:
    """Start Django for the site that is meant; the words that are left are the command's own.

    Settings are read from the environment, so what the command line says must be there first.
    """
    early = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    data_option(early, getattr(chosen, "data", Path(os.environ.get("MAINSTAY_DATA") or "var")))
    known, rest = early.parse_known_args(chosen.rest)
    os.environ["MAINSTAY_DATA"] = str(known.data.resolve())
    if "--demo" in rest:
        os.environ["MAINSTAY_DEMO"] = "1"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    is_question = bool({"-h", "--help", "--check"} & set(rest))
    site.enter(chosen.command, known.data, is_question=is_question)
    django.setup()
    return rest


def unstorable(word: str) -> bool:
    """How Python passes on what the terminal sent and no encoding reads."""
    return any("\ud800" <= char <= "\udfff" for char in word)


def run(words: Sequence[str] | None) -> int:
    words = sys.argv[1:] if words is None else words
    if any(unstorable(word) for word in words):
        return complain("an argument holds bytes that are no UTF-8 text.", 2)
    if not words:
        overview().print_help()
        return 2
    chosen = overview().parse_args(words)
    if chosen.command is None:
        return complain(f"say what to do, one of: {', '.join(COMMANDS)}.", 2)
    rest = prepare(chosen)
    command = importlib.import_module(f"mainstay.config.cli.{chosen.command}")
    parser = argparse.ArgumentParser(
        prog=f"mainstay {chosen.command}",
        description=COMMANDS[chosen.command],
    )
    data_option(parser, None)
    command.arguments(parser)
    code = int(command.run(parser.parse_args(rest)))
    sys.stdout.flush()
    return code


def declared_at(error: BrokenLifecycle) -> str:
    """The file and line of the declaration, which is the last place on the way that is not the lifecycle's own."""
    ways = traceback.extract_tb(error.__traceback__)
    own = (pure_lifecycle.__file__, "<string>")
    place = next(way for way in reversed(ways) if way.filename not in own)
    return f"{place.filename}:{place.lineno}"


def main(words: Sequence[str] | None = None) -> int:
    """The exit code: 2 for what was asked wrongly, 1 for what went wrong, each with a sentence."""
    try:
        return run(words)
    except (ImproperlyConfigured, Refused) as error:
        return complain(error, 2)
    except BrokenLifecycle as error:
        return complain(f"The lifecycle at {declared_at(error)} cannot be lived: {error}.", 1)
    except (OperationalError, InterfaceError) as error:
        reason = str(error).strip().partition("\n")[0]
        return complain(f"The database cannot be used: {reason}", 1)
    except BrokenPipeError:
        # Whoever read our output has enough. What is still to be flushed at the end goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 128 + signal.SIGPIPE
    except OSError as error:
        if error.filename is None:
            raise
        return complain(f"{error.filename}: {error.strerror}", 1)
    except (KeyboardInterrupt, EOFError):  # Ctrl-C, or Ctrl-D at a question
        return 128 + signal.SIGINT


def complain(what: object, code: int) -> int:
    print(f"mainstay: {what}", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
