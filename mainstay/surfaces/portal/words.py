"""How the portal says where something stands: by what it means for the person who asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from mainstay.pure.lifecycle import Kind
from mainstay.records.types import RecordType

# Whom a record waits for when it is the person in front of the portal.
THE_PERSON = "caller"


@dataclass(frozen=True)
class Standing:
    """Where a request stands: a word, its tone, a glyph, and a sentence about whose turn it is."""

    word: str
    tone: str
    icon: str
    turn: str
    needs_person: bool = False


def standing(row: Mapping[str, Any]) -> Standing:
    kind = Kind(row["kind"])
    who = row.get("assignee")
    name = who["title"] if who else ""
    if kind is Kind.WAITING:
        if row.get("waiting_for") == THE_PERSON:
            return Standing(
                _("Needs your answer"),
                "warn",
                "corner-down-left",
                _("It goes on when you have answered."),
                needs_person=True,
            )
        return Standing(
            _("Waiting for somebody else"),
            "plan",
            "st-pause",
            _("We wait for others; nothing to do for you."),
        )
    if kind is Kind.RESOLVED:
        return Standing(
            _("Solved, if you agree"),
            "ok",
            "check",
            _("Say whether it works again. It closes by itself after a while."),
            needs_person=True,
        )
    if kind is Kind.NEW:
        turn = (
            _("%(name)s has it.") % {"name": name} if name else _("We have it and will look at it.")
        )
        return Standing(pgettext("request", "Received"), "", "circle-dashed", turn)
    if kind is Kind.ACTIVE:
        turn = (
            _("%(name)s is working on it.") % {"name": name}
            if name
            else _("Somebody is working on it.")
        )
        return Standing(_("Working on it"), "info", "st-half", turn)
    if kind is Kind.CLOSED:
        return Standing(_("Done"), "ok", "st-check", _("This is finished."))
    return Standing(_("Withdrawn"), "", "x", _("Nobody works on this any more."))


def track(row: Mapping[str, Any], *, is_confirmed: bool = False) -> list[tuple[str, str]]:
    """Four steps everybody understands, each "d" (done), "d now" or "".

    What is closed was confirmed by the reader only where that is known: it closes by itself, or others close it.
    """
    kind = Kind(row["kind"])
    if kind is Kind.CANCELLED:
        return []
    at = {Kind.NEW: 0, Kind.ACTIVE: 1, Kind.WAITING: 1, Kind.RESOLVED: 2, Kind.CLOSED: 3}[kind]
    steps = (
        pgettext("progress", "Reported"),
        _("Working on it"),
        pgettext("progress", "Solved"),
        pgettext("progress", "Closed")
        if kind is Kind.CLOSED and not is_confirmed
        else _("Confirmed by you"),
    )
    return [(step, "d now" if n == at else "d" if n < at else "") for n, step in enumerate(steps)]


def decisions(rtype: RecordType, row: Mapping[str, Any], names: set[str]) -> dict[str, str]:
    """Which possible move agrees with a solution and which one objects, by where they lead."""
    found = {}
    if Kind(row["kind"]) is Kind.RESOLVED:
        for move in rtype.lifecycle.moves_from(row["state"]):
            kind = rtype.lifecycle.state(move.target).kind
            if move.name in names and kind is Kind.CLOSED:
                found.setdefault("agree", move.name)
            elif move.name in names and kind.is_open:
                found.setdefault("object", move.name)
    return found


def steps_of(rtype: RecordType, row: Mapping[str, Any]) -> set[str]:
    """All moves there are from here, whoever may take them."""
    return {move.name for move in rtype.lifecycle.moves_from(row["state"])}


def withdrawal(rtype: RecordType, row: Mapping[str, Any], names: set[str]) -> str:
    """Which possible move ends what is still worked on and asks nothing but a word; "" where there is none."""
    for move in rtype.lifecycle.moves_from(row["state"]):
        is_end = rtype.lifecycle.state(move.target).kind is Kind.CANCELLED
        if move.name in names and is_end and not move.needs:
            return move.name
    return ""


def too_late(row: Mapping[str, Any]) -> str:
    """What is said to whoever takes a step that was there a while ago, in another tab: where it stands now."""
    kind = Kind(row["kind"])
    if kind is Kind.CLOSED:
        return _("This is finished already.")
    if kind is Kind.CANCELLED:
        return _("This was withdrawn already.")
    if kind is Kind.RESOLVED:
        return _("This is solved already. Say whether it works again.")
    return _("This is not solved yet, so there is nothing to confirm.")
