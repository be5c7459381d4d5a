"""Labels for what administrators set, so that every process can tell at its next request that its copy is old."""

from collections.abc import Callable
from typing import Any

from mainstay.records.keys import new_version
from mainstay.records.models import SettingsVersion
from mainstay.records.types import RecordType


def touch(rtype: RecordType) -> None:
    """Last in the transaction of a write to a type whose records others keep copies of."""
    if rtype.settings_part:
        renew(rtype.settings_part)


def renew(part: str) -> None:
    """Gives a part of the settings a new label, so that every copy of it is old."""
    SettingsVersion.objects.update_or_create(part=part, defaults={"version": new_version()})


class Copy:
    """One part of the settings, kept per process under the version it was read with.

    `load` runs outside any transaction that changes the part: the version is read before the data it labels.
    """

    def __init__(self, part: str, load: Callable[[], Any]) -> None:
        self.part, self._load = part, load
        self._kept: tuple[int | None, Any] | None = None

    def under(self, version: int | None) -> Any:
        """The copy, read anew unless it was read with this version; without a version it is read each time."""
        kept = self._kept
        if kept is None or kept[0] != version or version is None:
            kept = (version, self._load())
            self._kept = kept
        return kept[1]
