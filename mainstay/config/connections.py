"""Closes connections that went silent: the server sets no limit to the time a body may take."""

from __future__ import annotations

import contextlib
import os
import socket
import struct
from collections.abc import Iterator
from pathlib import Path

OURS = Path("/proc/self/fd")
INTERNET = (socket.AF_INET, socket.AF_INET6)
# In Linux's tcp_info: milliseconds since the last byte came.
LAST_DATA_RECEIVED = struct.Struct("=52xI")


def cut_silent(address: str, port: int, seconds: float) -> int:
    """Closes this process's connections from an address to our port that sent nothing for a while.

    A server's thread that waits for one of them goes on with what came. Which of them it waits for is
    not told; but one that is silent and waits for nothing, its sender opens again.
    """
    cut = 0
    for connection in held():
        with connection, contextlib.suppress(OSError):
            if connection.getsockname()[1] != port or plain(connection.getpeername()[0]) != plain(
                address
            ):
                continue
            info = connection.getsockopt(
                socket.IPPROTO_TCP, socket.TCP_INFO, LAST_DATA_RECEIVED.size
            )
            if LAST_DATA_RECEIVED.unpack(info)[0] >= seconds * 1000:
                connection.shutdown(socket.SHUT_RDWR)
                cut += 1
    return cut


def held() -> Iterator[socket.socket]:
    """A handle of our own on each internet socket this process has, so that none can be another meanwhile."""
    for each in list(OURS.iterdir()) if OURS.is_dir() else ():
        with contextlib.suppress(OSError):
            if each.is_socket():
                found = socket.socket(fileno=os.dup(int(each.name)))
                if found.family in INTERNET and found.type == socket.SOCK_STREAM:
                    yield found
                else:
                    found.close()


def plain(address: str) -> str:
    """An IPv4 address that came over IPv6 is the same one."""
    return address.removeprefix("::ffff:")
