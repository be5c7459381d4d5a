"""Where the server listens: found and tried before anything starts, refused with the true reason."""

from __future__ import annotations

import errno
import socket
from dataclasses import dataclass

from mainstay.records.errors import Refused

REASONS = {
    errno.EADDRINUSE: "Port {port} is in use; choose another with --port or PORT=.",
    errno.EADDRNOTAVAIL: "This machine has no address {host}; --host takes one of its own.",
    errno.EACCES: "This account may not listen at port {port}; choose one above 1023 with --port.",
}


class NoPlace(Refused):
    """Nothing can listen there; the sentence says why."""


@dataclass(frozen=True)
class Endpoint:
    """The host as it was given, and the address it stands for."""

    host: str
    address: str
    port: int

    @property
    def url(self) -> str:
        """What a person on this machine types into a browser."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"


def at(host: str, port: int) -> Endpoint:
    """Raises NoPlace. Web processes share a port: a second server would not fail by itself."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (socket.gaierror, UnicodeError):
        raise NoPlace(
            f"There is no address called {host}; --host takes one of this machine."
        ) from None
    family, *_, place = found[0]
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(place)
        except OSError as error:
            reason = REASONS.get(
                error.errno or 0, "Nothing can listen at {host}, port {port}: {why}."
            )
            raise NoPlace(reason.format(host=host, port=port, why=error.strerror)) from None
    return Endpoint(host, str(place[0]), port)
