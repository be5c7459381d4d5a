"""`make faults`: breaks the world around the served product, and tells what it did.

python -m tests.faults                      every fault on the database it belongs to, about ten minutes
python -m tests.faults --quick              with small figures
python -m tests.faults --only F04           one fault; again for more
python -m tests.faults --database sqlite    one database
python -m tests.faults --docs               and write the table into docs/inside/faults.md
"""

from __future__ import annotations

import argparse
import ctypes
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path

from tests.faults import table
from tests.faults.catalogue import FAULTS, Fault
from tests.faults.ground import Templates, ground
from tests.faults.report import NotHere, Report, Verdict
from tests.faults.table import Row

CLONE_NEWNS = 0x00020000


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--only", action="append", metavar="F01", help="this fault; again for more")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), help="one database")
    parser.add_argument("--quick", action="store_true", help="small figures")
    parser.add_argument("--docs", action="store_true", help="write docs/inside/faults.md")
    options = parser.parse_args()
    wanted = [fault for fault in FAULTS if not options.only or fault.name in options.only]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with_mounts_of_our_own()
    folder = Path(tempfile.mkdtemp(prefix="mainstay-faults-"))
    folder.chmod(0o755)
    rows: list[Row] = []
    try:
        templates = Templates(folder / "templates")
        templates.folder.mkdir()
        for fault in wanted:
            for database in fault.databases:
                if options.database in (None, database.lower()):
                    rows.append(broken(fault, database, templates, folder, is_quick=options.quick))
    except KeyboardInterrupt:
        return 130
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(table.text(rows, is_quick=options.quick))
    if options.docs:
        table.write(rows, is_quick=options.quick)
        print(f"Written to {table.PAGE}")
    return 1 if any(row.report.verdict is Verdict.FAIL for row in rows) else 0


def broken(
    fault: Fault, database: str, templates: Templates, folder: Path, *, is_quick: bool
) -> Row:
    """One fault on one database. What the harness itself stumbles over is a failure, too."""
    print(f"{fault.name} on {database}: {fault.what}", flush=True)
    report, begun = Report(), time.monotonic()
    place = folder / f"{fault.name.lower()}-{database.lower()}"
    try:
        with ground(database, templates, place, report, is_quick=is_quick) as here:
            fault.run(here)
    except NotHere as reason:
        report.not_run = f"not run: {reason}"
    except Exception as error:
        traceback.print_exc()
        report.hold(f"broke off: {error!r}"[:300], is_so=False)
    shutil.rmtree(place, ignore_errors=True)
    seconds = time.monotonic() - begun
    for line in (*report.broken, *report.seen):
        print(f"    {'NOT SO: ' if line in report.broken else ''}{line}", flush=True)
    print(f"    {report.verdict}, {seconds:.0f} s", flush=True)
    return Row(fault.name, fault.what, fault.must, database, report, seconds)


def with_mounts_of_our_own() -> None:
    """What is mounted from here on nobody else sees, and it is gone with the last of our processes."""
    if os.geteuid() == 0 and ctypes.CDLL(None).unshare(CLONE_NEWNS) == 0:
        subprocess.run(["mount", "--make-rprivate", "/"], check=False)


if __name__ == "__main__":
    sys.exit(main())
