"""Changing a record by hand: the whole form, or one field in place; two people at once are told."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from mainstay.directory import people
from mainstay.directory.record import team as team_type
from mainstay.pure.kinds import FieldKind
from mainstay.records import by_title, commands, fields, queries
from mainstay.records.errors import Denied, Invalid, Missing, Stale
from mainstay.records.rows import Row
from mainstay.records.types import RecordType, shelf
from mainstay.surfaces.web import back, forms, inplace, namesakes, overtaken, record
from mainstay.surfaces.web.answers import done, in_dialog, only, signed_in, status_of
from mainstay.surfaces.web.formats import say
from mainstay.surfaces.web.jinja import page
from mainstay.surfaces.web.pages import by, one, type_named


@signed_in
@only("GET", "HEAD", "POST")
def edit(request: HttpRequest, plural: str, key: str) -> HttpResponse:
    """The whole form; what others changed merges, or is asked about where it is the same field."""
    rtype, row = _changeable(request, plural, key)
    there = fields.readable(rtype, request.actor, row.facts)
    names = [n for n in forms.names_for(rtype, request.actor) if n in there]
    if request.method != "POST":
        return _edit_form(request, rtype, row, names, row)
    data = forms.read(rtype, names, request.POST, request.actor)
    data = {n: v for n, v in data.items() if request.POST.get(f"keep-{n}") != "theirs"}
    try:
        if unsaid := _unsaid(request, names):
            raise Invalid({name: [_("Say which value holds.")] for name in unsaid})
        undo = _change(request, rtype, row, data)
    except (Invalid, Stale) as refusal:
        return _edit_form(request, rtype, row, names, request.POST, refusal)
    return done(request, f"/{plural}/{row['number']}/", _told(row["number"], undo), undo)


def _unsaid(request: HttpRequest, names: Iterable[str]) -> list[str]:
    """The fields two people changed of which this one was asked, and has not said, which value holds."""
    asked = request.POST.getlist("asked")
    return [
        name
        for name in names
        if name in asked and request.POST.get(f"keep-{name}") not in ("theirs", "mine")
    ]


def _in_conflict(request: HttpRequest, names: Collection[str], refusal: Any) -> list[str]:
    """What to ask about, and what was asked until all is saved; what must be typed anew has its own place."""
    asked = set(request.POST.getlist("asked"))
    if isinstance(refusal, Invalid):
        asked -= refusal.fields.keys() - set(_unsaid(request, names))
    elif isinstance(refusal, Stale):
        asked |= refusal.fields.keys()
    return [name for name in names if name in asked]


def _told(number: str, undo: str) -> str:
    return record.toast_for_change(number, is_changed=bool(undo))


def _edit_form(
    request: HttpRequest, rtype: RecordType, row: Row, names: Any, values: Any, refusal: Any = None
) -> HttpResponse:
    errors = (
        forms.clearer(refusal.fields, rtype, values, request.actor)
        if isinstance(refusal, Invalid)
        else {}
    )
    asked = _in_conflict(request, names, refusal)
    anew = refusal.fields if isinstance(refusal, Stale) else ()
    if isinstance(refusal, Stale):
        # Drawn anew from the record of now: what was only drawn before, and changed since, is nobody's wish.
        values = {n: request.POST.get(n, "") if n in refusal.wanted else row[n] for n in names}
    context = {
        "rtype": rtype,
        "row": row,
        "title": _("Edit %(number)s") % {"number": row["number"]},
        "inputs": forms.inputs(rtype, [n for n in names if n not in asked], values, errors=errors),
        "errors": forms.summary(errors, rtype),
        "conflicts": _conflicts(rtype, row, request, asked),
        "keeps": {n: request.POST.get(f"keep-{n}") for n in asked if n not in anew},
        "seen": row["version"]
        if isinstance(refusal, Stale)
        else request.POST.get("seen", row["version"]),
        "asks_reason": "reason" in errors or bool(request.POST.get("reason")),
        "reason": request.POST.get("reason", ""),
    }
    return page(request, "web/edit.html", context, status=status_of(refusal))


def _conflicts(
    rtype: RecordType, row: Row, request: HttpRequest, names: Collection[str]
) -> list[dict[str, Any]]:
    """For each field two people changed: what it is now, and what this person typed."""
    if not names:
        return []
    known, by_whom = fields.of(rtype), overtaken.last_changes(rtype, request.actor, row)
    return [
        {
            "name": name,
            "label": say(known[name].label),
            "said": overtaken.who_and_when(by_whom.get(name)),
            "theirs": record.value_of(known[name], row[name]),
            "mine": _said(known[name], request.POST.get(name, request.POST.get("value", ""))),
            "raw": request.POST.get(name, request.POST.get("value", "")),
        }
        for name in names
    ]


def _said(known: fields.Field, text: str) -> str:
    if known.kind is FieldKind.BOOL:
        return _("Yes") if text in ("true", "on") else _("No")
    return next((word for value, word in forms.choices_of(known) if value == text), text)


@signed_in
@only("GET", "HEAD", "POST")
def set_field(request: HttpRequest, plural: str, key: str, name: str) -> HttpResponse:
    """One field in place: a menu or a small form; saved at once."""
    rtype, row = _changeable(request, plural, key)
    known = fields.readable(rtype, request.actor, row.facts).get(name)
    if known is None or name not in rtype.form or not known.writable:
        raise Missing
    if request.method != "POST":
        return _set_form(request, rtype, row, known)
    text = _chosen(request)
    data = {} if text is None else {name: forms.value_of(known, text, request.actor)}
    try:
        undo = _change(request, rtype, row, data)
    except (Invalid, Stale) as refusal:
        return _set_form(request, rtype, row, known, refusal)
    return inplace.after(request, rtype, row["number"], _told(row["number"], undo), undo)


def _chosen(request: HttpRequest) -> str | None:
    """What was picked, or typed above the list and sent by Enter; None where nothing is to change."""
    if request.POST.get("keep") == "theirs":
        return None
    return request.POST.get("value", request.POST.get("q", "").strip() or None)


def _set_form(
    request: HttpRequest, rtype: RecordType, row: Row, known: fields.Field, refusal: Any = None
) -> HttpResponse:
    value = _chosen(request) if refusal else row[known.name]
    errors = (
        forms.clearer(refusal.fields, rtype, {known.name: value}, request.actor)
        if isinstance(refusal, Invalid)
        else {}
    )
    drawn = forms.inputs(rtype, [known.name], {known.name: value}, errors=errors)[0]
    search = request.GET.get("q", "")
    context = {
        "rtype": rtype,
        "row": row,
        "title": _("Change %(field)s of %(number)s")
        % {"field": say(known.label), "number": row["number"]},
        "known": known,
        "place": inplace.place(request, row["number"]),
        "input": drawn,
        "now": forms.typed(known, row[known.name]),
        "choices": _choices(rtype, request, row, known, search),
        "search": search,
        "seen": row["version"]
        if isinstance(refusal, Stale)
        else request.GET.get("seen", row["version"]),
        "errors": forms.summary({n: m for n, m in errors.items() if n != known.name}, rtype),
        "conflicts": _conflicts(
            rtype, row, request, list(refusal.fields) if isinstance(refusal, Stale) else ()
        ),
        "asks_reason": "reason" in errors,
    }
    response = page(
        request,
        "web/set.html",
        context,
        status=status_of(refusal),
        block="dialog" if refusal else None,
    )
    if refusal:
        return in_dialog(response)
    return response


def _choices(
    rtype: RecordType, request: HttpRequest, row: Row, known: fields.Field, search: str
) -> list[dict[str, Any]]:
    """What a menu offers: the choices, yes and no, or records whose name holds what was typed."""
    if known.is_reference:
        if known.target not in shelf:
            return [_choice({"number": search, "title": search})] if search else []
        found = _records(rtype, request, row, known, search)
        alike = namesakes.among([*found, row[known.name]])
        is_person = known.target == "user"
        return [
            _choice(
                one, one if is_person else None, one.get("held"), is_told=one["number"] in alike
            )
            for one in found
        ]
    yes_or_no = (("true", _("Yes")), ("false", _("No")))
    pairs = yes_or_no if known.kind is FieldKind.BOOL else forms.choices_of(known)
    return [_choice({"number": value, "title": word}) for value, word in pairs]


def _records(
    rtype: RecordType, request: HttpRequest, row: Row, known: fields.Field, search: str
) -> Sequence[Mapping[str, Any]]:
    """The records a menu offers; people who may work on it with how much each has."""
    if known.attribute == "assignee" and not search and (team := _team(rtype, request, row)):
        return people.members(team, request.actor)
    if known.attribute == "assignee" and rtype.has("assignment"):
        return people.workers(request.actor, search, row.facts.organisation_id)
    return by_title.options(shelf.type(known.target), request.actor, search, size=12)


def _choice(
    option: Mapping[str, Any],
    person: Mapping[str, Any] | None = None,
    load: int | None = None,
    *,
    is_told: bool = False,
) -> dict[str, Any]:
    """`number` is there where the name alone does not tell which one it is."""
    return {
        "value": option["number"],
        "word": option["title"],
        "number": option["number"] if is_told else "",
        "person": person,
        "load": load,
    }


def _team(rtype: RecordType, request: HttpRequest, row: Row) -> Row | None:
    """The team a record is with: its people are offered first, with how much each of them has."""
    name = next((f.name for f in fields.of(rtype).values() if f.attribute == "team"), "")
    team = row.get(name)
    try:
        return queries.one(team_type, request.actor, team["number"], names=()) if team else None
    except Missing:
        return None


def _changeable(request: HttpRequest, plural: str, key: str) -> tuple[RecordType, Row]:
    rtype = type_named(plural)
    row = one(request, rtype, key)
    if not queries.may(rtype, request.actor, "change", row):
        raise Denied(lambda: _("You may not change this."))
    return rtype, row


def _change(request: HttpRequest, rtype: RecordType, row: Row, data: dict[str, Any]) -> str:
    """Where that is undone; empty where it changed nothing."""
    seen = request.POST.get("seen", "")
    written = commands.change(
        rtype,
        row["number"],
        data,
        by(request),
        seen=int(seen) if seen.isdecimal() and len(seen) < 10 else None,
        reason=request.POST.get("reason", ""),
    )
    return back.address(rtype, row["number"], written.last_event)
