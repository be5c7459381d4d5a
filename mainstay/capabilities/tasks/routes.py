"""A record's tasks over REST; each of them is a record below /tasks as well."""

from django.http import HttpResponse
from django.utils.translation import gettext as _

from mainstay.capabilities.tasks import commands
from mainstay.capabilities.tasks.queries import tasks
from mainstay.records import queries
from mainstay.records.errors import Denied
from mainstay.records.types import RecordType, shelf
from mainstay.surfaces.api import answers, bodies, schemas
from mainstay.surfaces.api.operation import Call
from mainstay.surfaces.api.router import Router

KEY = {"type": "string", "maxLength": 60}


def listed(call: Call) -> HttpResponse:
    _require(call, "read")
    row = queries.one(call.rtype, call.actor, call.key, names=())
    return answers.page(tasks(call.rtype, call.actor, row))


def added(call: Call) -> HttpResponse:
    _require(call, "write")
    made = commands.add(call.rtype, call.key, call.body, call.by)
    row = queries.one(shelf.type("task"), call.actor, made.number)
    return answers.json(row, 201, {"Location": f"{answers.PREFIX}/tasks/{made.number}"})


def applied(call: Call) -> HttpResponse:
    _require(call, "write")
    bodies.only(call.body, ("template",))
    commands.apply(call.rtype, call.key, bodies.text(call.body, "template"), call.by)
    return listed(call)


def ordered(call: Call) -> HttpResponse:
    _require(call, "write")
    bodies.only(call.body, ("task", "before"))
    moving = bodies.text(call.body, "task")
    before = bodies.text(call.body, "before", is_needed=False) or None
    commands.put_before(call.rtype, call.key, moving, before, call.by)
    return listed(call)


def _require(call: Call, verb: str) -> None:
    """A token for records of one type alone reaches no task through them."""
    if not call.actor.reaches(verb, "tasks"):
        raise Denied(_("This token does not reach tasks."))


def routes(rtype: RecordType, router: Router) -> None:
    whole = schemas.page(schemas.ref("Task"))
    known = schemas.of(shelf.type("task"))["TaskCreate"]["properties"]
    takes = {
        "type": "object",
        "additionalProperties": False,
        "required": ["title"],
        "properties": {name: schema for name, schema in known.items() if name != "parent"},
    }
    router.component("RecordTaskCreate", takes)
    router.add("GET", "/{key}/tasks", "tasks.list", listed, gives=whole)
    router.add(
        "POST",
        "/{key}/tasks",
        "tasks.add",
        added,
        takes=schemas.ref("RecordTaskCreate"),
        gives=schemas.ref("Task"),
    )
    router.add(
        "POST",
        "/{key}/tasks/from-template",
        "tasks.apply",
        applied,
        status=200,
        summary=f"Add all tasks of a list to: {str(rtype.label).lower()}",
        takes=_body(("template",), template=KEY),
        gives=whole,
    )
    router.add(
        "POST",
        "/{key}/tasks/order",
        "tasks.order",
        ordered,
        status=200,
        summary=f"Put a task before another one, or at the end, of: {str(rtype.label).lower()}",
        takes=_body(("task",), task=KEY, before={"type": ["string", "null"], "maxLength": 60}),
        gives=whole,
    )


def _body(required: tuple[str, ...], **properties: object) -> dict[str, object]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(required),
        "properties": properties,
    }
