"""What stands beside an incident: its children."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import ngettext

from mainstay.practices.incidents.commands import CHILD_OF
from mainstay.practices.incidents.record import incident
from mainstay.pure.lifecycle import Move
from mainstay.pure.rules import Actor
from mainstay.records import access, queries
from mainstay.records.rows import Row
from mainstay.records.types import RecordType
from mainstay.surfaces.web import outlook, panels, ui

SHOWN = 20
# As many children as a dialog names.
NAMED = 3
ABOUT_A_CHILD = ("is_open", "requester")


def children(actor: Actor, row: Row) -> list[dict[str, Any]]:
    """Its children, as far as this actor sees them."""
    return queries.linked(incident, actor, row.facts.id, CHILD_OF, names=ABOUT_A_CHILD, python=True)


def of_incident(rtype: RecordType, actor: Actor, row: Row) -> dict[str, Any]:
    """For those who work on it, where it has some."""
    found = children(actor, row) if access.is_insider(rtype, actor, row.facts) else []
    if not found:
        return {}
    return {
        "children": [_with_status(child) for child in found[:SHOWN]],
        "count": len(found),
        "open": sum(child["is_open"] for child in found),
        "may_tell": queries.may(rtype, actor, "change", row),
    }


def _with_status(row: dict[str, Any]) -> dict[str, Any]:
    label = incident.lifecycle.state(row["state"]).label
    return row | {"status": ui.status(row["kind"], label)}


def children_follow(
    rtype: RecordType, actor: Actor, row: Row, move: Move
) -> Iterator[outlook.Line]:
    """Those of a parent that are resolved with it, where the actor works on it and sees them."""
    if rtype is not incident or move.name != "resolve":
        return
    if not access.is_insider(rtype, actor, row.facts):
        return
    numbers = [child["number"] for child in children(actor, row) if child["is_open"]]
    if not numbers:
        return
    named = ", ".join(numbers[:NAMED]) + (" …" if len(numbers) > NAMED else "")
    text = ngettext(
        "%(numbers)s is resolved with it",
        "%(n)d children are resolved with it: %(numbers)s",
        len(numbers),
    )
    told = text % {"numbers": named, "n": len(numbers)}
    yield outlook.Line(told, f"/{rtype.plural}/{row['number']}/")


outlook.add(children_follow)
panels.add("incident", "incidents/children.html", of_incident, links=(CHILD_OF,))
