"""Takes back a single act of one record, from its toast or its line of the history."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from mainstay.directory.audit import noting
from mainstay.records import queries, undoing
from mainstay.records.errors import Denied, Illegal, Invalid
from mainstay.surfaces.web import record
from mainstay.surfaces.web.answers import (
    is_fragment,
    local,
    only,
    redirect,
    signed_in,
    taken_back,
    target_of,
)
from mainstay.surfaces.web.pages import by, type_named


@signed_in
@only("POST")
def undo(request: HttpRequest, plural: str, key: str, event: int) -> HttpResponse:
    """Takes an event back; where that is refused the page one was on says why. `next` is a page of this site."""
    rtype = type_named(plural)
    row = queries.one(rtype, request.actor, key, names=())
    here = local(request.GET.get("next"), f"/{plural}/{row['number']}/")
    try:
        undoing.take_back(rtype, row["number"], event, by(request))
    except (Denied, Illegal, Invalid) as refusal:
        if is_fragment(request):
            raise
        noting.refused(request, by(request), refusal)
        return redirect(here, str(refusal))
    toast = _("%(number)s: taken back") % {"number": row["number"]}
    if target_of(request) == "record":
        return record.after(request, rtype, row["number"], toast)
    return taken_back(request, here, toast)
