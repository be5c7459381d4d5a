"""What the keys of a list do, and the menus that open at one of its rows."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from mainstay.pure.lifecycle import Kind
from mainstay.pure.rules import Actor
from mainstay.records import access, fields, queries
from mainstay.records.errors import Missing
from mainstay.records.fields import Field
from mainstay.records.types import RecordType
from mainstay.surfaces.web import inplace, record, tables
from mainstay.surfaces.web.answers import only, signed_in
from mainstay.surfaces.web.formats import say
from mainstay.surfaces.web.jinja import page
from mainstay.surfaces.web.pages import one, type_named

# What a priority follows from, where a type does not take it as it is.
WEIGHED = ("impact", "urgency")


@dataclass(frozen=True)
class Keys:
    """What a list tells its script: which field A sets, which move R makes, and whether E, P and S have anything."""

    assign: str = ""
    resolve: str = ""
    may_edit: bool = False
    has_priority: bool = False
    editable: tuple[str, ...] = ()


def keys(rtype: RecordType, actor: Actor) -> Keys:
    """By what may ever be this actor's; each row is asked when its menu opens."""
    found = _editable(rtype, actor)
    resolve = next(
        (
            m.name
            for m in rtype.lifecycle.moves
            if rtype.lifecycle.state(m.target).kind is Kind.RESOLVED
            and access.may_ever(rtype.access.rule_for(m.name), actor)
        ),
        "",
    )
    return Keys(
        assign=next((f.name for f in found if f.attribute == "assignee"), ""),
        resolve=resolve,
        may_edit=bool(found),
        has_priority=bool(_weights(found)),
        editable=tuple(f.name for f in found),
    )


def _editable(rtype: RecordType, actor: Actor) -> list[Field]:
    if not tables.may_change(rtype, actor):
        return []
    seen = fields.visible(rtype, actor)
    return [seen[n] for n in rtype.form if n in seen and seen[n].writable]


def _weights(found: list[Field]) -> list[Field]:
    own = [f for f in found if f.name == "priority"]
    return own or [f for f in found if f.name in WEIGHED]


@signed_in
@only("GET", "HEAD")
def menu(request: HttpRequest, plural: str, key: str, name: str) -> HttpResponse:
    """What can be done with one record where it stands: its fields, what weighs it, or its moves."""
    rtype = type_named(plural)
    row = one(request, rtype, key)
    may_change = queries.may(rtype, request.actor, "change", row)
    there = fields.readable(rtype, request.actor, row.facts)
    found = [f for f in _editable(rtype, request.actor) if may_change and f.name in there]
    if name not in ("fields", "weights", "moves"):
        raise Missing
    offered = {"fields": found, "weights": _weights(found), "moves": []}[name]
    context = {
        "rtype": rtype,
        "row": row,
        "title": _("Change %(field)s of %(number)s")
        % {"field": _("a value"), "number": row["number"]},
        "offered": [(f.name, say(f.label), tables.plain(f, row[f.name])) for f in offered],
        "moves": record.moves(rtype, request.actor, row) if name == "moves" else [],
        "place": inplace.place(request, row["number"]),
    }
    return page(request, "web/rowmenu.html", context)
