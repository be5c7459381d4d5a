"""Asking for somebody over REST; whoever may change the record sets the field as any other."""

from django.http import HttpResponse

from mainstay.capabilities.behalf import commands
from mainstay.records.types import RecordType
from mainstay.surfaces.api import answers, bodies
from mainstay.surfaces.api.operation import Call
from mainstay.surfaces.api.router import Router

PERSON = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "person": {
            "type": ["string", "null"],
            "description": "By number or id, somebody you find among the people; left out, it is for you alone.",
        }
    },
}
NOTHING = {"type": "object", "additionalProperties": False, "properties": {}}


def requested(call: Call) -> HttpResponse:
    bodies.only(call.body, ("person",))
    person = bodies.text(call.body, "person", is_needed=False)
    commands.request_for(call.rtype, call.key, person, call.by)
    return answers.nothing()


def stepped_back(call: Call) -> HttpResponse:
    bodies.only(call.body, ())
    commands.step_back(call.rtype, call.key, call.by)
    return answers.nothing()


def routes(rtype: RecordType, router: Router) -> None:
    label = str(rtype.label).lower()
    for path, name, run, takes, summary in (
        ("request-for", "request_for", requested, PERSON, "Say for whom you ask"),
        ("step-back", "step_back", stepped_back, NOTHING, "No longer be whom it is requested for"),
    ):
        router.add(
            "POST", f"/{{key}}/{path}", name, run, takes=takes, status=204,
            summary=f"{summary}: {label}",
        )  # fmt: skip
