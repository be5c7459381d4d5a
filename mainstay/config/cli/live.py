"""`mainstay live`: tell open pages what has changed, alone, beside web servers elsewhere."""

import argparse

from mainstay.config import endpoint, soundness, upgrade, zones
from mainstay.config.cli import check
from mainstay.config.cli.numbers import whole
from mainstay.config.live import process
from mainstay.records.agreement import MOST_S


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Tell open pages what has changed, until stopped. One is enough: MAINSTAY_LIVE_URL."
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen at (%(default)s)")
    parser.add_argument("--port", type=whole(1, 65535), default=8001, help="(%(default)s)")
    parser.add_argument(
        "--web-port",
        type=whole(1, 65535),
        default=8000,
        metavar="PORT",
        help="where pages come from, without MAINSTAY_BASE_URL (%(default)s)",
    )


def run(options: argparse.Namespace) -> int:
    check.require_sound()
    zones.require()
    listening = endpoint.at(options.host, options.port)
    soundness.require_sound()
    upgrade.require_this_version()
    upgrade.let_go()
    process.serve(
        listening.address,
        options.port,
        options.web_port,
        slack=MOST_S,
        ready=lambda: print(
            f"Mainstay tells pages at {listening.url}. Ctrl-C stops it.", flush=True
        ),
    )
    return 0
