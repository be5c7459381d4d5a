"""Does what a reader of our documents does: finds the commands, runs them, compares what is printed.

A fence says how its commands are run:

    ```console run                  in a site of its own, one block of a document after another
    ```console run on PostgreSQL    the same, with a fresh database behind the address it names
    ```console unrun: WHY           by people alone, for the reason given

Lines after a command are what it must print; … stands for anything, on a line or in it. A … in a
command stands for what an earlier one printed in its place.
"""

from __future__ import annotations

import contextlib
import getopt
import gzip
import re
import shlex
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from tests.doors import csv_log
from tests.programs import ROOT, command, environment, mainstay

BLOCK = re.compile(r"^ *```console(?P<how>[^\n]*)\n(?P<body>.*?)^ *```$", re.MULTILINE | re.DOTALL)
# Where the documents say that Mainstay is, and what needs no site at all.
HOME = "http://127.0.0.1:8000"
NEEDS_NO_SITE = ("migrate", "explain", "draw", "check", "serve")
PATIENCE_S = 60


@dataclass(frozen=True)
class Block:
    """Some commands of a document, each with the lines that must follow it."""

    document: Path
    how: str
    commands: tuple[tuple[str, tuple[str, ...]], ...]


def documents() -> list[Path]:
    return sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def blocks(document: Path) -> Iterator[Block]:
    for found in BLOCK.finditer(document.read_text()):
        commands: list[tuple[str, list[str]]] = []
        for line in found["body"].splitlines():
            if line.strip().startswith("$ "):
                commands.append((line.strip()[2:], []))
            elif line.strip():
                commands[-1][1].append(line.strip())
        done = tuple((each, tuple(lines)) for each, lines in commands)
        yield Block(document, found["how"].strip(), done)


def pattern(lines: tuple[str, ...]) -> re.Pattern[str]:
    text = re.escape("\n".join(lines))
    return re.compile(text.replace("…", ".*?") + r"\s*\Z", re.DOTALL)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Reader:
    """Somebody at a terminal in an empty folder, with a site there as soon as a command needs one."""

    folder: Path
    database: str = ""
    settings: dict[str, str] = field(default_factory=dict)
    printed: str = ""
    server: subprocess.Popen[bytes] | None = None
    port: int = 0

    def follow(self, block: Block) -> None:
        for line, expected in block.commands:
            printed = self.run(self.filled(line))
            self.printed += printed
            if expected:
                plain = "\n".join(each.strip() for each in printed.splitlines())
                assert pattern(expected).match(plain), f"$ {line}\n{printed}"

    def filled(self, line: str) -> str:
        """The line with every … replaced by what was printed where it stands."""
        for word in re.findall(r"[\w-]*…", line):
            known = re.findall(re.escape(word).replace("…", r"[\w-]+"), self.printed)
            assert known, f"nothing was printed yet that reads like {word}"
            line = line.replace(word, known[-1])
        return line

    def run(self, line: str) -> str:
        words = shlex.split(line)
        match words:
            case ["mainstay", "serve", *_]:
                return self.serve(words[1:])
            case ["mainstay", *rest]:
                return self.mainstay(rest)
            case ["export", setting]:
                name, _, value = setting.partition("=")
                self.settings[name] = self.database if name == "MAINSTAY_DATABASE_URL" else value
                return ""
            case ["curl", *rest]:
                return self.curl(rest)
        raise AssertionError(f"only mainstay, export and curl are run from documents, not: {line}")

    def mainstay(self, words: list[str]) -> str:
        if words[0] not in NEEDS_NO_SITE and not (self.folder / "var").exists():
            self.mainstay(["migrate"])
        if words[:2] == ["replay", "servicenow-log"]:
            log = csv_log.write(self.folder / "log.csv", csv_log.many(8))
            (self.folder / words[2]).write_bytes(gzip.compress(log.read_bytes()))
        done = mainstay(*words, folder=self.folder, **self.settings)
        assert done.returncode == 0, f"$ mainstay {words}\n{done.stdout}{done.stderr}"
        return done.stdout

    def serve(self, words: list[str]) -> str:
        self.port = free_port()
        log = self.folder / "serve.log"
        with log.open("wb") as out:
            self.server = subprocess.Popen(
                command([*words, "--port", str(self.port)]),
                cwd=self.folder,
                env=environment(**self.settings),
                stdout=out,
                stderr=out,
            )
        deadline = time.monotonic() + PATIENCE_S
        while not self.answers():
            assert self.server.poll() is None, log.read_text()
            assert time.monotonic() < deadline, f"no answer\n{log.read_text()}"
            time.sleep(0.1)
        return log.read_text()

    def answers(self) -> bool:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
            return True
        return False

    def curl(self, words: list[str]) -> str:
        """What curl does, without curl: not every machine has it."""
        if self.server is None:
            self.serve(["serve"])
        options, (address,) = getopt.getopt(words, "GH:", ["json=", "data-urlencode="])
        headers = dict(text.split(": ", 1) for name, text in options if name == "-H")
        query = urlencode(dict(text.split("=", 1) for name, text in options if "urlencode" in name))
        sent = [text.encode() for name, text in options if name == "--json"]
        assert address.startswith(HOME) and bool(query) == (("-G", "") in options), words
        request = urllib.request.Request(
            address.replace(HOME, f"http://127.0.0.1:{self.port}") + (query and f"?{query}"),
            sent[0] if sent else None,
            headers | ({"Content-Type": "application/json"} if sent else {}),
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return str(answer.read().decode())
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{words}: {error.code} {error.read().decode()}") from None

    def leave(self) -> None:
        if self.server is not None:
            self.server.send_signal(signal.SIGTERM)
            assert self.server.wait(timeout=PATIENCE_S) == 0
