"""A record's tasks: adding one or a whole list, ticking them, putting them in order."""

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mainstay.records import commands, queries
from mainstay.records.errors import Missing
from mainstay.records.types import RecordType, shelf
from mainstay.surfaces.web import forms, record
from mainstay.surfaces.web.answers import only, signed_in
from mainstay.surfaces.web.pages import by, type_named

# A day one works until, to its end.
END_OF_DAY = time(23, 59)
TICKS = ("finish", "skip", "reopen")


@signed_in
@only("POST")
def add(request: HttpRequest, plural: str, key: str) -> HttpResponse:
    """One task more, all of a list, or an end to all that are open."""
    rtype, post = type_named(plural), request.POST
    row = queries.one(rtype, request.actor, key, names=("title",))
    number = row["number"]
    if post.get("skip"):
        left = _offered(rtype, "skip_tasks")(rtype, number, by(request))
        toast = ngettext("%(n)d task skipped", "%(n)d tasks skipped", left) % {"n": left}
    elif post.get("template"):
        chosen = _number(request, "task_template", post["template"])
        made = _offered(rtype, "apply_tasks")(rtype, number, chosen, by(request))
        toast = ngettext("%(n)d task added", "%(n)d tasks added", len(made)) % {"n": len(made)}
    else:
        made = _offered(rtype, "add_task")(rtype, number, _typed(request), by(request))
        toast = _("%(number)s added") % {"number": made.number}
    return record.after(request, rtype, number, toast)


@signed_in
@only("POST")
def act(request: HttpRequest, plural: str, key: str, number: str) -> HttpResponse:
    """Ticks a task, lets go of it, takes it up again, or gives it another place."""
    rtype, post = type_named(plural), request.POST
    row = queries.one(rtype, request.actor, key, names=("title",))
    do, toast = post.get("do", ""), _("%(number)s moved") % {"number": number}
    if do in TICKS:
        task = shelf.type("task")
        commands.move(task, number, do, {}, by(request))
        toast = record.toast_for(number, task.lifecycle.move(do))
    elif do in ("up", "down", "before"):
        before = post.get("before") or None
        if do != "before":
            before = _neighbour(request, rtype, row, number, do)
        _offered(rtype, "order_task")(rtype, row["number"], number, before, by(request))
    else:
        raise Missing
    return record.after(request, rtype, row["number"], toast)


def _offered(rtype: RecordType, name: str) -> Callable[..., Any]:
    offered = rtype.offer(name)
    if offered is None:
        raise Missing
    return offered


def _typed(request: HttpRequest) -> dict[str, Any]:
    """What the line of the block holds."""
    post = request.POST
    data: dict[str, Any] = {"title": post.get("title", "")}
    if owner := post.get("owner", "").strip():
        data["owner"] = _number(request, "user", owner)
    if due := post.get("due", "").strip():
        data["due_at"] = _end_of(due)
    return data


def _end_of(day: str) -> Any:
    """The end of a day where the reader is; what is no day is the engine's to refuse."""
    try:
        return timezone.make_aware(datetime.combine(date.fromisoformat(day), END_OF_DAY))
    except ValueError:
        return day


def _number(request: HttpRequest, type_name: str, text: str) -> str:
    """The number in what was typed or chosen, or that of the only record called so."""
    number = forms.number_typed(text)
    if number != text.strip():
        return number
    found = queries.options(shelf.type(type_name), request.actor, text, size=2)
    return found[0]["number"] if len(found) == 1 else number


def _neighbour(
    request: HttpRequest, rtype: RecordType, row: Any, number: str, way: str
) -> str | None:
    """Before which task one stands that goes up or down by one; None for the end."""
    there = [t["number"] for t in _offered(rtype, "tasks")(rtype, request.actor, row)]
    if number not in there:
        raise Missing
    at = there.index(number)
    if way == "up":
        return str(there[max(at - 1, 0)])
    return str(there[at + 2]) if at + 2 < len(there) else None
