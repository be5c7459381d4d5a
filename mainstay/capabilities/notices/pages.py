"""Publishing from a record's own page, and "me too" in the portal."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from mainstay.capabilities.notices import commands
from mainstay.capabilities.notices.queries import SHOWN, counted, may_have_it
from mainstay.capabilities.notices.record import notice
from mainstay.directory.organisations import is_confined
from mainstay.pure.rules import By
from mainstay.records import queries
from mainstay.records.errors import Denied, Illegal, Invalid, Missing
from mainstay.records.rows import Row
from mainstay.records.types import RecordType
from mainstay.surfaces.portal.pages import DOOR
from mainstay.surfaces.web import forms, record, shell
from mainstay.surfaces.web.answers import is_fragment, only, redirect, signed_in, tell
from mainstay.surfaces.web.jinja import page
from mainstay.surfaces.web.pages import by, one, type_named

ASKED = ("title", "text", "next_update_at")


@signed_in
@only("GET", "HEAD", "POST")
def publish(request: HttpRequest, plural: str, key: str) -> HttpResponse:
    rtype = type_named(plural)
    row = one(request, rtype, key)
    if not rtype.has("notices"):
        raise Missing
    if request.method != "POST":
        if not queries.may(rtype, request.actor, "change", row):
            raise Denied(lambda: _("You may not do this."))
        return _form(request, rtype, row)
    read = forms.read(notice, ASKED, request.POST, request.actor)
    data = {name: value for name, value in read.items() if value is not None}
    try:
        made = commands.publish(rtype, row["number"], data, by(request))
    except Invalid as refusal:
        return _form(request, rtype, row, forms.summary(refusal.fields, notice))
    except Illegal as refusal:
        return _form(request, rtype, row, [("", str(refusal))])
    toast = _("%(number)s published") % {"number": made.number}
    return record.after(request, rtype, row["number"], toast)


def _form(
    request: HttpRequest, rtype: RecordType, row: Row, errors: Sequence[tuple[str, str]] = ()
) -> HttpResponse:
    """Empty, or again with what was typed and what does not fit."""
    context = {
        "title": _("Publish a notice"),
        "rtype": rtype,
        "row": row,
        "errors": errors,
        "inside": row["organisation"] if _is_walled(row) else None,
        "typed": {name: request.POST.get(name, "") for name in ASKED},
    }
    return page(request, "notices/publish.html", context, status=422 if errors else 200)


def _is_walled(row: Row) -> bool:
    """Whether a notice of this record is for the people of its organisation alone."""
    return row.facts.organisation_id is not None and is_confined(row.facts.organisation_id)


@signed_in
@only("GET", "HEAD")
def see(request: HttpRequest, number: str) -> HttpResponse:
    """One notice in the portal, also when it has ended: where news of it leads to."""
    told = _told(request, number)
    shell.opened(request, notice, told["notice"])
    context = {
        "here": "inbox",
        "has_desk": shell.works_here(request.actor),
        "title": told["notice"]["title"],
        **told,
    }
    return page(request, "notices/see.html", context)


def _told(request: HttpRequest, number: str) -> dict[str, Any]:
    """A notice as the portal shows it, and whether its reader can say "me too"."""
    row = queries.one(notice, request.actor, number, names=(*SHOWN, "is_open"), python=True)
    return {
        "notice": counted(request.actor, [row])[0],
        "may_have_it": row["is_open"] and may_have_it(request.actor),
    }


@signed_in
@only("POST")
def me_too(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """With a script the notice alone comes back, as it is now: the page stays where it is, with all that is typed."""
    if verb not in ("me-too", "not-me"):
        raise Missing
    commands.me_too(number, By(request.actor, DOOR), has_it=verb == "me-too")
    toast = _("Thank you, it is counted.") if verb == "me-too" else _("Taken back.")
    if is_fragment(request):
        return tell(page(request, "notices/told.html", _told(request, number)), toast)
    return redirect("/portal/#notices", toast)
