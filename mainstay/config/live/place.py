"""Where pages find the live process."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.http.request import split_domain_port

from mainstay.config.live.origin import plain

_announced: list[int] = []


def announce(port: int) -> None:
    """Called by who starts it beside the web processes, before they part."""
    _announced[:] = [port]


def of(request: HttpRequest) -> str:
    """The origin a page opens its stream at; "" where there is none, and pages look for themselves.

    A site over TLS is behind a proxy, which is where the stream is looked for as well.
    """
    if settings.MAINSTAY_LIVE_URL:
        return plain(settings.MAINSTAY_LIVE_URL)
    if not _announced:
        return ""
    if settings.MAINSTAY_BASE_URL.startswith("https:"):
        return plain(settings.MAINSTAY_BASE_URL)
    name, _port = split_domain_port(request.get_host())
    return plain(f"http://{name}:{_announced[0]}")


def is_elsewhere(request: HttpRequest, address: str) -> bool:
    """Whether it has an origin of its own, which a page has to be let speak to."""
    own = settings.MAINSTAY_BASE_URL or f"{request.scheme}://{request.get_host()}"
    return bool(address) and address != plain(own)
