"""What stands beside a problem and beside an incident: each other."""

from math import isinf
from typing import Any

from django.utils.translation import gettext as _
from markupsafe import Markup

from mainstay.practices.problems import proof
from mainstay.practices.problems.commands import CAUSED_BY, is_analysed_again
from mainstay.practices.problems.record import problem
from mainstay.pure.rules import Actor
from mainstay.records import access, queries
from mainstay.records.rows import Row
from mainstay.records.types import RecordType, shelf
from mainstay.surfaces.web import panels, ui
from mainstay.surfaces.web.chain import Chain, Link
from mainstay.surfaces.web.formats import say

SHOWN = 20
ABOUT_A_CAUSE = ("workaround", "is_known_error", "is_open")
ABOUT_AN_INCIDENT = ("priority", "is_open", "waiting_for", *proof.JUDGED_BY)


def incidents(actor: Actor, row: Row) -> list[dict[str, Any]]:
    """The incidents it causes, as far as this actor sees them."""
    return queries.linked(
        shelf.type("incident"), actor, row.facts.id, CAUSED_BY, names=ABOUT_AN_INCIDENT, python=True
    )


def of_problem(rtype: RecordType, actor: Actor, row: Row) -> dict[str, Any]:
    found = incidents(actor, row)
    is_again = is_analysed_again(row["state"], row["reopen_count"])
    return {
        "incidents": [_with_status(shelf.type("incident"), each) for each in found[:SHOWN]],
        "count": len(found),
        "open": sum(each["is_open"] for each in found),
        "waiting": sum(each["waiting_for"] == "problem" for each in found),
        "tells": [name for name in ("workaround", *(() if is_again else ("fix",))) if row[name]],
        "may_change": queries.may(rtype, actor, "change", row),
        "is_open": row["is_open"],
        "proof": proof.of(actor, row, found),
        "isinf": isinf,
    }


def of_incident(rtype: RecordType, actor: Actor, row: Row) -> dict[str, Any]:
    """Its causes with what helps until they are gone, for those who work on it."""
    if not access.is_insider(rtype, actor, row.facts):
        return {}
    found = queries.linked(
        problem, actor, row.facts.id, CAUSED_BY, names=ABOUT_A_CAUSE, towards="target"
    )
    may_create = access.may_ever(problem.access.create, actor)
    return {
        "problems": [each | {"chain": _chain(rtype, row, each)} for each in found],
        "waits_for_none": row["waiting_for"] == "problem" and not any(c["is_open"] for c in found),
        "may_create": may_create and queries.may(rtype, actor, "change", row),
    }


def _chain(rtype: RecordType, row: Row, cause: dict[str, Any]) -> Chain:
    """From the problem to this incident; a known error says so, another how it stands."""
    is_known = cause["is_known_error"]
    link = Link(
        title=cause["title"],
        number=cause["number"],
        href=f"/{problem.plural}/{cause['number']}/",
        status="" if is_known else _status(problem, cause),
        word=_("Known error") if is_known else "",
        tone="warn" if is_known else "bad" if cause["is_open"] else "ok",
    )
    return Chain((link,), f"{say(rtype.label)} {row['number']}")


def _status(rtype: RecordType, row: dict[str, Any]) -> Markup:
    return ui.status(row["kind"], rtype.lifecycle.state(row["state"]).label)


def _with_status(rtype: RecordType, row: dict[str, Any]) -> dict[str, Any]:
    return row | {"status": _status(rtype, row)}


panels.add("problem", "problems/incidents.html", of_problem, links=(CAUSED_BY,))
panels.add("incident", "problems/causes.html", of_incident)
