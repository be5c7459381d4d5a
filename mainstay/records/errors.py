"""The ways a command can be refused; every surface has one table that turns them into its own answers."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any, Protocol

from django.utils.translation import gettext as _
from django.utils.translation import override

# What Mainstay itself writes is kept in it, and said to each reader in theirs.
ENGLISH = "en-gb"


class Named(Protocol):
    """What has a label for people, as fields have."""

    @property
    def label(self) -> Any: ...


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
    """The actor sees the record (its id, where it is about one) but may not do this.

    `reason` makes the sentence: what is kept of it for others is made anew, in English.
    """

    def __init__(self, reason: Callable[[], str] | str, record: int | None = None) -> None:
        self.record = record
        self._reason = reason
        super().__init__(reason if isinstance(reason, str) else reason())

    def in_english(self) -> str:
        """The sentence as it is kept, whoever asked."""
        with override(ENGLISH):
            return self._reason if isinstance(self._reason, str) else self._reason()


class Illegal(Refused):
    """The record's life does not allow this move from where it is."""


class MovedOn(Illegal):
    """Somebody has changed since what was to be taken back; `field` names it where it is one."""

    def __init__(self, reason: str, field: str = "") -> None:
        self.field = field
        super().__init__(reason)


class Stale(Refused):
    """Somebody else changed the record since it was read; `fields` maps a field to their value and ours.

    `known` is what people call them, `wanted` names all the fields that were to change, those nobody else touched too.
    """

    def __init__(
        self,
        version: int,
        fields: Mapping[str, tuple[object, object]] | None = None,
        known: Mapping[str, Named] | None = None,
        wanted: Collection[str] = (),
    ) -> None:
        self.version, self.fields = version, dict(fields or {})
        self.wanted = frozenset(wanted)
        named = ", ".join(sorted(called(name, known or {}) or name for name in self.fields))
        super().__init__(
            _("Somebody else changed %(named)s meanwhile.") % {"named": named}
            if named
            else _("The record was changed meanwhile.")
        )


class Invalid(Refused):
    """Values that cannot be taken, by field; the empty name holds what concerns no single field.

    `known` are the fields of the type it is about: people read their labels, and no name that only programs use.
    """

    def __init__(
        self, fields: Mapping[str, Sequence[str]], known: Mapping[str, Named] | None = None
    ) -> None:
        self.fields = {name: list(messages) for name, messages in fields.items()}
        super().__init__(" ".join(text for _name, text in complaints(self.fields, known or {})))


class Misplaced(Invalid):
    """What cannot be read of a file or a log; its names are places people look at, such as `line 3`."""

    def __init__(self, fields: Mapping[str, Sequence[str]]) -> None:
        super().__init__(fields, {name: Place(name) for name in fields})


class Place:
    """A place that is called for people what it is called."""

    def __init__(self, name: str) -> None:
        self.label = name


class NoRoom(Refused):
    """The disk below the site is full; what was sent could not be kept."""

    def __init__(self) -> None:
        super().__init__(
            _("There is no room left to keep this. Whoever runs this site must make some.")
        )


class TookTooLong(Refused):
    """The database was asked for more than others may be kept waiting for; it was stopped."""

    def __init__(self) -> None:
        super().__init__(
            _("This took too long and was stopped. Look for less, or among fewer records.")
        )


class Incomplete(Invalid):
    """Fields that must be filled before this can happen."""


def complaints(
    fields: Mapping[str, Sequence[str]], known: Mapping[str, Named]
) -> Iterator[tuple[str, str]]:
    """Each complaint with its field's name, and its label before it where the name is one of a field that is known."""
    for name, messages in fields.items():
        label = called(name, known)
        for message in messages:
            # Marked for the catalogue where they are raised as constants, said in words otherwise.
            text = _(message) if type(message) is str and message else str(message)
            yield name, _("%(field)s: %(text)s") % {"field": label, "text": text} if label else text


def called(name: str, known: Mapping[str, Named]) -> str:
    """The label of a field in the reader's language; "" for what is none."""
    if name not in known:
        return ""
    label = known[name].label
    return _(label) if type(label) is str else str(label)
