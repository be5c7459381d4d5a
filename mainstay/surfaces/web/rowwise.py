"""The menus that open at one record: at its row in a list, or on its page."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from mainstay.records import fields, queries
from mainstay.records.errors import Missing
from mainstay.surfaces.web import inplace, record, tables
from mainstay.surfaces.web.answers import only, signed_in
from mainstay.surfaces.web.formats import say
from mainstay.surfaces.web.jinja import page
from mainstay.surfaces.web.keys import editable, weights
from mainstay.surfaces.web.pages import one, type_named


@signed_in
@only("GET", "HEAD")
def menu(request: HttpRequest, plural: str, key: str, name: str) -> HttpResponse:
    """What can be done with one record where it stands: its fields, what weighs it, or its moves."""
    rtype = type_named(plural)
    row = one(request, rtype, key)
    may_change = queries.may(rtype, request.actor, "change", row)
    there = fields.readable(rtype, request.actor, row.facts)
    found = [f for f in editable(rtype, request.actor) if may_change and f.name in there]
    if name not in ("fields", "weights", "moves"):
        raise Missing
    offered = {"fields": found, "weights": weights(found), "moves": []}[name]
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
