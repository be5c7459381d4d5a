"""Telling the callers of an incident's children, in one go."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from mainstay.practices.incidents import commands, panels
from mainstay.practices.incidents.record import incident
from mainstay.records import queries
from mainstay.records.errors import Denied, Invalid
from mainstay.surfaces.web import forms, record
from mainstay.surfaces.web.answers import in_dialog, only, signed_in, status_of
from mainstay.surfaces.web.jinja import page
from mainstay.surfaces.web.pages import by, one


@signed_in
@only("GET", "HEAD", "POST")
def tell_children(request: HttpRequest, key: str) -> HttpResponse:
    row = one(request, incident, key)
    if not queries.may(incident, request.actor, "change", row):
        raise Denied(lambda: _("You may not change this."))
    refusal = None
    if request.method == "POST":
        try:
            commands.tell_children(row["number"], request.POST.get("text", ""), by(request))
        except Invalid as complaint:
            refusal = complaint
        else:
            toast = _("The callers are told now")
            return record.after(request, incident, row["number"], toast)
    context = {
        "rtype": incident,
        "row": row,
        "title": _("Tell the callers of its children"),
        "text": request.POST.get("text", ""),
        "errors": forms.summary(refusal.fields, incident) if refusal else (),
        "open": sum(child["is_open"] for child in panels.children(request.actor, row)),
    }
    block = "dialog" if refusal else None
    response = page(request, "incidents/tell.html", context, status=status_of(refusal), block=block)
    return in_dialog(response) if refusal else response
