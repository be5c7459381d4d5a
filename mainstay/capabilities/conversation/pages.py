"""Keeping a draft, showing how a text will look, and offering whom it may call."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from mainstay.capabilities.conversation import called, drafts
from mainstay.pure.mentions import called as mentions_of
from mainstay.pure.text import mark
from mainstay.records import queries
from mainstay.records.errors import Denied, Missing
from mainstay.records.rows import Row
from mainstay.records.types import RecordType
from mainstay.surfaces.web.answers import only, signed_in
from mainstay.surfaces.web.jinja import page
from mainstay.surfaces.web.markdown import md
from mainstay.surfaces.web.pages import by, type_named


@signed_in
@only("POST")
def draft(request: HttpRequest, plural: str, key: str) -> HttpResponse:
    rtype, row = _talked_about(request, plural, key)
    # Browsers send two signs for the end of a line, and count one.
    text = request.POST.get("text", "").replace("\r\n", "\n")
    audience = request.POST.get("audience", "")
    seen = request.POST.get("seen", "")
    other = drafts.keep(rtype, row, audience, text, by(request), seen=seen)
    if other is not None:
        return JsonResponse({"text": other, "seen": mark(other)}, status=409)
    return HttpResponse(status=204, headers={"Draft-Seen": mark(text if text.strip() else "")})


@signed_in
@only("POST")
def preview(request: HttpRequest, plural: str, key: str) -> HttpResponse:
    """By the very renderer that will show it to everybody."""
    rtype, row = _writable(request, plural, key)
    text = request.POST.get("text", "")[: drafts.LONGEST]
    audience = request.POST.get("audience", "internal")
    words = mentions_of(text)
    heard = called.heard(rtype, request.actor, row.facts, audience, words)
    return HttpResponse(md(text, called=heard))


@signed_in
@only("GET", "HEAD")
def mentions(request: HttpRequest, plural: str, key: str) -> HttpResponse:
    rtype, row = _writable(request, plural, key)
    typed, audience = request.GET.get("q", ""), request.GET.get("audience", "internal")
    found = called.offered(rtype, request.actor, row, audience, typed)
    return page(request, "conversation/mentions.html", {"options": found}, block="options")


def _writable(request: HttpRequest, plural: str, key: str) -> tuple[RecordType, Row]:
    rtype, row = _talked_about(request, plural, key)
    if not queries.may(rtype, request.actor, "note", row):
        raise Denied(lambda: _("You may not write about this."), row.facts.id)
    return rtype, row


def _talked_about(request: HttpRequest, plural: str, key: str) -> tuple[RecordType, Row]:
    rtype = type_named(plural)
    row = queries.one(rtype, request.actor, key, names=())
    if not rtype.has("conversation"):
        raise Missing
    return rtype, row
