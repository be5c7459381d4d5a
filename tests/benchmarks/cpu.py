"""What processes cost: processor time and memory, read from /proc."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

PROC = Path("/proc")


def children(of: int) -> list[int]:
    """All processes below one, at any depth."""
    parents = {pid: _parent(pid) for pid in _pids()}
    found, waiting = [], [of]
    while waiting:
        above = waiting.pop()
        below = [pid for pid, parent in parents.items() if parent == above]
        found += below
        waiting += below
    return found


def web_processes(server: int) -> list[int]:
    """The processes that draw pages: they have granian's threads, and no name of their own as the live one has."""
    return [p for p in children(server) if "tokio" in _threads(p) and "live" not in _threads(p)]


def live_processes(server: int) -> list[int]:
    """The one that tells pages, by the name it gives itself."""
    return [p for p in children(server) if "mainstay live" in _threads(p)]


def postgres_processes(port: int) -> list[int]:
    """Everything a cluster runs but its housekeeping of tables, which comes when it likes."""
    for pid in _pids():
        words = _command(pid)
        if words and words[0].endswith("/postgres") and str(port) in words:
            return [p for p in children(pid) if "autovacuum worker" not in " ".join(_command(p))]
    return []


def milliseconds(pids: Iterable[int]) -> float:
    """Processor time spent so far, over all threads."""
    total = 0
    for pid in pids:
        for file in (PROC / str(pid) / "task").glob("*/schedstat"):
            try:
                total += int(file.read_text().split()[0])
            except OSError:  # a thread that has just ended
                continue
    return total / 1e6


def memory_mb(pids: Iterable[int]) -> float:
    """Proportional set size: what several processes share is counted once."""
    total = 0
    for pid in pids:
        for line in (PROC / str(pid) / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1])
    return total / 1024


def mapped_mb(pids: Iterable[int], ending: str) -> float:
    """How much of that are pages of a file: the system takes them back whenever it needs room."""
    total, counts = 0, False
    for pid in pids:
        for line in (PROC / str(pid) / "smaps").read_text().splitlines():
            if (
                "-" in line.split(" ")[0]
            ):  # a mapping begins: its addresses, and at the end its file
                counts = line.endswith(ending)
            elif counts and line.startswith("Pss:"):
                total += int(line.split()[1])
    return total / 1024


def _pids() -> list[int]:
    return [int(entry.name) for entry in PROC.iterdir() if entry.name.isdigit()]


def _parent(pid: int) -> int:
    try:
        return int((PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def _threads(pid: int) -> str:
    names = []
    for file in (PROC / str(pid) / "task").glob("*/comm"):
        try:
            names.append(file.read_text())
        except OSError:
            continue
    return " ".join(names)


def _command(pid: int) -> list[str]:
    try:
        return (PROC / str(pid) / "cmdline").read_text().rstrip("\0").split("\0")
    except OSError:
        return []
