"""What can be told of a file before any of it is kept: that it is larger than is taken, or that it is empty."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from mainstay.capabilities.files import kinds, store


@dataclass(frozen=True)
class Limit:
    """How large each file of a form may be, and what the form says: beforehand, and of one that was just chosen."""

    largest: int
    hint: str
    large: str
    empty: str


def limit() -> Limit:
    n = {"n": store.LARGEST // 1024 // 1024}
    return Limit(
        store.LARGEST,
        _("Up to %(n)s MB each.") % n,
        _("{name} is larger than %(n)s MB: take it away or choose a smaller one.") % n,
        _("{name} is empty: take it away or choose another one."),
    )


def untakable(files: Sequence[tuple[str, int]]) -> list[str]:
    """Why nothing is sent with these files, by name and size; nothing where each may be taken."""
    told = [_why(kinds.safe_name(name), size) for name, size in files]
    found = [text for text in told if text]
    if found and len(found) < len(told):
        found.append(_("The other files have to be chosen once more, too."))
    return found


def _why(name: str, size: int) -> str:
    if not size:
        words = _(
            "%(name)s is empty. Nothing was sent: take it away or choose another one, then send again."
        )
        return words % {"name": name}
    if size > store.LARGEST:
        words = _(
            "%(name)s is larger than %(n)s MB. Nothing was sent: take it away or choose a smaller one, then send "
            "again."
        )
        return words % {"name": name, "n": store.LARGEST // 1024 // 1024}
    return ""
