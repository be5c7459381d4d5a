"""A problem from an incident, telling its callers what is known, and that two problems are one."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from mainstay.capabilities.notices import queries as notices
from mainstay.practices.problems import commands, panels
from mainstay.practices.problems.record import problem
from mainstay.records import access, queries
from mainstay.records.errors import Denied, Invalid, Missing
from mainstay.records.rows import Row
from mainstay.records.types import shelf
from mainstay.surfaces.web import forms, record
from mainstay.surfaces.web.answers import done, in_dialog, only, signed_in, status_of
from mainstay.surfaces.web.jinja import page
from mainstay.surfaces.web.pages import by, one

TITLES = {
    "workaround": lambda: _("Communicate the workaround"),
    "fix": lambda: _("Communicate the fix"),
}
# What incidents say before it; practices stand alone, so a test holds both to the same words.
OPENINGS = {
    "workaround": lambda: _("Until this is solved, there is a way around it:"),
    "fix": lambda: _("What caused this has been found, and this is done:"),
}


@signed_in
@only("POST")
def from_incident(request: HttpRequest, key: str) -> HttpResponse:
    row = queries.one(shelf.type("incident"), request.actor, key, names=("title",))
    made = commands.from_incident(row["number"], by(request))
    told = {"number": made.number, "incident": row["number"]}
    toast = _("%(number)s created and linked to %(incident)s") % told
    # What was created by mistake is removed, by those who may; for the others it is one to cancel.
    may_remove = access.may(problem, "remove", request.actor, made)
    undo = f"/problems/{made.number}/remove/" if may_remove else ""
    return done(request, f"/problems/{made.number}/", toast, undo, [row["number"]])


@signed_in
@only("GET", "HEAD", "POST")
def communicate(request: HttpRequest, key: str, name: str) -> HttpResponse:
    """What is told, as the callers will read it, before it goes out."""
    if name not in TITLES:
        raise Missing
    row = _changeable(request, key)
    refusal = None
    if request.method == "POST":
        try:
            commands.communicate(
                row["number"],
                name,
                request.POST.get("text", ""),
                by(request),
                on_notices=bool(request.POST.get(commands.ON_NOTICES)),
            )
        except Invalid as complaint:
            refusal = complaint
        else:
            toast = _("The callers of the linked open incidents are told now")
            return record.after(request, problem, row["number"], toast)
    incidents = [i for i in panels.incidents(request.actor, row) if i["is_open"]]
    context = {
        "rtype": problem,
        "row": row,
        "name": name,
        "notices": notices.running([each["number"] for each in incidents]),
        "title": TITLES[name](),
        "opening": OPENINGS[name](),
        "text": request.POST.get("text", row[name]),
        "errors": forms.summary(refusal.fields, problem) if refusal else (),
        "incidents": incidents,
    }
    return _form(request, "problems/communicate.html", context, refusal)


@signed_in
@only("GET", "HEAD", "POST")
def duplicate(request: HttpRequest, key: str) -> HttpResponse:
    row = _changeable(request, key)
    refusal = None
    if request.method == "POST":
        other = forms.number_typed(request.POST.get("of", ""))
        try:
            commands.duplicate(row["number"], other, by(request))
        except Invalid as complaint:
            refusal = complaint
        else:
            return record.after(request, problem, row["number"], _("Closed as a duplicate"))
    context = {
        "rtype": problem,
        "row": row,
        "title": _("Close as a duplicate"),
        "errors": forms.summary(refusal.fields, problem) if refusal else (),
    }
    return _form(request, "problems/duplicate.html", context, refusal)


def _changeable(request: HttpRequest, key: str) -> Row:
    row = one(request, problem, key)
    if not queries.may(problem, request.actor, "change", row):
        raise Denied(lambda: _("You may not change this."))
    return row


def _form(
    request: HttpRequest, template: str, context: dict[str, Any], refusal: Invalid | None
) -> HttpResponse:
    block = "dialog" if refusal else None
    response = page(request, template, context, status=status_of(refusal), block=block)
    return in_dialog(response) if refusal else response
