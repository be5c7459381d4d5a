"""`mainstay serve`: start the web server and its worker."""

from __future__ import annotations

import argparse
import importlib

from django.conf import settings
from django.urls import get_resolver

from mainstay.config import endpoint, places, secret, serve, soundness, upgrade, zones
from mainstay.config.cli import check
from mainstay.config.cli.numbers import whole
from mainstay.config.live import place
from mainstay.directory.signin import tokens, welcome


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="address to listen at (%(default)s)")
    parser.add_argument("--port", type=whole(1, 65535), default=8000, help="(%(default)s)")
    parser.add_argument("--demo", action="store_true", help="with a demonstration organisation")
    parser.add_argument(
        "--workers",
        type=whole(1, 64),
        default=2,
        metavar="N",
        help="web processes (%(default)s)",
    )
    parser.add_argument(
        "--live-port",
        type=whole(0, 65535),
        metavar="PORT",
        help="where pages hear what has changed (the port after --port; 0: they look by themselves)",
    )


def run(options: argparse.Namespace) -> int:
    check.require_sound()
    zones.require()
    listening = endpoint.at(options.host, options.port)
    soundness.require_sound()
    bring_up_to_date()
    address = settings.MAINSTAY_BASE_URL or listening.url
    lines = sign_ins() if settings.MAINSTAY_DEMO else [*of_a_new_key(), *first_steps(address)]
    get_resolver().url_patterns  # noqa: B018 - imports every page once, before the processes part
    lines += places.too_few(options.workers)
    live_port = room_beside(options)
    family = serve.Family(listening.address, options.port, options.workers, live_port)
    greeting = "\n".join([f"\nMainstay is at {address}", *lines])
    return 0 if family.run(ready=lambda: print(greeting, flush=True)) else 1


def room_beside(options: argparse.Namespace) -> int | None:
    """The port of the live process, told to the pages; None where none is wanted or the next one is taken."""
    if options.live_port == 0:
        return None
    port = options.live_port or min(options.port + 1, 65535)
    try:
        endpoint.at(options.host, port)
    except endpoint.NoPlace as reason:
        if options.live_port:
            raise
        print(f"{reason} Pages look for changes by themselves until then.", flush=True)
        return None
    place.announce(port)
    return port


def bring_up_to_date() -> None:
    """Migrate what is ours alone; a database that others may be using is migrated when told to."""
    if not upgrade.waiting_migrations():
        return
    if not upgrade.is_ours_alone() and not settings.MAINSTAY_DEMO:
        raise upgrade.NotThisVersion
    print("Preparing the database …", flush=True)
    upgrade.migrate()


def of_a_new_key() -> list[str]:
    """What it means where people and programs were let in under another."""
    if not secret.was_made_now() or not tokens.are_there():
        return []
    return [
        f"{secret.file_of(settings.MAINSTAY_DATA)} was not there, so a new key was made: everybody signs in anew,",
        "and the keys of programs must be made anew. Put the old file back, and all of them hold again.",
    ]


def first_steps(address: str) -> list[str]:
    """Where the first administrator of a new site introduces themselves."""
    if not welcome.site_is_empty():
        return []
    return [
        "Nobody can sign in yet. The first administrator begins here, once, within 24 hours:",
        f"  {address}/welcome/{welcome.new_link()}",
    ]


def sign_ins() -> list[str]:
    # Only a demonstration loads what makes one.
    showroom = importlib.import_module("mainstay.config.showroom")
    people = showroom.open_doors()
    lines = [f"  {one.login:<16} {one.password:<16} {one.name}" for one in people]
    return [f"\n  {'sign in as':<16} {'password':<16} who that is", *lines]
