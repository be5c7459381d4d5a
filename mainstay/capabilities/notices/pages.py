"""Publishing from a record's own page, and "me too" in the portal."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from mainstay.capabilities.notices import commands
from mainstay.pure.rules import By
from mainstay.records import queries
from mainstay.records.errors import Missing
from mainstay.surfaces.portal.pages import DOOR
from mainstay.surfaces.web import record
from mainstay.surfaces.web.answers import only, redirect, signed_in
from mainstay.surfaces.web.pages import by, type_named


@signed_in
@only("POST")
def publish(request: HttpRequest, plural: str, key: str) -> HttpResponse:
    rtype = type_named(plural)
    number = queries.one(rtype, request.actor, key, names=())["number"]
    if not rtype.has("notices"):
        raise Missing
    data = {name: request.POST.get(name, "") for name in ("title", "text")}
    made = commands.publish(rtype, number, data, by(request))
    return record.after(request, rtype, number, _("%(number)s published") % {"number": made.number})


@signed_in
@only("POST")
def me_too(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    if verb not in ("me-too", "not-me"):
        raise Missing
    commands.me_too(number, By(request.actor, DOOR), has_it=verb == "me-too")
    toast = _("Thank you, it is counted.") if verb == "me-too" else _("Taken back.")
    return redirect("/portal/#notices", toast)
