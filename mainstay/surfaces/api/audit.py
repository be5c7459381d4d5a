"""The audit over REST: for whoever may read it, a list; for everybody else there is no such path."""

from __future__ import annotations

from django.http import HttpResponse

from mainstay.directory.audit import asking, stream
from mainstay.records.errors import Missing
from mainstay.surfaces.api import answers, paging, schemas
from mainstay.surfaces.api.components import REFERENCE, TEXT
from mainstay.surfaces.api.operation import Call, Param
from mainstay.surfaces.api.router import Router

ROW = {
    "type": "object",
    "description": "What somebody did: an event of a record, or an entry about what is none.",
    "required": ["id", "at", "kind", "door", "actor", "record", "is_withheld", "changes", "facts"],
    "properties": {
        "id": {"type": "string", "description": "event-512 or entry-33."},
        "at": {"type": "string", "format": "date-time", "description": "When it was recorded."},
        "kind": {
            "type": "string",
            "description": "incident.resolve, or sign-in, refused.missing, look.record …",
        },
        "door": {"type": "string", "description": "How it came in: web, portal, api, console …"},
        "actor": {
            **REFERENCE,
            "description": "Null where Mainstay itself did it, or nobody was signed in.",
        },
        "record": {
            "oneOf": [
                {
                    "type": "object",
                    "required": ["type", "number", "title"],
                    "properties": {"type": TEXT, "number": TEXT, "title": TEXT},
                },
                {"type": "null"},
            ]
        },
        "is_withheld": {
            "type": "boolean",
            "description": "The record does not exist for you: its title and what changed are left out.",
        },
        "changes": {"type": "object", "description": '`{"from", "to"}` by field, and facts.'},
        "facts": {"type": "object", "description": "What an entry knows besides."},
        "times": {"type": "integer", "description": "How often the same was tried."},
        "address": {"type": "string", "description": "Where it came from; empty once blanked."},
        "happened_at": {"type": "string", "format": "date-time"},
        "is_imported": {"type": "boolean"},
    },
}
SAYS = {
    "text": "In numbers, people's names, kinds, addresses, and titles you may read.",
    "person": "Who did it: a person's number or id.",
    "record": "About which record: its number.",
    "kind": "`incident.resolve`; `incident` or `refused` for all that begin so.",
    "door": "How it came in.",
    "since": "A day or a time.",
    "until": "A day, which is included, or a time, which is not.",
}


def listed(call: Call) -> HttpResponse:
    if not stream.may_read(call.actor):
        raise Missing
    asked = asking.read(call.actor, call.query)
    found = stream.page(call.actor, asked, size=paging.size(call.query))
    return answers.page(found.items, found.next)


def routes(router: Router) -> None:
    router.component("AuditRow", ROW)
    router.add(
        "GET",
        "audit",
        "audit",
        listed,
        summary="Who did what, newest first",
        scope="audit",
        may_lack=True,
        params=(
            *(Param(name=name, schema=TEXT, says=says) for name, says in SAYS.items()),
            paging.SIZE,
            paging.AFTER,
        ),
        gives=schemas.page(schemas.ref("AuditRow")),
    )
