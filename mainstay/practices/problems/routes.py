"""What problems have over REST beside the operations of every record type."""

from dataclasses import asdict
from math import isinf

from django.http import HttpResponse
from django.utils.translation import gettext as _

from mainstay.practices.problems import commands, proof
from mainstay.records import queries
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
        "on_notices": {
            "type": "boolean",
            "description": "Write it on the notices published from these incidents as well, where you may.",
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

DUPLICATE = {
    "type": "object",
    "additionalProperties": False,
    "required": ["of"],
    "properties": {"of": TEXT | {"description": "The number or id of the other, open problem."}},
}
NUMBER, OR_NONE = {"type": "number"}, {"type": ["number", "null"]}
RATE = {
    "type": ["object", "null"],
    "description": "Incidents a week, with the bounds of the exact 95 % interval.",
    "required": ["count", "weeks", "per_week", "low", "high"],
    "properties": {
        "count": {"type": "integer"},
        **dict.fromkeys(("weeks", "per_week", "low", "high"), NUMBER),
    },
}
PROOF = {
    "type": "object",
    "description": (
        "Incidents you may see, a week before and after the fix; `ratio` is after ÷ before with the bounds of its"
        " exact 95 % interval, null where there is none. `none`: no fix was applied, or less than a day was seen"
        " before or after it. `failed`: it is worked on again, and `since` incidents came after the last fix."
    ),
    "required": ["verdict", "since", "before", "after", "ratio", "ratio_low", "ratio_high"],
    "properties": {
        "verdict": {"enum": ["none", "fewer", "more", "unproven", "failed"]},
        "since": {"type": ["integer", "null"]},
        "before": RATE,
        "after": RATE,
        **dict.fromkeys(("ratio", "ratio_low", "ratio_high"), OR_NONE),
    },
}
NO_PROOF = dict.fromkeys(PROOF["required"]) | {"verdict": "none"}


def communicated(call: Call) -> HttpResponse:
    bodies.only(call.body, ("about", "text", commands.ON_NOTICES))
    about = bodies.text(call.body, "about")
    text = bodies.text(call.body, "text", is_needed=False)
    on_notices = bodies.yes(call.body, commands.ON_NOTICES)
    if on_notices and not call.actor.reaches("write", shelf.type("notice").plural):
        raise Denied(lambda: _("This token may not write notices."))
    event = commands.communicate(call.key, about, text, call.by, on_notices=on_notices)
    told = {"event": event.pk, "about": about, "at": event.at.isoformat().replace("+00:00", "Z")}
    return answers.json(told, 201)


def from_incident(call: Call) -> HttpResponse:
    bodies.only(call.body, ("incident",))
    key = bodies.text(call.body, "incident")
    if not call.actor.reaches("write", shelf.type("incident").plural):
        raise Denied(lambda: _("This token may not write incidents."))
    return answers.record(call, commands.from_incident(key, call.by), 201)


def duplicated(call: Call) -> HttpResponse:
    bodies.only(call.body, ("of",))
    return answers.record(call, commands.duplicate(call.key, bodies.text(call.body, "of"), call.by))


def proved(call: Call) -> HttpResponse:
    incident = shelf.type("incident")
    row = call.row(python=True)
    if not call.actor.reaches("read", incident.plural):
        raise Denied(lambda: _("This token may not read incidents."))
    found = queries.linked(
        incident, call.actor, row.facts.id, commands.CAUSED_BY, names=proof.JUDGED_BY, python=True
    )
    told = proof.of(call.actor, row, found)
    verdict = {"verdict": told.verdict, "since": told.since} if told else {}
    figures = told.figures if told else None
    if figures is None:
        return answers.json(NO_PROOF | verdict)
    high = None if isinf(figures.high) else figures.high
    bounds = {"ratio": figures.ratio, "ratio_low": figures.low, "ratio_high": high}
    rates = {"before": asdict(figures.before), "after": asdict(figures.after)}
    return answers.json(verdict | rates | bounds)


def routes(rtype: RecordType, router: Router) -> None:
    router.component("Communication", TOLD)
    router.component("Proof", PROOF)
    router.add("GET", "/{key}/proof", "proof.see", proved, gives=schemas.ref("Proof"))
    router.add(
        "POST",
        "/{key}/duplicate",
        "duplicate.add",
        duplicated,
        takes=DUPLICATE,
        gives=schemas.ref(schemas.name_of(rtype)),
        status=200,
        is_versioned=True,
        summary="Close as a duplicate: problem",
    )
    router.add(
        "POST",
        "/from-incident",
        "sources.add",
        from_incident,
        takes=FROM,
        gives=schemas.ref(schemas.name_of(rtype)),
        is_versioned=True,
        may_lack=True,
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
