"""Sends the files of a record, so that nothing in them runs in our pages."""

from urllib.parse import quote

from django.http import FileResponse, HttpRequest, HttpResponse

from mainstay.directory.audit import noting
from mainstay.pure.rules import By
from mainstay.records import queries
from mainstay.records.errors import Missing
from mainstay.surfaces.web.answers import door, only, signed_in

# Pictures are shown; anything else is only ever downloaded.
SHOWN = ("image/png", "image/jpeg", "image/gif", "image/webp")


@signed_in
@only("GET", "HEAD")
def download(request: HttpRequest, number: str, key: str, name: str = "") -> HttpResponse:
    rtype, row = queries.find(request.actor, number)
    opened = rtype.offer("open")
    if opened is None:
        raise Missing
    file, path = opened(rtype, request.actor, row, key)
    noting.opened(request, By(request.actor, door(request)), row, key, file.author_id)
    response = FileResponse(path.open("rb"), content_type=file.content_type)
    way = "inline" if file.content_type in SHOWN else "attachment"
    response["Content-Disposition"] = f"{way}; filename*=UTF-8''{quote(file.name)}"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
