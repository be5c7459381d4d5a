"""Publishing from a record and having it too over REST; the notices themselves are records of their own."""

from django.http import HttpResponse
from django.utils.translation import gettext as _

from mainstay.capabilities.notices import commands, queries
from mainstay.records import queries as records
from mainstay.records.errors import Denied
from mainstay.records.types import RecordType, shelf
from mainstay.surfaces.api import answers, schemas
from mainstay.surfaces.api.operation import Call
from mainstay.surfaces.api.router import Router

COUNT = {
    "type": "object",
    "additionalProperties": False,
    "required": ["count", "mine"],
    "properties": {
        "count": {"type": "integer", "description": "How many people have it too."},
        "mine": {"type": "boolean", "description": "Whether you are one of them."},
    },
}


def published(call: Call) -> HttpResponse:
    if not call.actor.reaches("write", "notices"):
        raise Denied(lambda: _("This token does not reach notices."))
    made = commands.publish(call.rtype, call.key, call.body, call.by)
    row = records.one(shelf.type("notice"), call.actor, made.number)
    return answers.json(row, 201, {"Location": f"{answers.PREFIX}/notices/{made.number}"})


def counted(call: Call) -> HttpResponse:
    number = records.one(call.rtype, call.actor, call.key, names=())["number"]
    return _count(call, number)


def said(call: Call) -> HttpResponse:
    return _count(call, commands.me_too(call.key, call.by))


def taken_back(call: Call) -> HttpResponse:
    return _count(call, commands.me_too(call.key, call.by, has_it=False))


def _count(call: Call, number: str) -> HttpResponse:
    count, mine = queries.counts(call.actor, [number]).get(number, (0, False))
    return answers.json({"count": count, "mine": mine})


def routes(rtype: RecordType, router: Router) -> None:
    known = schemas.of(shelf.type("notice"))["NoticeCreate"]
    kept = {name: s for name, s in known["properties"].items() if name != "organisation"}
    router.component("RecordNoticeCreate", {**known, "properties": kept})
    router.add(
        "POST",
        "/{key}/notices",
        "notices.publish",
        published,
        takes=schemas.ref("RecordNoticeCreate"),
        gives=schemas.ref("Notice"),
        summary=f"Publish a notice from: {str(rtype.label).lower()}",
    )


def routes_of_notices(_rtype: RecordType, router: Router) -> None:
    for method, name, call, summary in (
        ("GET", "me_too", counted, "How many have it too"),
        ("POST", "me_too.say", said, "Say that you have it too"),
        ("DELETE", "me_too.take_back", taken_back, "Take back that you have it too"),
    ):
        router.add(method, "/{key}/me-too", name, call, gives=COUNT, summary=summary, status=200)
