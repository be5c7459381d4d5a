"""What can be done to many records at once: what each step asks for, what it is called, and the doing."""

import hashlib
import json
from typing import Any

from django.http import HttpRequest, QueryDict

from mainstay.directory import bulk_job
from mainstay.pure.kinds import FieldKind
from mainstay.pure.rules import Actor, By
from mainstay.records import access, bulk, commands, fields, queries
from mainstay.records.errors import Missing
from mainstay.records.types import Message, RecordType, shelf
from mainstay.surfaces.web import flash, forms, tables
from mainstay.surfaces.web.formats import gettext as _
from mainstay.surfaces.web.formats import per_reader, say

REMOVE = "remove"
# As much of a value is said in the name of what was done.
LONGEST = 60
# What a form sends that is no part of what it asks for. The reason is kept with a change and decides nothing of it.
MARKS = ("csrfmiddlewaretoken", "apply", "preview", "previewed", "shown", "reason")


@per_reader
def of(rtype: RecordType, actor: Actor) -> dict[str, list[tuple[str, str]]]:
    """What can be done to many records at once: moves, people, and every field of the form.

    But those of which no two records may have the same.
    """
    seen = fields.visible(rtype, actor)
    may_change = access.may_ever(rtype.access.change, actor)
    moves = [
        m for m in rtype.lifecycle.moves if access.may_ever(rtype.access.rule_for(m.name), actor)
    ]
    writable = [seen[n] for n in rtype.form if n in seen and seen[n].writable] if may_change else []
    removal = access.may_ever(rtype.access.remove, actor)
    quick = [f for f in writable if f.attribute in ("assignee", "team")]
    return {
        "moves": [(f"move:{m.name}", say(m.label)) for m in moves],
        "quick": [(f"set:{f.name}", say(f.label)) for f in reversed(quick)],
        "fields": [
            (f"set:{f.name}", say(f.label))
            for f in writable
            if f not in quick and not f.source.unique
        ],
        "removal": [(f"{REMOVE}:", _("Remove"))] if removal else [],
    }


def asked(rtype: RecordType, verb: str, name: str) -> tuple[str, ...]:
    if verb != "move":
        return (name,) if verb == "set" else ()
    move = rtype.lifecycle.move(name)
    return (*move.needs, *move.asks)


def needed(rtype: RecordType, verb: str, name: str) -> tuple[str, ...]:
    """What a move does not go without: said from the start, and not when it was sent."""
    return rtype.lifecycle.move(name).needs if verb == "move" else ()


def may_be_emptied(rtype: RecordType, name: str) -> bool:
    """Whether to have no value is something to choose for a field: a box to tick has one always."""
    field = fields.of(rtype)[name]
    return field.kind is not FieldKind.BOOL and not forms.must_be_filled(field)


def complaint(
    rtype: RecordType, verb: str, name: str, data: dict[str, Any], *, is_emptied: bool
) -> dict[str, list[str]]:
    """What every single record would be refused for is said once, before anything is done.

    A value that was forgotten is asked for, too: it would empty the field on every record.
    """
    if verb == "set":
        return _forgotten(rtype, name, data[name], is_emptied=is_emptied)
    return {
        n: [_("This is needed first.")] for n in needed(rtype, verb, name) if data.get(n) is None
    }


def _forgotten(
    rtype: RecordType, name: str, value: Any, *, is_emptied: bool
) -> dict[str, list[str]]:
    if not may_be_emptied(rtype, name):
        return {name: [_("Choose a value.")]} if value is None else {}
    if value is None and not is_emptied:
        return {name: [_("Choose a value, or say that the field is to be emptied.")]}
    if value is not None and is_emptied:
        return {name: [_("Choose a value or empty the field, not both.")]}
    return {}


def doing(
    request: HttpRequest, rtype: RecordType, verb: str, name: str, data: dict[str, Any]
) -> bulk.Step:
    who, reason = _by(request), request.POST.get("reason", "")
    if verb == REMOVE:
        return lambda key: commands.remove(rtype, key, who)
    if verb == "set":
        return lambda key: commands.change(rtype, key, data, who, reason=reason).last_event
    filled, message = _filled(data), _message(request, rtype, name)
    return lambda key: (
        commands.move(rtype, key, name, filled, who, message=message, reason=reason).last_event
    )


def keep(
    request: HttpRequest,
    rtype: RecordType,
    verb: str,
    name: str,
    data: dict[str, Any],
    keys: list[str],
    outcome: bulk.Outcome,
) -> str:
    """The id of the job that has the way back of what was done at once."""
    move, is_removal = name if verb == "move" else "", verb == REMOVE
    words, who = said(request, rtype, verb, name, data), _by(request)
    return bulk_job.keep(rtype, keys, words, who, outcome, move=move, is_removal=is_removal)


def digest(post: QueryDict, shown: list[Any]) -> str:
    """Tells whether a form asks for what was shown before: its values may have been changed since, or the records.

    `shown` is which records it was tried on and what would become of them. A list sends the step and the records alone,
    and means the same as a form with nothing filled in.
    """
    sent = {k: [text for text in post.getlist(k) if text] for k in sorted(post) if k not in MARKS}
    asked = {k: texts for k, texts in sent.items() if texts and (k, texts) != ("which", ["chosen"])}
    return hashlib.sha256(json.dumps([asked, shown]).encode()).hexdigest()[:16]


def as_job(
    request: HttpRequest,
    rtype: RecordType,
    verb: str,
    name: str,
    data: dict[str, Any],
    keys: list[str],
) -> str:
    """The same step for too many to wait for; the worker does it, with the rights of the moment."""
    name_of, reason = said(request, rtype, verb, name, data), request.POST.get("reason", "")
    if verb == REMOVE:
        return bulk_job.start(rtype, keys, name_of, {}, _by(request), is_removal=True)
    if verb == "set":
        return bulk_job.start(rtype, keys, name_of, data, _by(request), reason=reason)
    message = _message(request, rtype, name)
    return bulk_job.start(
        rtype, keys, name_of, _filled(data), _by(request), move=name, reason=reason, message=message
    )


def _by(request: HttpRequest) -> By:
    return By(request.actor, bulk.DOOR)


def _filled(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if value is not None}


def _message(request: HttpRequest, rtype: RecordType, name: str) -> Message | None:
    text, audience = request.POST.get("message", "").strip(), rtype.lifecycle.move(name).message
    return Message(audience, text) if text and audience else None


def title(rtype: RecordType, verb: str, name: str) -> str:
    if verb == "move":
        return say(rtype.lifecycle.move(name).label)
    if verb == REMOVE:
        return _("Remove")
    return _("Set %(field)s") % {"field": say(fields.of(rtype)[name].label)}


def said(
    request: HttpRequest, rtype: RecordType, verb: str, name: str, data: dict[str, Any]
) -> str:
    """What is done, with the value that is set: by that one change of a field is told from another afterwards."""
    if verb != "set":
        return title(rtype, verb, name)
    field, label = fields.of(rtype)[name], say(fields.of(rtype)[name].label)
    if data[name] is None:
        return _("Empty %(field)s") % {"field": label}
    if not (value := _value(field, data[name], request.actor)):
        return title(rtype, verb, name)
    value = flash.sentence(value if len(value) <= LONGEST else f"{value[: LONGEST - 1]}…")
    return _("Set %(field)s to %(value)s") % {"field": label, "value": value}


def _value(field: fields.Field, value: Any, actor: Actor) -> str:
    """In words, as far as the actor may see it, as it was asked for; "" for what is too long to be said."""
    if field.kind in (FieldKind.LONG, FieldKind.DATA):
        return ""
    if field.is_reference:
        return _called(field, value, actor)
    if field.kind in (FieldKind.BOOL, FieldKind.TIME) and not isinstance(value, str):
        return tables.plain(field, value)
    return dict(forms.choices_of(field)).get(str(value), str(value))


def _called(field: fields.Field, number: str, actor: Actor) -> str:
    """What a record is called, of a type that is known."""
    if field.target not in shelf:
        return number
    try:
        return str(queries.one(shelf.type(field.target), actor, number, names=("title",))["title"])
    except Missing:
        return number
