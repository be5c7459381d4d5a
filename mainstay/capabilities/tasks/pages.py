"""Adding tasks to a record, ticking them and putting them in order, from its own page."""

from datetime import date, datetime, time
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

# Imported for what it does: it puts the tasks beside their records.
from mainstay.capabilities.tasks import commands, panels  # noqa: F401
from mainstay.capabilities.tasks.record import task, task_template
from mainstay.records import commands as records
from mainstay.records import fields, queries
from mainstay.records.errors import Missing
from mainstay.records.types import RecordType
from mainstay.surfaces.web import forms, record
from mainstay.surfaces.web.answers import only, signed_in
from mainstay.surfaces.web.pages import by, type_named

# A day one has until its end.
END_OF_DAY = time(23, 59)
TICKS = ("finish", "skip", "reopen")


@signed_in
@only("POST")
def add(request: HttpRequest, plural: str, key: str) -> HttpResponse:
    rtype, number = _tasked(request, plural, key)
    post, owner = request.POST, fields.of(task)["owner"]
    data: dict[str, Any] = {"title": post.get("title", "")}
    if given := post.get("owner", ""):
        data["owner"] = forms.value_of(owner, given, request.actor)
    if day := post.get("due", "").strip():
        data["due_at"] = _end_of(day)
    made = commands.add(rtype, number, data, by(request))
    return record.after(request, rtype, number, _("%(number)s added") % {"number": made.number})


@signed_in
@only("POST")
def apply(request: HttpRequest, plural: str, key: str) -> HttpResponse:
    """All tasks of a template."""
    rtype, number = _tasked(request, plural, key)
    template = forms.number_in(task_template, request.POST.get("template", ""), request.actor)
    made = len(commands.apply(rtype, number, template, by(request)))
    toast = ngettext("%(n)d task added", "%(n)d tasks added", made) % {"n": made}
    return record.after(request, rtype, number, toast)


@signed_in
@only("POST")
def order(request: HttpRequest, plural: str, key: str) -> HttpResponse:
    """A task was dropped before another one, or at the end."""
    rtype, number = _tasked(request, plural, key)
    moved, before = request.POST.get("task", ""), request.POST.get("before") or None
    commands.put_before(rtype, number, moved, before, by(request))
    return record.after(request, rtype, number, _("%(number)s moved") % {"number": moved})


@signed_in
@only("POST")
def act(request: HttpRequest, plural: str, key: str, number: str, verb: str) -> HttpResponse:
    """Ticks a task, lets go of it, takes it up again, or puts it one place up or down."""
    rtype, parent = _tasked(request, plural, key)
    here = f"/{plural}/{parent}/tasks/{number}/"
    if verb in TICKS:
        records.move(task, number, verb, {}, by(request))
        toast = record.toast_for(task, number, task.lifecycle.move(verb))
        undo = f"{here}reopen/" if verb != "reopen" else ""
        return record.after(request, rtype, parent, toast, undo)
    if verb not in ("up", "down"):
        raise Missing
    commands.step(rtype, parent, number, by(request), down=verb == "down")
    return record.after(request, rtype, parent, _("%(number)s moved") % {"number": number})


def _tasked(request: HttpRequest, plural: str, key: str) -> tuple[RecordType, str]:
    """A record that can have tasks, and its number."""
    rtype = type_named(plural)
    row = queries.one(rtype, request.actor, key, names=())
    if not rtype.has("tasks"):
        raise Missing
    return rtype, row["number"]


def _end_of(day: str) -> Any:
    """The end of a day where the reader is; what is no day is the engine's to refuse."""
    try:
        return timezone.make_aware(datetime.combine(date.fromisoformat(day), END_OF_DAY))
    except ValueError:
        return day
