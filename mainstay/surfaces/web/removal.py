"""Taking a record away and bringing it back: a question first, and Undo afterwards."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from mainstay.records import commands, queries
from mainstay.records.errors import Denied, Invalid, Missing
from mainstay.records.types import RecordType
from mainstay.surfaces.web.answers import (
    done,
    in_dialog,
    only,
    signed_in,
    status_of,
    taken_back,
)
from mainstay.surfaces.web.formats import say
from mainstay.surfaces.web.jinja import page
from mainstay.surfaces.web.pages import by, one, type_named


@signed_in
@only("GET", "HEAD", "POST")
def remove(request: HttpRequest, plural: str, key: str) -> HttpResponse:
    """Asks whether a record may go, then takes it away."""
    rtype = type_named(plural)
    row = one(request, rtype, key)
    if not queries.may(rtype, request.actor, "remove", row):
        raise Denied(lambda: _("You may not remove this."))
    refusal = None
    if request.method == "POST":
        try:
            commands.remove(rtype, row["number"], by(request))
        except Invalid as error:
            refusal = error
        else:
            toast = _("%(number)s removed") % {"number": row["number"]}
            return done(request, f"/{plural}/", toast, undo_url(rtype, row["number"]))
    context = {
        "rtype": rtype,
        "row": row,
        "title": _("Remove %(number)s") % {"number": row["number"]},
        "complaints": [say(t) for texts in refusal.fields.values() for t in texts]
        if refusal
        else [],
    }
    response = page(
        request,
        "web/remove.html",
        context,
        status=status_of(refusal),
        block="dialog" if refusal else None,
    )
    return in_dialog(response) if refusal else response


def undo_url(rtype: RecordType, number: str) -> str:
    """Where a form is sent that brings this record back."""
    return f"/{rtype.plural}/restore/?{urlencode({'sel': number})}"


@signed_in
@only("POST")
def restore(request: HttpRequest, plural: str) -> HttpResponse:
    """Brings a removed record back, to its page."""
    rtype = type_named(plural)
    number = request.GET.get("sel")
    if not number:
        raise Missing
    number = commands.restore(rtype, number, by(request)).number
    toast = _("%(number)s is back") % {"number": number}
    return taken_back(request, f"/{plural}/{number}/", toast)
