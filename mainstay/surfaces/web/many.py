"""One step for many records: the question, what it would do, the doing, then who was left out and why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import ngettext

from mainstay.directory.audit import noting
from mainstay.pure.conditions import Condition, FieldRef, In, Kind, Value
from mainstay.pure.kinds import FieldKind
from mainstay.pure.rules import Actor
from mainstay.records import bulk, counting, fields, queries, values, where
from mainstay.records.errors import Missing, Refused
from mainstay.records.types import RecordType, shelf
from mainstay.surfaces.web import addresses, filtering, forms, queue, steps, tables
from mainstay.surfaces.web.addresses import ListState
from mainstay.surfaces.web.answers import done, in_dialog, only, redirect, signed_in, tell
from mainstay.surfaces.web.jinja import page
from mainstay.surfaces.web.pages import by, type_named


@signed_in
@only("POST")
def many(request: HttpRequest, plural: str) -> HttpResponse:
    """One step for the chosen records: what it asks, what it would do, the doing, then who failed and why."""
    rtype = type_named(plural)
    state = addresses.state_of(rtype, request.GET, request.actor)
    verb, _colon, name = request.POST.get("step", "").partition(":")
    if f"{verb}:{name}" not in {
        key for group in steps.of(rtype, request.actor).values() for key, _label in group
    }:
        raise Missing
    asked = Asked(state, verb, name, request.POST.getlist("sel"))
    data = forms.read(rtype, steps.asked(rtype, verb, name), request.POST, request.actor)
    complaint = steps.complaint(rtype, verb, name, data, is_emptied=_is_emptied(request))
    complaint = complaint or _of_nobody(request, rtype, data)
    is_begun = request.POST.get("apply") or request.POST.get("preview")
    # What asks for nothing first can be tried at once.
    if complaint or (verb == "set" and not is_begun):
        is_told = is_begun and request.POST.get("preview") != "auto"
        return _ask(request, asked, complaint if is_told else None)
    keys = _keys(request, state) if request.POST.get("which") == "all" else _chosen(asked)
    step = steps.doing(request, rtype, verb, name, data)
    if look := _to_be_shown(request, asked, keys, step):
        _note(request, look.told.refusals)
        does = steps.said(request, rtype, verb, name, data) if verb == "set" else ""
        return _ask(request, asked, look=look, does=does)
    if len(keys) > bulk.AT_ONCE:
        return done(request, f"/jobs/{steps.as_job(request, rtype, verb, name, data, keys)}/")
    outcome = bulk.run(keys, step)
    _note(request, outcome.refusals)
    # What changed nothing leaves nothing behind.
    kept = steps.keep(request, rtype, verb, name, data, keys, outcome) if outcome.events else ""
    job, said = kept and f"/jobs/{kept}/", _told(verb, len(outcome.events))
    undo = f"{job}undo/" if job else ""
    if outcome.failed:
        return _failures(request, state, outcome, said, undo, job)
    if "HX-Request" not in request.headers:
        return redirect(state.url(**state.place), said, undo)
    return tell(queue.draw(request, state), said, undo, **{"close-dialog": {}})


@dataclass(frozen=True)
class Asked:
    """One step, and the records it was chosen for in a list."""

    state: ListState
    verb: str
    name: str
    chosen: list[str]


@dataclass(frozen=True)
class Look:
    """What a step would do by now, what those that would change hold, and the mark that tells it from another look."""

    told: bulk.Preview
    before: list[tuple[str, list[str]]]
    mark: str
    is_other: bool = False


def _to_be_shown(
    request: HttpRequest, asked: Asked, keys: list[str], step: bulk.Step
) -> Look | None:
    """What has to be seen before anything is done; None where it was seen and it is still what would happen.

    So it is tried once more when it is to be done: others have worked on, and what was shown may be no more true.
    """
    seen, is_to_be_done = request.POST.get("previewed"), bool(request.POST.get("apply"))
    if is_to_be_done and seen is None and asked.verb != steps.REMOVE:
        return None  # Whoever asks without a form was shown nothing. But nothing goes before it was shown.
    told = bulk.preview(keys, step)
    before = _before(asked, request.actor, told.changed)
    held = sorted((value, sorted(numbers)) for value, numbers in before)
    mark = steps.digest(request.POST, [keys, told.changed, sorted(told.left_out), held])
    if is_to_be_done and seen == mark:
        return None
    return Look(told, before, mark, is_other=is_to_be_done and bool(seen))


def _note(request: HttpRequest, refusals: Iterable[Refused]) -> None:
    for refusal in refusals:
        noting.refused(request, by(request), refusal)


def _told(verb: str, count: int) -> str:
    """What was done, in words."""
    if verb == steps.REMOVE:
        return ngettext("%(n)d removed", "%(n)d removed", count) % {"n": count}
    return ngettext("%(n)d changed", "%(n)d changed", count) % {"n": count}


def _chosen(asked: Asked) -> list[str]:
    """Each once, whatever the form sends."""
    return list(dict.fromkeys(asked.chosen))[: bulk.MOST]


def _keys(request: HttpRequest, state: ListState) -> list[str]:
    """The numbers of all that match what one looks at, as many as one step may touch."""
    return queries.keys(state.rtype, request.actor, _where(request.actor, state), bulk.MOST)


def _where(actor: Actor, state: ListState) -> Condition | None:
    own = where.parse(state.rtype, actor, state.filter)
    return filtering.joined(where.parse(state.rtype, actor, state.view.where), own)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 0


def _is_emptied(request: HttpRequest) -> bool:
    return bool(request.POST.get("empty"))


def _ask(
    request: HttpRequest,
    asked: Asked,
    complaint: dict[str, list[str]] | None = None,
    look: Look | None = None,
    does: str = "",
) -> HttpResponse:
    state, verb, name = asked.state, asked.verb, asked.name
    rtype, actor, names = state.rtype, request.actor, steps.asked(state.rtype, verb, name)
    needed = names if verb == "set" else steps.needed(rtype, verb, name)
    context = {
        "rtype": rtype,
        "state": state,
        "title": steps.title(rtype, verb, name),
        "step": f"{verb}:{name}",
        "chosen": asked.chosen,
        "shown": _number(request.POST.get("shown", "")),
        "total": counting.count(rtype, actor, _where(actor, state), limit=bulk.MOST),
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
        "is_move": verb == "move",
        "told": look and look.told,
        "does": does,
        "before": look.before if look else [],
        "is_other": bool(look and look.is_other),
        "named": bulk.NAMED,
        "previewed": look.mark if look else "",
        "outcome": None,
    }
    # What was sent to be done and has to be looked at first comes back where it stood.
    is_sent_back = bool(complaint) or bool(request.POST.get("apply"))
    response = page(
        request,
        "web/bulk.html",
        context,
        status=422 if complaint else 200,
        block="dialog" if is_sent_back else None,
    )
    return in_dialog(response) if is_sent_back else response


def _of_nobody(
    request: HttpRequest, rtype: RecordType, data: Mapping[str, Any]
) -> dict[str, list[str]]:
    """What is the name of nothing, or of several, is mended where it was typed, and tried on no record."""
    known, none = fields.of(rtype), dict[str, list[str]]()
    for name, typed in data.items():
        target = known[name].target
        if (
            typed
            and target in shelf
            and not values.lookup(shelf.type(target), typed, request.actor)
        ):
            none[name] = [values.none_called(known[name], typed)]
    told = forms.clearer(none, rtype, request.POST, request.actor) if none else {}
    return {name: list(said) for name, said in told.items()}


def _before(asked: Asked, actor: Actor, keys: list[str]) -> list[tuple[str, list[str]]]:
    """What those that would change hold by now, each value as a list shows it, with the numbers of who has it."""
    rtype, name = asked.state.rtype, asked.name
    known = fields.visible(rtype, actor).get(name) if asked.verb == "set" else None
    if known is None or known.kind in (FieldKind.LONG, FieldKind.DATA) or not keys:
        return []
    among = In(FieldRef("number", Kind.KEY), tuple(map(Value, keys)))
    rows = queries.page(rtype, actor, names=[name], where=among, size=len(keys), python=True).items
    held = dict[str, list[str]]()
    for row in rows:
        held.setdefault(tables.plain(known, row[name]), []).append(row["number"])
    return sorted(held.items(), key=lambda each: -len(each[1]))


def _failures(
    request: HttpRequest,
    state: ListState,
    outcome: bulk.Outcome,
    said: str,
    undo: str,
    job: str,
) -> HttpResponse:
    context = {
        "rtype": state.rtype,
        "state": state,
        "title": said,
        "outcome": outcome,
        "undo": undo,
        "job": job,
    }
    response = page(request, "web/bulk.html", context, block="dialog")
    # The dialog says what was done and undoes it: a sentence below would lie under it. The list behind it is of before.
    return tell(in_dialog(response), "", overtaken={})
