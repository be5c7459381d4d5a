"""The ways a command can be refused; every surface has one table that turns them into its own answers."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _


class Refused(Exception):
    """Nothing was written. `str()` is a sentence for the person who asked."""


class Missing(Refused):
    """There is no such record for this actor, whether or not there is one for others.

    `hidden` is the id of the one there is; for the audit alone, no answer may tell it.
    """

    def __init__(self, what: str = "", hidden: int | None = None) -> None:
        self.hidden = hidden
        super().__init__(
            _("There is no %(what)s.") % {"what": what} if what else _("There is nothing here.")
        )


class Denied(Refused):
    """The actor sees the record (its id, where it is about one) but may not do this."""

    def __init__(self, reason: str, record: int | None = None) -> None:
        self.record = record
        super().__init__(reason)


class Illegal(Refused):
    """The record's life does not allow this move from where it is."""


class MovedOn(Illegal):
    """Somebody has changed since what was to be taken back; `field` names it where it is one."""

    def __init__(self, reason: str, field: str = "") -> None:
        self.field = field
        super().__init__(reason)


class Stale(Refused):
    """Somebody else changed the record since it was read; `fields` maps a field to their value and ours."""

    def __init__(self, version: int, fields: Mapping[str, tuple[object, object]] | None = None):
        self.version, self.fields = version, dict(fields or {})
        named = ", ".join(sorted(self.fields))
        super().__init__(
            _("Somebody else changed %(named)s meanwhile.") % {"named": named}
            if named
            else _("The record was changed meanwhile.")
        )


class Invalid(Refused):
    """Values that cannot be taken, by field; the empty name holds what concerns no single field."""

    def __init__(self, fields: Mapping[str, Sequence[str]]) -> None:
        self.fields = {name: list(messages) for name, messages in fields.items()}
        super().__init__(
            "; ".join(f"{n}: {' '.join(m)}" if n else " ".join(m) for n, m in self.fields.items())
        )


class NoRoom(Refused):
    """The disk below the site is full; what was sent could not be kept."""

    def __init__(self) -> None:
        super().__init__(
            _("There is no room left to keep this. Whoever runs this site must make some.")
        )


class Incomplete(Invalid):
    """Fields that must be filled before this can happen."""
