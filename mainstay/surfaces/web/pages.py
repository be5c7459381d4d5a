"""The pages of one record: see, create, move, talk."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from mainstay.directory.audit import noting
from mainstay.pure.language import within
from mainstay.pure.lifecycle import Move
from mainstay.pure.rules import Actor, By
from mainstay.records import access, by_title, commands, fields, queries
from mainstay.records.errors import Denied, Illegal, Invalid, Missing
from mainstay.records.rows import Row
from mainstay.records.types import Message, RecordType, shelf
from mainstay.surfaces.web import back, forms, inplace, outlook, overtaken, record, shell, talking
from mainstay.surfaces.web.answers import (
    done,
    error,
    in_dialog,
    is_fragment,
    only,
    page_above,
    redirect,
    refused,
    signed_in,
    status_of,
    tell,
    typed,
)
from mainstay.surfaces.web.formats import say
from mainstay.surfaces.web.jinja import page

DOOR = "web"
# Under which names the engine complains about the text that goes with a move.
MESSAGE_NAMES = ("message", "text")


def by(request: HttpRequest) -> By:
    return By(request.actor, DOOR)


def type_named(plural: str) -> RecordType:
    rtype = shelf.by_plural(plural)
    if rtype is None:
        raise Missing
    return rtype


def one(request: HttpRequest, rtype: RecordType, key: str) -> Row:
    """The record of a page, with all its fields; a look at one behind a wall stands in the audit. Raises Missing."""
    row = queries.one(rtype, request.actor, key, python=True)
    noting.looked(request, by(request), row)
    return row


@signed_in
@only("GET", "HEAD")
def see(request: HttpRequest, plural: str, key: str) -> HttpResponse:
    rtype = type_named(plural)
    row = one(request, rtype, key)
    if key != row["number"]:
        return redirect(f"/{plural}/{row['number']}/")
    shell.opened(request, rtype, row)
    return record.draw(request, rtype, row)


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
        raise Denied(lambda: _("You may not create this."))
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
    toast = _("%(number)s created") % {"number": made.number}
    unkept = talking.attach(request, rtype, made.number, "all", by(request))
    return done(request, f"/{plural}/{made.number}/", f"{toast}. {unkept}" if unkept else toast)


def _create_form(
    request: HttpRequest,
    rtype: RecordType,
    names: Any,
    values: Any,
    refusal: Invalid | None = None,
    status: int = 200,
) -> HttpResponse:
    errors = forms.clearer(refusal.fields, rtype, values, request.actor) if refusal else {}
    context = {
        "rtype": rtype,
        "title": _("New %(type)s") % {"type": within(say(rtype.label))},
        "inputs": forms.inputs(rtype, names, values, errors=errors),
        "errors": forms.summary(errors, rtype),
        "takes_files": rtype.has("files"),
    }
    return page(request, "web/create.html", context, status=status)


@signed_in
@only("GET", "HEAD", "POST")
def move(request: HttpRequest, plural: str, key: str, name: str) -> HttpResponse:
    """A verb of the lifecycle with what it needs and asks."""
    rtype = type_named(plural)
    row = one(request, rtype, key)
    try:
        verb = rtype.lifecycle.move(name)
    except KeyError:
        raise Missing from None
    names = (*verb.needs, *verb.asks)
    if request.method != "POST":
        if not queries.may(rtype, request.actor, name, row):
            raise Denied(lambda: _("You may not do this."))
        return _move_form(
            request, rtype, row, verb, _with_who_acts(rtype, request.actor, row, names)
        )
    data = {
        n: v
        for n, v in forms.read(rtype, names, request.POST, request.actor).items()
        if v is not None
    }
    text = request.POST.get("message", "").strip()
    message = Message(verb.message, text) if text and verb.message else None
    try:
        moved = commands.move(
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
    except Illegal as refusal:
        noting.refused(request, by(request), refusal)
        return _overtaken(request, rtype, verb, row["number"], refusal)
    # What was said with it was said; whoever read it is told by hand.
    undo = "" if message else back.address(rtype, row["number"], moved.last_event)
    toast = record.toast_for(rtype, record.called(rtype, row), verb)
    return inplace.after(request, rtype, row["number"], toast, undo)


def _with_who_acts(
    rtype: RecordType, actor: Actor, row: Row, names: Iterable[str]
) -> Mapping[str, Any]:
    """What the form of a move begins with: where nobody has it yet, who takes it up is who makes the move."""
    known = fields.of(rtype)
    name = next((n for n in names if known[n].attribute == "assignee"), "")
    if not name or row.get(name, "unseen") or actor.id is None:
        return row
    if not access.works(rtype, actor, row.facts._replace(assignee_id=actor.id)):
        return row
    return {**row, name: {"title": actor.name, "number": actor.number}}


def _move_form(
    request: HttpRequest,
    rtype: RecordType,
    row: Row,
    verb: Move,
    values: Any,
    refusal: Invalid | Illegal | None = None,
) -> HttpResponse:
    errors = (
        forms.clearer(refusal.fields, rtype, values, request.actor)
        if isinstance(refusal, Invalid)
        else {}
    )
    context = {
        "rtype": rtype,
        "row": row,
        "verb": verb,
        "overtaken": overtaken.by_whom(rtype, request.actor, row)
        if isinstance(refusal, Illegal)
        else "",
        "place": inplace.place(request, row["number"]),
        "title": f"{say(verb.label)}: {row['number']}",
        "inputs": forms.inputs(
            rtype, (*verb.needs, *verb.asks), values, errors=errors, needed=verb.needs
        ),
        "errors": forms.summary(errors, rtype),
        "message": request.POST.get("message", ""),
        "message_errors": [say(e) for n in MESSAGE_NAMES for e in errors.get(n, ())],
        "asks_reason": "reason" in errors,
        "outlook": outlook.of(rtype, request.actor, row, verb),
    }
    response = page(
        request,
        "web/move.html",
        context,
        status=status_of(refusal),
        block="dialog" if refusal else None,
    )
    if refusal:
        return in_dialog(response)
    return response


def _overtaken(
    request: HttpRequest, rtype: RecordType, verb: Move, number: str, refusal: Illegal
) -> HttpResponse:
    """Somebody was faster: who and when stands in the dialog with what was typed, and the page beneath looks anew."""
    row = queries.one(rtype, request.actor, number, python=True)
    response = _move_form(request, rtype, row, verb, request.POST, refusal)
    return tell(response, "", **{"overtaken": {"number": number}})


@signed_in
@only("POST")
def talk(request: HttpRequest, plural: str, key: str) -> HttpResponse:
    """A reply or an internal note, with files."""
    rtype = type_named(plural)
    row = queries.one(rtype, request.actor, key, names=talking.names_for(rtype, request.actor))
    # Whatever is not said outright to be public stays among colleagues; nothing slips out.
    audience = "all" if request.POST.get("audience") == "all" else "internal"
    if words := talking.refusal(request, rtype, row, audience):
        if is_fragment(request):
            return tell(refused(request, Illegal(words)), words, overtaken={})
        return error(request, 409, words, typed(request), page_above(request.path_info))
    unkept = talking.say(request, rtype, row["number"], audience, by(request))
    toast = unkept or (_("Note saved") if audience == "internal" else _("Reply sent"))
    if (forget := rtype.offer("forget_draft")) is not None:
        said = talking.typed(request).strip()
        forget(row, audience, request.actor, said, request.POST.get(f"seen-{audience}", ""))
    if strangers := talking.unheard(request, rtype, row, audience):
        toast = f"{toast}. {strangers}"
    if "HX-Request" not in request.headers:
        return redirect(f"/{plural}/{row['number']}/#end", toast)
    return record.respond(request, rtype, row["number"], toast=toast, said={})


@signed_in
@only("GET", "HEAD")
def options(request: HttpRequest, plural: str) -> HttpResponse:
    """Records to choose from, for the list below a field."""
    rtype = type_named(plural)
    name = request.GET.get("list", "").removeprefix("o-")
    found = by_title.options(rtype, request.actor, request.GET.get(name, ""), size=12)
    return page(request, "web/options.html", {"options": found, "joint": forms.JOINT})
