"""A record's tasks over REST; each of them is a record below /tasks as well."""

from django.http import HttpResponse
from django.utils.translation import gettext as _

from mainstay.capabilities.tasks import commands, queries
from mainstay.records import queries as records
from mainstay.records.errors import Denied
from mainstay.records.types import RecordType, shelf
from mainstay.surfaces.api import answers, bodies, schemas
from mainstay.surfaces.api.components import TEXT
from mainstay.surfaces.api.operation import Call
from mainstay.surfaces.api.router import Router

MADE = {
    "type": "object",
    "additionalProperties": False,
    "required": ["template"],
    "properties": {"template": TEXT | {"description": "The number or id of a task template."}},
}
ORDERED = {
    "type": "object",
    "additionalProperties": False,
    "required": ["task"],
    "properties": {
        "task": TEXT | {"description": "The number of the task that moves."},
        "before": {
            "type": ["string", "null"],
            "description": "The number of the task it stands before then; left out, it goes to the end.",
        },
    },
}


def listed(call: Call) -> HttpResponse:
    _require(call, "read")
    row = call.row(names=())
    return answers.page(queries.tasks(call.actor, row))


def added(call: Call) -> HttpResponse:
    _require(call, "write")
    made = commands.add(call.rtype, call.key, call.body, call.by)
    row = records.one(shelf.type("task"), call.actor, made.number)
    return answers.json(row, 201, {"Location": f"{answers.PREFIX}/tasks/{made.number}"})


def applied(call: Call) -> HttpResponse:
    _require(call, "write")
    bodies.only(call.body, ("template",))
    made = commands.apply(call.rtype, call.key, bodies.text(call.body, "template"), call.by)
    task = shelf.type("task")
    return answers.page([records.one(task, call.actor, each.number) for each in made], status=201)


def ordered(call: Call) -> HttpResponse:
    _require(call, "write")
    bodies.only(call.body, ("task", "before"))
    moving = bodies.text(call.body, "task")
    before = bodies.text(call.body, "before", is_needed=False) or None
    commands.put_before(call.rtype, call.key, moving, before, call.by)
    return answers.nothing()


def _require(call: Call, verb: str) -> None:
    """A token for records of one type alone reaches no task through them."""
    if not call.actor.reaches(verb, "tasks"):
        raise Denied(lambda: _("This token does not reach tasks."))


def routes(rtype: RecordType, router: Router) -> None:
    label = str(rtype.label).lower()
    known = schemas.of(shelf.type("task"))["TaskCreate"]["properties"]
    takes = {
        "type": "object",
        "additionalProperties": False,
        "required": ["title"],
        "properties": {name: schema for name, schema in known.items() if name != "parent"},
    }
    router.component("RecordTaskCreate", takes)
    router.add(
        "GET",
        "/{key}/tasks",
        "tasks.list",
        listed,
        gives=schemas.page(schemas.ref("Task")),
    )
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
        summary=f"Add the tasks of a template to: {label}",
        takes=MADE,
        gives=schemas.page(schemas.ref("Task")),
    )
    router.add(
        "POST",
        "/{key}/tasks/order",
        "tasks.order",
        ordered,
        status=204,
        summary=f"Put a task elsewhere among those of: {label}",
        takes=ORDERED,
    )
