"""A record's files over REST: always downloaded, never shown, whatever they are."""

from typing import Any
from urllib.parse import quote

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase

from mainstay.capabilities.files import store
from mainstay.capabilities.files.commands import attach_stored, may_attach
from mainstay.capabilities.files.queries import files, opened
from mainstay.directory.audit import noting
from mainstay.records import queries
from mainstay.records.stretch import Stretch
from mainstay.records.types import RecordType
from mainstay.surfaces.api import answers, bodies, paging, schemas
from mainstay.surfaces.api.components import REFERENCE, TEXT, VISIBILITY
from mainstay.surfaces.api.operation import Call
from mainstay.surfaces.api.router import Router

FILE: dict[str, Any] = {
    "type": "object",
    "description": "An attachment; its type is judged by its content.",
    "required": ["id", "event", "visibility", "name", "content_type", "size", "at", "author"],
    "properties": {
        "id": {"type": "string", "format": "uuid"},
        "event": {"type": "integer"},
        "visibility": VISIBILITY,
        "name": TEXT,
        "content_type": TEXT,
        "size": {"type": "integer"},
        "at": {"type": "string", "format": "date-time"},
        "author": REFERENCE,
    },
}
ADDED = {
    **FILE,
    "description": "An attachment that was just added.",
    "required": [*FILE["required"], "warning"],
    "properties": {
        **FILE["properties"],
        "warning": {
            "type": ["string", "null"],
            "description": "What to do because the file seems to hold a secret; told once, to whoever sends it.",
        },
    },
}
SENDS = {
    "type": "object",
    "additionalProperties": False,
    "required": ["file", "visibility"],
    "properties": {"file": {"type": "string", "format": "binary"}, "visibility": VISIBILITY},
}
# Nothing in a file may run, be shown in a page of ours or be guessed to be something else.
SAFE = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def listed(call: Call) -> HttpResponse:
    after, size = paging.event(call.query), paging.size(call.query)
    row = call.row(names=())
    found = files(call.rtype, call.actor, row, Stretch(after=after, size=size + 1))
    more = found[size - 1]["event"] if len(found) > size else None
    return answers.page(found[:size], more)


def stored(call: Call) -> None:
    """Puts the bytes away before a transaction opens, once it is clear that they may be."""
    may_attach(call.rtype, call.key, call.by)
    audience = bodies.audience(call, call.body)
    if call.file is not None:
        call.prepared = audience, store.put(call.file.chunks())


def attached(call: Call) -> HttpResponse:
    audience, bytes_put = call.prepared
    name = (call.file.name if call.file else None) or ""
    made = attach_stored(call.rtype, call.key, name, bytes_put, audience, call.by)
    row = queries.one(call.rtype, call.actor, call.key, names=())
    [told] = files(call.rtype, call.actor, row, Stretch(after=made.event_id - 1, size=1))
    where = f"{answers.PREFIX}/{call.rtype.plural}/{row['number']}/files/{made.uuid}"
    told["warning"] = made.warning or None
    return answers.json(told, 201, {"Location": where})


def sent(call: Call) -> HttpResponseBase:
    row = queries.one(call.rtype, call.actor, call.key, names=())
    file, path = opened(call.rtype, call.actor, row, call.part)
    noting.opened(call.request, call.by, row, call.part, file.author_id)
    response = FileResponse(path.open("rb"), content_type=file.content_type, headers=SAFE)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(file.name)}"
    return response


def routes(rtype: RecordType, router: Router) -> None:
    file = schemas.ref("File")
    router.component("File", FILE)
    router.component("AddedFile", ADDED)
    router.add(
        "GET",
        "/{key}/files",
        "files.list",
        listed,
        params=(paging.SIZE, paging.PLACE),
        gives=schemas.page(file),
    )
    router.add(
        "POST",
        "/{key}/files",
        "files.add",
        attached,
        prepare=stored,
        takes=SENDS,
        largest=store.LARGEST,
        gives=schemas.ref("AddedFile"),
    )
    router.add(
        "GET",
        "/{key}/files/{part}",
        "files.see",
        sent,
        gives={"type": "string", "format": "binary"},
        media="application/octet-stream",
    )
