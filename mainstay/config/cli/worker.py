"""`mainstay worker`: deliver events to those who hear them, and wake timers."""

import argparse
import signal
import threading

from mainstay.config import soundness, upgrade, zones
from mainstay.config.cli import check
from mainstay.records import worker


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = "Deliver events and wake timers until stopped. Start as many as you like."


def run(options: argparse.Namespace) -> int:
    check.require_sound()
    zones.require()
    soundness.require_sound()
    upgrade.require_this_version()
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    print("Mainstay worker at work. Ctrl-C stops it.", flush=True)
    worker.work(stop)
    return 0
