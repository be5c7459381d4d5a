"""The pages of one record: see, create, edit, change one field, move, talk, link."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from mainstay.pure.lifecycle import Move
from mainstay.pure.rules import By
from mainstay.records import access, commands, fields, queries
from mainstay.records.errors import Denied, Invalid, Missing, Stale
from mainstay.records.rows import Row
from mainstay.records.types import Message, RecordType, shelf
from mainstay.surfaces.web import forms, record
from mainstay.surfaces.web.answers import done, in_dialog, only, redirect, signed_in
from mainstay.surfaces.web.formats import say
from mainstay.surfaces.web.jinja import page
from mainstay.surfaces.web.record import respond

DOOR = "web"
MESSAGE_NAMES = ("message", "text", "reason")


def by(request: HttpRequest) -> By:
    return By(request.actor, DOOR)


def type_named(plural: str) -> RecordType:
    rtype = shelf.by_plural(plural)
    if rtype is None:
        raise Missing
    return rtype


@signed_in
@only("GET", "HEAD")
def see(request: HttpRequest, plural: str, key: str) -> HttpResponse:
    rtype = type_named(plural)
    row = queries.one(rtype, request.actor, key, names=())
    if key != row["number"]:
        return redirect(f"/{plural}/{row['number']}/")
    return respond(request, rtype, key)


@signed_in
@only("GET", "HEAD")
def find(request: HttpRequest, number: str) -> HttpResponse:
    """/r/INC-20481 in any spelling: to the record, in the surface that is this person's."""
    rtype, row = queries.find(request.actor, number)
    if not request.actor.grants and rtype.portal_form:
        return redirect(f"/portal/requests/{row['number']}/")
    return redirect(f"/{rtype.plural}/{row['number']}/")


@signed_in
@only("GET", "HEAD", "POST")
def create(request: HttpRequest, plural: str) -> HttpResponse:
    rtype = type_named(plural)
    if not access.may_ever(rtype.access.create, request.actor):
        raise Denied(_("You may not create this."))
    names = forms.names_for(rtype, request.actor)
    if request.method != "POST":
        return _create_form(request, rtype, names, forms.defaults(rtype, names))
    data = {
        n: v
        for n, v in forms.read(rtype, names, request.POST, request.actor).items()
        if v is not None
    }
    try:
        made = commands.create(rtype, data, by(request))
    except Invalid as refusal:
        return _create_form(request, rtype, names, request.POST, refusal, status=422)
    attach_all(request, rtype, made.number, "all")
    return done(
        request, f"/{plural}/{made.number}/", _("%(number)s created") % {"number": made.number}
    )


def _create_form(
    request: HttpRequest,
    rtype: RecordType,
    names: Any,
    values: Any,
    refusal: Invalid | None = None,
    status: int = 200,
) -> HttpResponse:
    errors = refusal.fields if refusal else {}
    context = {
        "rtype": rtype,
        "title": _("New %(type)s") % {"type": say(rtype.label).lower()},
        "inputs": forms.inputs(rtype, names, values, errors=errors),
        "errors": forms.summary(errors, rtype),
        "takes_files": rtype.has("files"),
    }
    return page(request, "web/create.html", context, status=status)


@signed_in
@only("GET", "HEAD", "POST")
def edit(request: HttpRequest, plural: str, key: str) -> HttpResponse:
    """The whole form; somebody else's change to another field merges, to the same field is asked about."""
    rtype, row = _changeable(request, plural, key)
    names = forms.names_for(rtype, request.actor)
    if request.method != "POST":
        return _edit_form(request, rtype, row, names, row)
    data = forms.read(rtype, names, request.POST, request.actor)
    data = {n: v for n, v in data.items() if request.POST.get(f"keep-{n}") != "theirs"}
    try:
        _change(request, rtype, row, data)
    except (Invalid, Stale) as refusal:
        return _edit_form(request, rtype, row, names, request.POST, refusal)
    return done(request, f"/{plural}/{row['number']}/", record.toast_for(row["number"]))


def _edit_form(
    request: HttpRequest, rtype: RecordType, row: Row, names: Any, values: Any, refusal: Any = None
) -> HttpResponse:
    errors = refusal.fields if isinstance(refusal, Invalid) else {}
    context = {
        "rtype": rtype,
        "row": row,
        "title": _("Edit %(number)s") % {"number": row["number"]},
        "inputs": forms.inputs(rtype, names, values, errors=errors),
        "errors": forms.summary(errors, rtype),
        "conflicts": _conflicts(rtype, row, request, refusal),
        "seen": row["version"]
        if isinstance(refusal, Stale)
        else request.POST.get("seen", row["version"]),
        "asks_reason": "reason" in errors or bool(request.POST.get("reason")),
        "reason": request.POST.get("reason", ""),
    }
    return page(request, "web/edit.html", context, status=_status_of(refusal))


def _conflicts(
    rtype: RecordType, row: Row, request: HttpRequest, refusal: Any
) -> list[dict[str, Any]]:
    """For each field two people changed: what it is now, and what this person typed."""
    if not isinstance(refusal, Stale):
        return []
    known = fields.of(rtype)
    return [
        {
            "name": name,
            "label": say(known[name].label),
            "theirs": record.value_of(known[name], row[name]),
            "mine": _said(known[name], request.POST.get(name, request.POST.get("value", ""))),
            "raw": request.POST.get(name, request.POST.get("value", "")),
        }
        for name in refusal.fields
    ]


def _said(known: fields.Field, text: str) -> str:
    return next((word for value, word in forms.choices_of(known) if value == text), text)


@signed_in
@only("GET", "HEAD", "POST")
def set_field(request: HttpRequest, plural: str, key: str, name: str) -> HttpResponse:
    """One field in place: a menu or a small form; saved at once."""
    rtype, row = _changeable(request, plural, key)
    known = fields.visible(rtype, request.actor).get(name)
    if known is None or name not in rtype.form or not known.writable:
        raise Missing
    if request.method != "POST":
        return _set_form(request, rtype, row, known)
    text = request.POST.get("value", "")
    data = (
        {}
        if request.POST.get("keep") == "theirs"
        else {name: forms.value_of(known, text, request.actor)}
    )
    try:
        _change(request, rtype, row, data)
    except (Invalid, Stale) as refusal:
        return _set_form(request, rtype, row, known, refusal)
    return _after(request, rtype, row["number"], record.toast_for(row["number"]))


def _set_form(
    request: HttpRequest, rtype: RecordType, row: Row, known: fields.Field, refusal: Any = None
) -> HttpResponse:
    errors = refusal.fields if isinstance(refusal, Invalid) else {}
    value = request.POST.get("value") if refusal else row[known.name]
    drawn = forms.inputs(rtype, [known.name], {known.name: value}, errors=errors)[0]
    search = request.GET.get("q", "")
    context = {
        "rtype": rtype,
        "row": row,
        "title": _("Change %(field)s of %(number)s")
        % {"field": say(known.label), "number": row["number"]},
        "known": known,
        "input": drawn,
        "now": forms.typed(known, row[known.name]),
        "choices": _choices(rtype, request, known, search),
        "search": search,
        "seen": row["version"]
        if isinstance(refusal, Stale)
        else request.GET.get("seen", row["version"]),
        "errors": forms.summary({n: m for n, m in errors.items() if n != known.name}, rtype),
        "conflicts": _conflicts(rtype, row, request, refusal),
        "asks_reason": "reason" in errors,
    }
    response = page(
        request,
        "web/set.html",
        context,
        status=_status_of(refusal),
        block="dialog" if refusal else None,
    )
    if refusal:
        return in_dialog(response)
    return response


def _choices(
    rtype: RecordType, request: HttpRequest, known: fields.Field, search: str
) -> list[dict[str, Any]]:
    """What a menu offers: the choices, yes and no, or records whose name holds what was typed."""
    if known.is_reference:
        found = queries.options(shelf.type(known.target), request.actor, search, size=12)
        return [
            {
                "value": o["number"],
                "word": o["title"],
                "person": o if known.target == "user" else None,
            }
            for o in found
        ]
    pairs = (
        (("true", _("Yes")), ("false", _("No")))
        if known.kind == "bool"
        else forms.choices_of(known)
    )
    return [{"value": value, "word": word, "person": None} for value, word in pairs]


@signed_in
@only("GET", "HEAD", "POST")
def move(request: HttpRequest, plural: str, key: str, name: str) -> HttpResponse:
    """A verb of the lifecycle with what it needs and asks."""
    rtype = type_named(plural)
    row = queries.one(rtype, request.actor, key, python=True)
    try:
        verb = rtype.lifecycle.move(name)
    except KeyError:
        raise Missing from None
    names = (*verb.needs, *verb.asks)
    if request.method != "POST":
        return _move_form(request, rtype, row, verb, row)
    data = {
        n: v
        for n, v in forms.read(rtype, names, request.POST, request.actor).items()
        if v is not None
    }
    text = request.POST.get("message", "").strip()
    message = Message(verb.message, text) if text and verb.message else None
    try:
        commands.move(
            rtype,
            row["number"],
            name,
            data,
            by(request),
            message=message,
            reason=request.POST.get("reason", ""),
        )
    except Invalid as refusal:
        return _move_form(request, rtype, row, verb, request.POST, refusal)
    return _after(request, rtype, row["number"], record.toast_for(row["number"], verb))


def _move_form(
    request: HttpRequest,
    rtype: RecordType,
    row: Row,
    verb: Move,
    values: Any,
    refusal: Invalid | None = None,
) -> HttpResponse:
    errors = refusal.fields if refusal else {}
    context = {
        "rtype": rtype,
        "row": row,
        "verb": verb,
        "title": f"{say(verb.label)}: {row['number']}",
        "inputs": forms.inputs(
            rtype, (*verb.needs, *verb.asks), values, errors=errors, needed=verb.needs
        ),
        "errors": forms.summary(errors, rtype),
        "message": request.POST.get("message", ""),
        "message_errors": [say(e) for n in MESSAGE_NAMES[:2] for e in errors.get(n, ())],
        "asks_reason": "reason" in errors,
    }
    response = page(
        request,
        "web/move.html",
        context,
        status=_status_of(refusal),
        block="dialog" if refusal else None,
    )
    if refusal:
        return in_dialog(response)
    return response


@signed_in
@only("POST")
def talk(request: HttpRequest, plural: str, key: str) -> HttpResponse:
    """A reply or an internal note, with files."""
    rtype = type_named(plural)
    row = queries.one(rtype, request.actor, key, names=("title",))
    audience = "internal" if request.POST.get("audience") == "internal" else "all"
    say_something(request, rtype, row["number"], audience)
    toast = _("Note saved") if audience == "internal" else _("Reply sent")
    if "HX-Request" not in request.headers:
        return redirect(f"/{plural}/{row['number']}/#end", toast)
    return respond(request, rtype, row["number"], toast=toast, said={})


def say_something(request: HttpRequest, rtype: RecordType, number: str, audience: str) -> None:
    """The text and the files of a form, whichever there are. Raises Invalid when there is neither."""
    say_it, text = rtype.offer("say"), request.POST.get("text", "").strip()
    if say_it is None:
        raise Missing
    if text or not request.FILES:
        say_it(rtype, number, Message(audience, text), by(request))
    attach_all(request, rtype, number, audience)


def attach_all(request: HttpRequest, rtype: RecordType, number: str, audience: str) -> None:
    attach = rtype.offer("attach")
    for file in request.FILES.getlist("files") if attach else ():
        attach(rtype, number, file.name, file.chunks(), audience, by(request))


@signed_in
@only("POST")
def link(request: HttpRequest, plural: str, key: str) -> HttpResponse:
    """Relates the record to another one by its number, or takes that away."""
    rtype = type_named(plural)
    row = queries.one(rtype, request.actor, key, names=("title",))
    kind, other = request.POST.get("kind", ""), forms.number_typed(request.POST.get("record", ""))
    if request.POST.get("away"):
        commands.unlink(rtype, row["number"], kind, other, by(request))
        return _after(request, rtype, row["number"], _("Link removed"))
    commands.link(rtype, row["number"], kind, other, by(request))
    return _after(request, rtype, row["number"], _("Linked"))


@signed_in
@only("GET", "HEAD")
def options(request: HttpRequest, plural: str) -> HttpResponse:
    """Records to choose from, for the list below a field."""
    rtype = type_named(plural)
    name = request.GET.get("list", "").removeprefix("o-")
    found = queries.options(rtype, request.actor, request.GET.get(name, ""), size=12)
    return page(request, "web/options.html", {"options": found, "joint": forms.JOINT})


def _changeable(request: HttpRequest, plural: str, key: str) -> tuple[RecordType, Row]:
    rtype = type_named(plural)
    row = queries.one(rtype, request.actor, key, python=True)
    if not queries.may(rtype, request.actor, "change", row):
        raise Denied(_("You may not change this."))
    return rtype, row


def _change(request: HttpRequest, rtype: RecordType, row: Row, data: dict[str, Any]) -> None:
    seen = request.POST.get("seen", "")
    commands.change(
        rtype,
        row["number"],
        data,
        by(request),
        seen=int(seen) if seen.isdecimal() and len(seen) < 10 else None,
        reason=request.POST.get("reason", ""),
    )


def _after(request: HttpRequest, rtype: RecordType, number: str, toast: str) -> HttpResponse:
    """The record as it is now: its block for htmx, a redirect otherwise."""
    if "HX-Request" not in request.headers:
        return redirect(f"/{rtype.plural}/{number}/", toast)
    if not request.headers.get("HX-Target", "").endswith("#record"):
        return done(request, f"/{rtype.plural}/{number}/", toast)
    return respond(request, rtype, number, toast=toast, **{"close-dialog": {}})


def _status_of(refusal: Any) -> int:
    return 200 if refusal is None else 409 if isinstance(refusal, Stale) else 422
