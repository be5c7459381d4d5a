"""What problems have over REST beside the operations of every record type."""

from django.http import HttpResponse
from django.utils.translation import gettext as _

from mainstay.practices.problems import commands
from mainstay.records.errors import Denied
from mainstay.records.fields import UNLIMITED
from mainstay.records.types import Capability, RecordType, shelf
from mainstay.surfaces.api import answers, bodies, schemas
from mainstay.surfaces.api.components import TEXT
from mainstay.surfaces.api.operation import Call
from mainstay.surfaces.api.router import Router

TELLS = {
    "type": "object",
    "additionalProperties": False,
    "required": ["about"],
    "properties": {
        "about": {"enum": ["workaround", "fix"]},
        "text": {
            "type": "string",
            "maxLength": UNLIMITED,
            "description": "What the callers read; left out, the problem's own text.",
        },
    },
}
TOLD = {
    "type": "object",
    "description": "What the worker now tells the callers; `event` is its place in the history.",
    "required": ["event", "about", "at"],
    "properties": {
        "event": {"type": "integer"},
        "about": {"enum": ["workaround", "fix"]},
        "at": {"type": "string", "format": "date-time"},
    },
}
FROM = {
    "type": "object",
    "additionalProperties": False,
    "required": ["incident"],
    "properties": {"incident": TEXT | {"description": "The number or id of the incident."}},
}


def communicated(call: Call) -> HttpResponse:
    bodies.only(call.body, ("about", "text"))
    about = bodies.text(call.body, "about")
    text = bodies.text(call.body, "text", is_needed=False)
    event = commands.communicate(call.key, about, text, call.by)
    told = {"event": event.pk, "about": about, "at": event.at.isoformat().replace("+00:00", "Z")}
    return answers.json(told, 201)


def from_incident(call: Call) -> HttpResponse:
    bodies.only(call.body, ("incident",))
    key = bodies.text(call.body, "incident")
    if not call.actor.reaches("write", shelf.type("incident").plural):
        raise Denied(_("This token may not write incidents."))
    return answers.record(call, commands.from_incident(key, call.by), 201)


def routes(rtype: RecordType, router: Router) -> None:
    router.component("Communication", TOLD)
    router.add(
        "POST",
        "/from-incident",
        "sources.add",
        from_incident,
        takes=FROM,
        gives=schemas.ref(schemas.name_of(rtype)),
        is_versioned=True,
        summary="Create from an incident: problem",
    )
    router.add(
        "POST",
        "/{key}/communications",
        "communications.add",
        communicated,
        takes=TELLS,
        gives=schemas.ref("Communication"),
    )


OverRest = Capability(name="problems", routes=routes)
