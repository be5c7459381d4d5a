"""The list of one record type: views, filter, order, columns, pages, and steps for many."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mainstay.directory import bulk_job
from mainstay.pure.conditions import Condition, text_of
from mainstay.pure.rules import Actor
from mainstay.records import access, bulk, commands, fields, queries, where
from mainstay.records.errors import Invalid, Missing
from mainstay.records.types import Message, RecordType
from mainstay.surfaces.web import filtering, forms, shell, tables
from mainstay.surfaces.web.answers import done, in_dialog, only, redirect, signed_in, tell
from mainstay.surfaces.web.formats import say
from mainstay.surfaces.web.jinja import page
from mainstay.surfaces.web.pages import by, type_named
from mainstay.surfaces.web.tables import ListState

SIZE = 50
# What an empty filter shows, so that nobody has to look the language up.
EXAMPLE, EXAMPLE_NEEDS = "priority <= 2 && assignee == me", {"priority", "assignee"}
PLAIN_EXAMPLE = 'title.contains("mail")'


@signed_in
@only("GET", "HEAD")
def show(request: HttpRequest, plural: str) -> HttpResponse:
    rtype = type_named(plural)
    state = tables.state_of(rtype, request.GET, request.actor)
    if "field" in request.GET and "op" in request.GET:
        return _with_clause(request, state)
    return _list(request, state)


def _with_clause(request: HttpRequest, state: ListState) -> HttpResponse:
    """A filled row of the filter form becomes part of the text, and one goes to its address."""
    try:
        added = filtering.clause(state.rtype, request.actor, request.GET)
        whole = filtering.joined(where.parse(state.rtype, request.actor, state.filter), added)
    except Invalid as complaint:
        return _list(request, state, sentence(complaint))
    return redirect(state.url(filter=text_of(whole) if whole else ""))


def _list(request: HttpRequest, state: ListState, complaint: str = "") -> HttpResponse:
    actor, rtype = request.actor, state.rtype
    try:
        own = where.parse(rtype, actor, state.filter)
    except Invalid as error:
        own, complaint = None, complaint or sentence(error)
    columns, below = tables.columns_of(state, actor)
    found, total = None, None
    if not complaint:
        asked = filtering.joined(where.parse(rtype, actor, state.view.where), own)
        found = queries.page(
            rtype, actor, names=_names(columns, below), where=asked, order=state.ordered_by,
            after=state.after or None, size=SIZE, python=True,
        )  # fmt: skip
        total = queries.count(rtype, actor, asked)
    possible = steps(rtype, actor)
    can_bulk = any(possible.values())
    context = {
        "rtype": rtype,
        "title": say(rtype.label_plural),
        "group": shell.AREAS[rtype.area][0] if rtype.area in shell.AREAS else "",
        "state": state,
        "views": tables.views_of(rtype),
        "columns": columns,
        "rows": found.items if found else [],
        "body": tables.body(rtype, columns, below, found.items, can_choose=can_bulk)
        if found
        else "",
        "can_bulk": can_bulk,
        "next": found.next if found else None,
        "total": total,
        "complaint": complaint,
        "chips": filtering.chips(rtype, actor, own),
        "may_create": access.may_ever(rtype.access.create, actor),
        "steps": possible,
        **_controls(request, state),
    }
    return page(request, "web/queue.html", context, status=422 if complaint else 200)


def sentence(refusal: Invalid) -> str:
    """What is wrong with a filter, without the name of the field it stands in."""
    return " ".join(say(text) for messages in refusal.fields.values() for text in messages)


def _names(columns: list[tables.Column], below: fields.Field | None) -> list[str]:
    names = [column.name for column in columns] + ([below.name] if below else [])
    return list(dict.fromkeys(names))


def _controls(request: HttpRequest, state: ListState) -> dict[str, Any]:
    """The menus above the table: one more filter, order, columns."""
    actor, rtype = request.actor, state.rtype
    seen, kinds = fields.visible(rtype, actor), where.kinds(rtype, actor)
    chosen = seen.get(request.GET.get("add", ""))
    adding = None
    if chosen is not None and chosen.name in kinds:
        adding = {
            "input": forms.inputs(rtype, [chosen.name], {})[0],
            "operators": filtering.operators(kinds[chosen.name], target=chosen.target),
        }
    return {
        "filterable": [(n, say(seen[n].label)) for n in kinds if n not in ("kind", "version")],
        "adding": adding,
        "example": EXAMPLE if set(kinds) >= EXAMPLE_NEEDS else PLAIN_EXAMPLE,
        "orders": [(o, _order_words(rtype, o)) for o in rtype.orders],
        "choosable": [(f.name, say(f.label)) for f in tables.choosable(rtype, actor)],
        "chosen_columns": state.columns or tables.usual_columns(rtype, actor),
    }


def _order_words(rtype: RecordType, order: str) -> str:
    words = {
        "-created_at": _("Newest"),
        "created_at": _("Oldest"),
        "-updated_at": _("Last changed"),
        "updated_at": _("Longest unchanged"),
        "title": _("Name"),
    }
    return words.get(order) or say(fields.of(rtype)[order.removeprefix("-")].label)


def steps(rtype: RecordType, actor: Actor) -> dict[str, list[tuple[str, str]]]:
    """What can be done to many records at once: moves, people, and every field of the form."""
    seen = fields.visible(rtype, actor)
    may_change = access.may_ever(rtype.access.change, actor)
    moves = [
        m for m in rtype.lifecycle.moves if access.may_ever(rtype.access.rule_for(m.name), actor)
    ]
    writable = [seen[n] for n in rtype.form if n in seen and seen[n].writable] if may_change else []
    quick = [f for f in writable if f.attribute in ("assignee", "team")]
    return {
        "moves": [(f"move:{m.name}", say(m.label)) for m in moves],
        "quick": [(f"set:{f.name}", say(f.label)) for f in reversed(quick)],
        "fields": [
            (f"set:{f.name}", say(f.label))
            for f in writable
            if f not in quick and f.name != "title"
        ],
    }


@signed_in
@only("POST")
def many(request: HttpRequest, plural: str) -> HttpResponse:
    """One step for the chosen records: what it asks, the doing, then who failed and why."""
    rtype = type_named(plural)
    state = tables.state_of(rtype, request.GET, request.actor)
    verb, _colon, name = request.POST.get("step", "").partition(":")
    if f"{verb}:{name}" not in {
        key for group in steps(rtype, request.actor).values() for key, _label in group
    }:
        raise Missing
    chosen = request.POST.getlist("sel")
    if not request.POST.get("apply"):
        return _ask(request, state, verb, name, chosen)
    data = forms.read(rtype, _asked(rtype, verb, name), request.POST, request.actor)
    complaint = _complaint(rtype, verb, name, data)
    if complaint:
        return _ask(request, state, verb, name, chosen, complaint)
    keys = _keys(request, state) if request.POST.get("which") == "all" else chosen[: bulk.MOST]
    if len(keys) > bulk.AT_ONCE:
        return done(request, f"/jobs/{_as_job(request, rtype, verb, name, data, keys)}/")
    outcome = bulk.run(keys, _step(request, rtype, verb, name, data))
    said = ngettext("%(n)d changed", "%(n)d changed", len(outcome.done)) % {"n": len(outcome.done)}
    if outcome.failed:
        return _failures(request, state, outcome, said)
    if "HX-Request" not in request.headers:
        return redirect(state.url(after=state.after), said)
    return tell(_list(request, state), said, **{"close-dialog": {}})


def _asked(rtype: RecordType, verb: str, name: str) -> tuple[str, ...]:
    if verb == "set":
        return (name,)
    move = rtype.lifecycle.move(name)
    return (*move.needs, *move.asks)


def _complaint(
    rtype: RecordType, verb: str, name: str, data: dict[str, Any]
) -> dict[str, list[str]]:
    """What every single record would be refused for is said once, before anything is done."""
    if verb == "set":
        return {}
    return {
        n: [_("This is needed first.")]
        for n in rtype.lifecycle.move(name).needs
        if data.get(n) is None
    }


def _step(
    request: HttpRequest, rtype: RecordType, verb: str, name: str, data: dict[str, Any]
) -> Callable[[str], Any]:
    who, reason = by(request), request.POST.get("reason", "")
    if verb == "set":
        return lambda key: commands.change(rtype, key, data, who, reason=reason)
    filled, message = _filled(data), _message(request, rtype, name)
    return lambda key: commands.move(rtype, key, name, filled, who, message=message, reason=reason)


def _as_job(
    request: HttpRequest,
    rtype: RecordType,
    verb: str,
    name: str,
    data: dict[str, Any],
    keys: list[str],
) -> str:
    """The same step for too many to wait for; the worker does it, with the rights of the moment."""
    title, reason = _title(rtype, verb, name), request.POST.get("reason", "")
    if verb == "set":
        return bulk_job.start(rtype, keys, title, data, by(request), reason=reason)
    message = _message(request, rtype, name)
    return bulk_job.start(
        rtype, keys, title, _filled(data), by(request), move=name, reason=reason, message=message
    )


def _filled(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if value is not None}


def _message(request: HttpRequest, rtype: RecordType, name: str) -> Message | None:
    text, audience = request.POST.get("message", "").strip(), rtype.lifecycle.move(name).message
    return Message(audience, text) if text and audience else None


def _title(rtype: RecordType, verb: str, name: str) -> str:
    if verb == "move":
        return say(rtype.lifecycle.move(name).label)
    return _("Set %(field)s") % {"field": say(fields.of(rtype)[name].label)}


def _keys(request: HttpRequest, state: ListState) -> list[str]:
    """The numbers of all that match what one looks at, as many as one step may touch."""
    return queries.keys(state.rtype, request.actor, _where(request.actor, state), bulk.MOST)


def _where(actor: Actor, state: ListState) -> Condition | None:
    own = where.parse(state.rtype, actor, state.filter)
    return filtering.joined(where.parse(state.rtype, actor, state.view.where), own)


def _ask(
    request: HttpRequest,
    state: ListState,
    verb: str,
    name: str,
    chosen: list[str],
    complaint: dict[str, list[str]] | None = None,
) -> HttpResponse:
    rtype, actor = state.rtype, request.actor
    context = {
        "rtype": rtype,
        "state": state,
        "title": _title(rtype, verb, name),
        "step": f"{verb}:{name}",
        "chosen": chosen,
        "total": queries.count(rtype, actor, _where(actor, state), limit=bulk.MOST),
        "inputs": forms.inputs(rtype, _asked(rtype, verb, name), request.POST, errors=complaint),
        "message": rtype.lifecycle.move(name).message if verb == "move" else None,
        "takes_reason": verb == "set",
        "outcome": None,
    }
    response = page(
        request,
        "web/bulk.html",
        context,
        status=422 if complaint else 200,
        block="dialog" if complaint else None,
    )
    if complaint:
        return in_dialog(response)
    return response


def _failures(
    request: HttpRequest, state: ListState, outcome: bulk.Outcome, said: str
) -> HttpResponse:
    context = {"rtype": state.rtype, "state": state, "title": said, "outcome": outcome}
    response = page(request, "web/bulk.html", context, block="dialog")
    return tell(in_dialog(response), said)
