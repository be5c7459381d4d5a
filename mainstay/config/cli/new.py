"""`mainstay new practice releases`: write the first files of a new practice."""

import argparse

from mainstay.config import room
from mainstay.config.cli import check


def arguments(parser: argparse.ArgumentParser) -> None:
    practice = parser.add_subparsers(required=True, metavar="practice").add_parser(
        "practice", help="a folder with one record type, and its tests"
    )
    practice.add_argument("name", help="of the folder: the plural of what it keeps, as in releases")
    practice.add_argument("--singular", help="what one of them is called (the name without its -s)")
    practice.add_argument("--plural", help="what their list and its address are called (the name)")
    practice.add_argument("--prefix", help="of their numbers (the first three letters, as in REL)")


def run(options: argparse.Namespace) -> int:
    check.require_sound()  # Else nobody could say what is taken.
    room.require_free(options.name)
    singular = options.singular or room.singular_of(options.name)
    if not singular:
        raise room.Unfit(f"Say what one of '{options.name}' is called: --singular NAME")
    new = room.Room(
        practice=options.name,
        singular=singular,
        plural=options.plural or options.name,
        prefix=options.prefix or singular.replace("_", "")[:3].upper(),
    )
    written = room.write(new)
    print("Written:")
    for path in written:
        print(f"  {path}")
    print(f"and listed in {room.SETTINGS}. Its numbers will read {new.prefix}-1.\n")
    print("Next:")
    print(f"  1. Fill in {written[2]} (columns) and {written[3].name} (life, access, form).")
    print(f"  2. make migrations ARGS={new.practice}")
    print("  3. make derived, and look at what is new in the files it names")
    print(f'  4. make test ARGS="tests/conformance {written[5].parent}"')
    return 0
