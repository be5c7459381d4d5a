"""A record beside the list it stands in: what one needs to decide whether to open it, and the next moves."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from mainstay.directory.audit import noting
from mainstay.pure.rules import By
from mainstay.records import queries
from mainstay.records.errors import Missing
from mainstay.records.rows import Row
from mainstay.surfaces.web import record, shell, timeline
from mainstay.surfaces.web.addresses import ListState
from mainstay.surfaces.web.jinja import page

LAST = 3
MOST_PROPERTIES = 12


def show(request: HttpRequest, state: ListState) -> HttpResponse:
    """The fragment alone: the list it stands beside is not read again. Raises Missing."""
    row = _read(request, state)
    return page(request, "web/peek.html", {"glance": _contents(request, state, row)}, block="peek")


def of(request: HttpRequest, state: ListState) -> dict[str, Any] | None:
    """The same for a whole page that was asked for with its preview open; what is not there is not shown."""
    if not state.peek:
        return None
    try:
        row = _read(request, state)
    except Missing:
        return None
    return _contents(request, state, row)


def _read(request: HttpRequest, state: ListState) -> Row:
    """As a page of its own reads it: a look at one behind a wall stands in the audit. Raises Missing."""
    row = queries.one(state.rtype, request.actor, state.peek, python=True)
    noting.looked(request, By(request.actor, "web"), row)
    return row


def _contents(request: HttpRequest, state: ListState, row: Row) -> dict[str, Any]:
    rtype, actor = state.rtype, request.actor
    shell.opened(request, rtype, row)
    shown = record.properties(rtype, actor, row, may_change=False)
    told = timeline.told(rtype, actor, row, size=LAST)
    return {
        "rtype": rtype,
        "row": row,
        "state": rtype.lifecycle.state(row["state"]),
        "rail": record.rail(rtype, row["state"]),
        "body": record.body_of(rtype, row),
        "properties": [p for p in shown if p.shown not in ("", None)][:MOST_PROPERTIES],
        "entries": told.entries[-LAST:],
        "moves": record.moves(rtype, actor, row),
        "may_change": queries.may(rtype, actor, "change", row),
        "away": state.url(**state.place),
        "csrf": shell.frame(request)["csrf"],
    }
