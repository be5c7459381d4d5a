"""What everybody may settle for themselves: language, time zone, theme, keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from mainstay.directory.models import Habit
from mainstay.directory.record import user, zones
from mainstay.pure.rules import By
from mainstay.records import commands, fields
from mainstay.records.errors import Denied, Invalid
from mainstay.records.turnstile import writing

THEMES = ("light", "dark")
# Fields of a person that are theirs to set, whoever may change the rest.
SPOKEN = ("language", "time_zone")


@dataclass(frozen=True)
class Habits:
    """`theme` is "" where the device decides."""

    theme: str = ""
    has_letters: bool = True


def habits(user_id: int | None) -> Habits:
    """What a person chose last, in whatever browser. One statement."""
    found = Habit.objects.filter(pk=user_id).first()
    return Habits(found.theme, found.has_letters) if found else Habits()


def settle(by: By, chosen: Mapping[str, Any]) -> None:
    """Any of `language`, `time_zone`, `theme` and `has_letters`, together or not at all. Raises Invalid."""
    if by.actor.id is None:
        raise Denied(lambda: _("This is for somebody who is signed in."))
    if wrong := {name: [text] for name, value in chosen.items() if (text := _why(name, value))}:
        raise Invalid(wrong)
    kept = {name: value for name, value in chosen.items() if name not in SPOKEN}
    with writing():
        record = commands.locked(user, by.actor.number, by)
        known = fields.of(user)
        spoken = {known[name]: chosen[name] for name in SPOKEN if name in chosen}
        if spoken:
            commands.write_on(user, record, "change", spoken, by)
        if kept:
            Habit.objects.update_or_create(user_id=record.id, defaults=kept)


def _why(name: str, value: Any) -> str:
    """A sentence on what does not fit, or ""."""
    fits = {
        "language": lambda: value in ("", *dict(settings.LANGUAGES)),
        "time_zone": lambda: value in ("", *zones()),
        "theme": lambda: value in ("", *THEMES),
        "has_letters": lambda: isinstance(value, bool),
    }
    if name not in fits:
        return _("There is no such choice.")
    return "" if fits[name]() else _("Choose one of those offered.")
