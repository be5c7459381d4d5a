"""What incidents have over REST beside the operations of every record type."""

from django.http import HttpResponse

from mainstay.practices.incidents import commands
from mainstay.records.fields import UNLIMITED
from mainstay.records.types import Capability, RecordType
from mainstay.surfaces.api import answers, bodies, schemas
from mainstay.surfaces.api.operation import Call
from mainstay.surfaces.api.router import Router

TELLS = {
    "type": "object",
    "additionalProperties": False,
    "required": ["text"],
    "properties": {
        "text": {
            "type": "string",
            "minLength": 1,
            "maxLength": UNLIMITED,
            "description": "What the caller of this incident and of each of its open children reads.",
        }
    },
}
TOLD = {
    "type": "object",
    "description": "What the worker now tells the callers; `event` is its place in the history.",
    "required": ["event", "at"],
    "properties": {
        "event": {"type": "integer"},
        "at": {"type": "string", "format": "date-time"},
    },
}


def told(call: Call) -> HttpResponse:
    bodies.only(call.body, ("text",))
    event = commands.tell_children(call.key, bodies.text(call.body, "text"), call.by)
    at = event.at.isoformat().replace("+00:00", "Z")
    return answers.json({"event": event.pk, "at": at}, 201)


def routes(rtype: RecordType, router: Router) -> None:
    router.component("Telling", TOLD)
    router.add(
        "POST",
        "/{key}/tell-children",
        "children.tell",
        told,
        takes=TELLS,
        gives=schemas.ref("Telling"),
        summary=f"Tell the callers of its children: {rtype.name}",
    )


OverRest = Capability(name="incidents", routes=routes)
