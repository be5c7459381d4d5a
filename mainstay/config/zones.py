"""Whether this machine knows the time zones: slim images of systems leave them out, and no time could be shown."""

from __future__ import annotations

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from mainstay.records.errors import Refused


class NoZones(Refused):
    """The sentence says how to get them."""

    def __init__(self) -> None:
        super().__init__(
            "This machine has no data of time zones. Install them (Debian: apt-get install tzdata),"
            " or the package tzdata beside Mainstay (pip install tzdata)."
        )


def require() -> None:
    """Before anything is served. Raises NoZones."""
    try:
        ZoneInfo("UTC")
        ZoneInfo("Europe/Berlin")
    except (ZoneInfoNotFoundError, OSError):
        raise NoZones from None
