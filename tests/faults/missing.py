"""F20: what the product relies on is gone: its key, its right to write, its style sheets, the data of time zones."""

from __future__ import annotations

import secrets
import shutil
from pathlib import Path

from tests.faults.clients import Writers, ask, in_words
from tests.faults.disks import make_read_only, small_disk
from tests.faults.ground import POSTGRESQL, Ground, seconds_until
from tests.programs import ROOT
from tests.safety.siege import Site

# Beside the product there is what it is built from.
NO_NEED = shutil.ignore_patterns("__pycache__", "dist")


def f20(here: Ground) -> None:
    disk = here.stack.enter_context(small_disk(here.data, 120))
    here.prepare()
    here.report.did(
        "the key changed with and without its fallback, then lost; the data folder made read-only while it runs and"
        " before a start; the compiled style sheets gone; no data of time zones and an unknown locale"
    )
    the_key(here)
    read_only(here, disk)
    without_styles(here)
    without_zones(here)


def served(here: Ground, **settings: str) -> Site:
    return here.serve(**settings)


def knocks(here: Ground, site: Site) -> tuple[int, int, int]:
    """A token, a session and a stranger: 200, 200 and 200 where all is well."""
    token = here.program(site).call("GET", "/incidents?size=1").status
    session = ask(
        site, "GET", "/", headers={"Cookie": f"mainstay_session={here.world['session']}"}
    ).status
    return token, session, ask(site, "GET", "/sign-in").status


def the_key(here: Ground) -> None:
    file = here.data / "secret.key"
    old, new = file.read_text().strip(), f"k7{secrets.token_urlsafe(48)}Q9"
    for name, settings, wanted in (
        (
            "changed, the old one a fallback",
            {"MAINSTAY_SECRET_KEY": new, "MAINSTAY_SECRET_KEY_FALLBACKS": old},
            (200, 200, 200),
        ),
        ("changed without a fallback", {"MAINSTAY_SECRET_KEY": new}, (401, 303, 200)),
    ):
        with_it = served(here, **settings)
        found = knocks(here, with_it)
        here.report.hold(f"key {name}: token {found[0]}, session {found[1]}", found == wanted)
        with_it.__exit__()
    file.unlink()
    refused = here.mainstay("token", "list", "member0")
    here.report.hold(
        f"key lost, a command beside the server: exit {refused.returncode}",
        refused.returncode == 2 and "Traceback" not in refused.stderr,
    )
    without = served(here)
    found = knocks(here, without)
    said = "secret.key" in without.log.read_text()
    here.report.hold(
        f"key lost: starts with a new one{' and says so' if said else ' and says nothing'}; token {found[0]},"
        f" session {found[1]}, sign-in {found[2]}",
        found == (401, 303, 200) and said,
    )
    without.__exit__()
    file.write_text(old)


def read_only(here: Ground, disk: Path) -> None:
    site = served(here)
    writers = Writers(site, here.world, threads=4, is_patient=False, pause=0.05, mark="r")
    with writers:
        seconds_until(lambda: writers.statuses()[201] > 10, 20)
        # A file open for writing forbids it; a disk whose device failed asks nobody.
        forced = force_read_only(disk)
        if forced:
            count = sum(writers.statuses().values())
            seconds_until(lambda: sum(writers.statuses().values()) > count + 40, 20)
            seen = knocks(here, site)
            make_read_only(disk, again=True)
    site.__exit__()
    if forced:
        here.report.hold(
            f"read-only while it runs: writes {in_words(writers.statuses())}; token {seen[0]}, session {seen[1]}",
            set(writers.statuses()) <= {201, 503},
        )
    else:
        here.report.note("read-only while it runs: not possible while files of the disk are open")
    if here.database == POSTGRESQL:
        on_postgres(here, disk)
        return
    make_read_only(disk)
    refused = here.mainstay("serve", "--port", "18765")
    make_read_only(disk, again=True)
    words = refused.stderr.replace(str(here.folder), "…").strip().splitlines()
    here.report.hold(
        f"started on a read-only folder: exit {refused.returncode}, {words[-1][:120] if words else 'no word'}",
        refused.returncode in (1, 2) and len(words) < 4 and "Traceback" not in refused.stderr,
    )


def on_postgres(here: Ground, disk: Path) -> None:
    """Only files lie in the folder then: all else goes on."""
    make_read_only(disk)
    site = served(here)
    program = here.program(site)
    made = program.call("POST", "/incidents", {"title": "r"})
    upload = program.upload(made.json["number"], "a.bin", b"content").status
    make_read_only(disk, again=True)
    here.report.hold(
        f"started on a read-only folder: a record {made.status}, a file {upload}",
        made.status == 201 and upload == 503,
    )
    site.__exit__()


def force_read_only(disk: Path) -> bool:
    try:
        make_read_only(disk)
    except Exception:
        return False
    return True


def without_styles(here: Ground) -> None:
    """A copy of the package as it is before its front end is compiled."""
    copy = here.folder / "package"
    shutil.copytree(ROOT / "mainstay", copy / "mainstay", ignore=NO_NEED)
    site = served(here, PYTHONPATH=str(copy))
    session = {"Cookie": f"mainstay_session={here.world['session']}"}
    pages = [
        ask(site, "GET", path, headers=session).status
        for path in ("/", "/incidents/", "/portal/", "/sign-in")
    ]
    here.report.hold(
        f"without compiled style sheets: pages {pages}, plain but whole", set(pages) <= {200, 303}
    )
    site.__exit__()


def without_zones(here: Ground) -> None:
    refused = here.mainstay("serve", "--port", "18765", PYTHONTZPATH="/nowhere")
    here.report.hold(
        f"without data of time zones: exit {refused.returncode}, {refused.stderr.strip()[:70]}…",
        refused.returncode == 2 and "tzdata" in refused.stderr,
    )
    site = served(here, LC_ALL="xx_YY.UTF-8", LANG="xx_YY.UTF-8")
    session = {"Cookie": f"mainstay_session={here.world['session']}"}
    pages = [ask(site, "GET", path, headers=session) for path in ("/", "/incidents/")]
    here.report.hold(
        f"in an unknown locale: pages {[page.status for page in pages]}",
        {page.status for page in pages} == {200},
    )
    site.__exit__()
