"""One step for many records: the question, the doing, then who was left out and why."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import ngettext

from mainstay.directory.audit import noting
from mainstay.pure.conditions import Condition
from mainstay.pure.rules import Actor
from mainstay.records import bulk, queries, where
from mainstay.records.errors import Missing
from mainstay.records.types import RecordType
from mainstay.surfaces.web import filtering, forms, queue, steps, tables
from mainstay.surfaces.web.answers import done, in_dialog, only, redirect, signed_in, tell
from mainstay.surfaces.web.jinja import page
from mainstay.surfaces.web.pages import by, type_named
from mainstay.surfaces.web.removal import undo_url
from mainstay.surfaces.web.tables import ListState


@signed_in
@only("POST")
def many(request: HttpRequest, plural: str) -> HttpResponse:
    """One step for the chosen records: what it asks, the doing, then who failed and why."""
    rtype = type_named(plural)
    state = tables.state_of(rtype, request.GET, request.actor)
    verb, _colon, name = request.POST.get("step", "").partition(":")
    if f"{verb}:{name}" not in {
        key for group in steps.of(rtype, request.actor).values() for key, _label in group
    }:
        raise Missing
    chosen = request.POST.getlist("sel")
    if not request.POST.get("apply"):
        return _ask(request, state, verb, name, chosen)
    data = forms.read(rtype, steps.asked(rtype, verb, name), request.POST, request.actor)
    complaint = steps.complaint(rtype, verb, name, data, is_emptied=_is_emptied(request))
    if complaint:
        return _ask(request, state, verb, name, chosen, complaint)
    keys = _keys(request, state) if request.POST.get("which") == "all" else chosen[: bulk.MOST]
    if len(keys) > bulk.AT_ONCE:
        return done(request, f"/jobs/{steps.as_job(request, rtype, verb, name, data, keys)}/")
    outcome = bulk.run(keys, steps.doing(request, rtype, verb, name, data))
    for refusal in outcome.refusals:
        noting.refused(request, by(request), refusal)
    said, undo = _told(rtype, verb, outcome)
    if outcome.failed:
        return _failures(request, state, outcome, said, undo)
    if "HX-Request" not in request.headers:
        return redirect(state.url(after=state.after), said, undo)
    return tell(queue.draw(request, state), said, undo, **{"close-dialog": {}})


def _told(rtype: RecordType, verb: str, outcome: bulk.Outcome) -> tuple[str, str]:
    """What was done, in words, and where it is undone."""
    count = len(outcome.done)
    if verb == steps.REMOVE:
        said = ngettext("%(n)d removed", "%(n)d removed", count) % {"n": count}
        return said, undo_url(rtype, outcome.done) if count else ""
    return ngettext("%(n)d changed", "%(n)d changed", count) % {"n": count}, ""


def _keys(request: HttpRequest, state: ListState) -> list[str]:
    """The numbers of all that match what one looks at, as many as one step may touch."""
    return queries.keys(state.rtype, request.actor, _where(request.actor, state), bulk.MOST)


def _where(actor: Actor, state: ListState) -> Condition | None:
    own = where.parse(state.rtype, actor, state.filter)
    return filtering.joined(where.parse(state.rtype, actor, state.view.where), own)


def _is_emptied(request: HttpRequest) -> bool:
    return bool(request.POST.get("empty"))


def _ask(
    request: HttpRequest,
    state: ListState,
    verb: str,
    name: str,
    chosen: list[str],
    complaint: dict[str, list[str]] | None = None,
) -> HttpResponse:
    rtype, actor, names = state.rtype, request.actor, steps.asked(state.rtype, verb, name)
    needed = names if verb == "set" else ()
    context = {
        "rtype": rtype,
        "state": state,
        "title": steps.title(rtype, verb, name),
        "step": f"{verb}:{name}",
        "chosen": chosen,
        "total": queries.count(rtype, actor, _where(actor, state), limit=bulk.MOST),
        "wants_all": request.POST.get("which") == "all",
        "inputs": forms.inputs(rtype, names, request.POST, errors=complaint, needed=needed),
        "may_be_emptied": verb == "set" and steps.may_be_emptied(rtype, name),
        "is_emptied": _is_emptied(request),
        "message": rtype.lifecycle.move(name).message if verb == "move" else None,
        "hint": rtype.lifecycle.move(name).hint if verb == "move" else "",
        "said": request.POST.get("message", ""),
        "takes_reason": verb == "set",
        "reason": request.POST.get("reason", ""),
        "is_removal": verb == steps.REMOVE,
        "outcome": None,
    }
    response = page(
        request,
        "web/bulk.html",
        context,
        status=422 if complaint else 200,
        block="dialog" if complaint else None,
    )
    return in_dialog(response) if complaint else response


def _failures(
    request: HttpRequest, state: ListState, outcome: bulk.Outcome, said: str, undo: str
) -> HttpResponse:
    context = {
        "rtype": state.rtype,
        "state": state,
        "title": said,
        "outcome": outcome,
        "undo": undo,
    }
    response = page(request, "web/bulk.html", context, block="dialog")
    return tell(in_dialog(response), said, undo)
