"""Taking a file ahead of the message it belongs to, and giving the words by which the message names it."""

import re
from urllib.parse import quote
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from mainstay.capabilities.files import ahead, kinds
from mainstay.records import queries
from mainstay.records.errors import Invalid, Missing
from mainstay.records.rows import Row
from mainstay.records.types import RecordType
from mainstay.surfaces.web.answers import only, signed_in, tell
from mainstay.surfaces.web.formats import say
from mainstay.surfaces.web.pages import by, type_named

MEANS_SOMETHING = re.compile(r"[\\\[\]`*_<>!]")


@signed_in
@only("POST")
def upload(request: HttpRequest, plural: str, key: str) -> HttpResponse:
    rtype, row = _with_files(request, plural, key)
    file = request.FILES.get("file")
    if file is None:
        raise Invalid({"": [_("Choose a file.")]})
    try:
        made, warning = ahead.put(
            rtype,
            row,
            file.name or "",
            file.chunks(),
            request.POST.get("audience", ""),
            by(request),
        )
    except Invalid as refusal:
        # In words alone: the name of the field stands nowhere in the box.
        told = " ".join(say(text) for texts in refusal.fields.values() for text in texts)
        raise Invalid({"": [told]}) from None
    address = f"/files/{row['number']}/{made.uuid}/{quote(made.name, safe='')}"
    called = MEANS_SOMETHING.sub(r"\\\g<0>", made.name)
    shown = "!" if made.content_type in kinds.INLINE else ""
    told = {"id": str(made.uuid), "text": f"{shown}[{called}]({address})"}
    return tell(JsonResponse(told, status=201), warning)


@signed_in
@only("POST")
def take_back(request: HttpRequest, plural: str, key: str, part: str) -> HttpResponse:
    _rtype, row = _with_files(request, plural, key)
    try:
        ahead.take_back(row, str(UUID(part)), by(request))
    except ValueError:
        raise Missing from None
    return HttpResponse(status=204)


def _with_files(request: HttpRequest, plural: str, key: str) -> tuple[RecordType, Row]:
    rtype = type_named(plural)
    row = queries.one(rtype, request.actor, key, names=())
    if not rtype.has("files"):
        raise Missing
    return rtype, row
