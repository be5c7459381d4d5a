"""A record's conversation over REST."""

from django.http import HttpResponse

from mainstay.capabilities.conversation.commands import say
from mainstay.capabilities.conversation.queries import entries
from mainstay.records.fields import UNLIMITED
from mainstay.records.stretch import Stretch
from mainstay.records.types import Message, RecordType
from mainstay.surfaces.api import answers, bodies, paging, schemas
from mainstay.surfaces.api.components import REFERENCE, VISIBILITY
from mainstay.surfaces.api.operation import Call
from mainstay.surfaces.api.router import Router

NOTE = {
    "type": "object",
    "description": "A public reply or an internal note; `event` is its id and its place in order.",
    "required": ["event", "visibility", "text", "at", "author"],
    "properties": {
        "event": {"type": "integer"},
        "visibility": VISIBILITY,
        "text": {"type": "string", "description": "Markdown."},
        "at": {"type": "string", "format": "date-time"},
        "author": REFERENCE,
    },
}
SAYS = {
    "type": "object",
    "additionalProperties": False,
    "required": ["text", "visibility"],
    "properties": {
        "text": {"type": "string", "minLength": 1, "maxLength": UNLIMITED},
        "visibility": VISIBILITY,
    },
}


def notes(call: Call) -> HttpResponse:
    after, size = paging.event(call.query), paging.size(call.query)
    row = call.row(names=())
    found = entries(call.rtype, call.actor, row, Stretch(after=after, size=size + 1))
    more = found[size - 1]["event"] if len(found) > size else None
    return answers.page(found[:size], more)


def said(call: Call) -> HttpResponse:
    bodies.only(call.body, ("text", "visibility"))
    row = call.row(names=())
    message = Message(bodies.audience(call, call.body), bodies.text(call.body, "text"))
    event = say(call.rtype, call.key, message, call.by)
    [told] = entries(call.rtype, call.actor, row, Stretch(after=event.pk - 1, size=1))
    return answers.json(told, 201)


def routes(rtype: RecordType, router: Router) -> None:
    note = schemas.ref("Note")
    router.component("Note", NOTE)
    router.add(
        "GET",
        "/{key}/notes",
        "notes.list",
        notes,
        params=(paging.SIZE, paging.PLACE),
        gives=schemas.page(note),
    )
    router.add("POST", "/{key}/notes", "notes.add", said, takes=SAYS, gives=note)
