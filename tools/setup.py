"""Make .venv hold exactly what the lock files say, and the front end and the languages compiled.

Needs nothing but Python's standard library. What is up to date is not touched, so that a second
`make run` takes seconds.

    python3 tools/setup.py          what the product needs
    python3 tools/setup.py --dev    what its tests and checks need too
    python3 tools/setup.py --lock   write the lock files after a change of pyproject.toml;
                                    with --upgrade, take the newest of everything
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
NOTES = VENV / "mainstay.json"  # digests of what was installed
OLDEST, TOO_NEW = (3, 11), (3, 14)
LOCKS = {
    "run": (ROOT / "requirements.lock", ["pyproject.toml", "--group", "build"]),
    "dev": (
        ROOT / "requirements-dev.lock",
        ["pyproject.toml", "--group", "build", "--group", "dev", "-c", "requirements.lock"],
    ),
    "node": (ROOT / "requirements-node.lock", ["--group", "node"]),
}


def say(text: str) -> None:
    print(text, flush=True)


def digest(*paths: Path) -> str:
    seen = hashlib.sha256(sys.version.encode())
    for path in paths:
        seen.update(path.read_bytes())
    return seen.hexdigest()


def notes() -> dict[str, str]:
    return json.loads(NOTES.read_text()) if NOTES.exists() else {}


def note(name: str, value: str) -> None:
    """Remember one digest; written aside first, so that an interrupted run leaves no half file."""
    draft = NOTES.with_suffix(".new")
    draft.write_text(json.dumps(notes() | {name: value}))
    draft.replace(NOTES)


def make_venv() -> None:
    if not OLDEST <= sys.version_info[:2] < TOO_NEW:
        sys.exit(
            "Mainstay runs on Python 3.11 to 3.13. Choose one with `make run PYTHON=python3.11`."
        )
    if PYTHON.exists() and notes().get("python", sys.version) == sys.version:
        return
    if not importlib.util.find_spec("ensurepip"):
        sys.exit("Python's venv module is missing. On Debian: apt-get install python3-venv")
    say("Creating .venv …")
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], check=True)
    note("python", sys.version)


def pip(*arguments: str) -> None:
    """pip, quietly: what it prints is about the machine's settings, unless it fails."""
    command = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", *arguments]
    done = subprocess.run(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    if done.returncode:
        sys.exit(f"{done.stdout}\nThe step that failed: {' '.join(command)}")


def install(name: str) -> None:
    """Install one lock file, every package pinned by its hash."""
    lock, _ = LOCKS[name]
    wanted = digest(lock)
    if notes().get(name) == wanted:
        return
    say(f"Installing {lock.name} …")
    pip("install", "--quiet", "--require-hashes", "--only-binary", ":all:", "-r", str(lock))
    note(name, wanted)
    if name == "dev":  # it holds the other one whole
        note("run", digest(LOCKS["run"][0]))


def build_catalogues() -> None:
    import catalogues

    catalogues.build()


def build_frontend() -> None:
    import frontend

    if frontend.is_fresh():
        return
    if not frontend.has_system_node():
        install("node")
    say("Building the front end …")
    done = subprocess.run([str(PYTHON), "tools/frontend.py"], cwd=ROOT)
    if done.returncode:
        sys.exit(done.returncode)


def install_project() -> None:
    """Put `mainstay` on the venv's path, pointing at this tree."""
    wanted = digest(ROOT / "pyproject.toml", ROOT / "hatch_build.py")
    if notes().get("project") == wanted:
        return
    say("Installing mainstay itself …")
    pip("install", "--quiet", "--no-deps", "--no-build-isolation", "--editable", ".")
    note("project", wanted)


def write_locks(*, upgrade: bool) -> None:
    """Pin what pyproject.toml asks for; what is pinned already stays, unless upgrading."""
    pinned = ["--universal", "--python-version", "3.11", "--generate-hashes"]
    plain = ["--no-header", "--no-annotate", "--quiet", *(["--upgrade"] if upgrade else [])]
    for lock, sources in LOCKS.values():
        command = [str(VENV / "bin" / "uv"), "pip", "compile", *sources, "-o", lock.name]
        subprocess.run([*command, *pinned, *plain], cwd=ROOT, check=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--dev", action="store_true", help="also what tests and checks need")
    parser.add_argument("--lock", action="store_true", help="write the lock files")
    parser.add_argument("--upgrade", action="store_true", help="with the newest of everything")
    wanted = parser.parse_args()
    make_venv()
    install("dev" if wanted.dev or wanted.lock else "run")
    if wanted.lock:
        write_locks(upgrade=wanted.upgrade)
    sys.path.insert(0, str(ROOT / "tools"))
    build_catalogues()
    build_frontend()
    install_project()


if __name__ == "__main__":
    os.environ.pop("PYTHONPATH", None)
    main()
