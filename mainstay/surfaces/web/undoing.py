"""Takes back a single act of one record, from its toast or its line of the history."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mainstay.directory.audit import noting
from mainstay.pure.language import within
from mainstay.records import queries, staying, undoing
from mainstay.records.errors import Denied, Illegal, Invalid
from mainstay.records.staying import Stays
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

# As many of what stays are named in one sentence.
NAMED = 3


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
    toast, numbers = with_what_stays(toast, staying.of(request.actor, [event]))
    if target_of(request) == "record":
        return record.after(request, rtype, row["number"], toast, named=numbers)
    return taken_back(request, here, toast, numbers)


def with_what_stays(toast: str, stays: Sequence[Stays]) -> tuple[str, list[str]]:
    """A sentence that something was taken back, with what stays, and the numbers of it that lead somewhere."""
    return (f"{toast}. {what_stays(stays)}" if stays else toast), named(stays)


def named(stays: Sequence[Stays]) -> list[str]:
    return [each.number for each in stays[:NAMED]]


def what_stays(stays: Sequence[Stays]) -> str:
    """What followed from an act that was taken back, in a sentence; empty where nothing did."""
    if not stays:
        return ""
    told = [f"{s.number} {within(s.rtype.lifecycle.state(s.state).label)}" for s in stays[:NAMED]]
    more = len(stays) - len(told)
    if more:
        told.append(ngettext("one more", "%(n)d more", more) % {"n": more})
    return _("What followed from it stays: %(list)s.") % {"list": ", ".join(told)}
