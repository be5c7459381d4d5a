"""The audit: who did what, from what to what, by which door; for whoever may read it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from mainstay.directory.audit import asking, stream
from mainstay.directory.record import user
from mainstay.directory.roles import LABELS as ROLES
from mainstay.pure.language import said_anew
from mainstay.pure.numbers import SPELLING, normal
from mainstay.pure.rules import Actor
from mainstay.pure.text import fold
from mainstay.records import by_title, fields
from mainstay.records.audit import sealing, verifying
from mainstay.records.errors import Invalid, Missing
from mainstay.records.types import RecordType, shelf
from mainstay.surfaces.web import forms, timeline
from mainstay.surfaces.web.addresses import views_of
from mainstay.surfaces.web.answers import only, signed_in
from mainstay.surfaces.web.formats import reader, say, size, when
from mainstay.surfaces.web.jinja import page
from mainstay.surfaces.web.queue import sentence
from mainstay.surfaces.web.shell import AREAS

SIZE = 50
# What an entry tells, by its kind; the part before the dot gathers those that belong together.
KINDS = {
    "sign-in": gettext_lazy("Signed in"),
    "sign-in.refused": gettext_lazy("Sign-in refused"),
    "sign-in.closed": gettext_lazy("Sign-in closed after too many tries"),
    "sign-out": gettext_lazy("Signed out"),
    "sign-out.elsewhere": gettext_lazy("Signed out elsewhere"),
    "token.create": gettext_lazy("Token made"),
    "token.end": gettext_lazy("Token ended"),
    "token.use": gettext_lazy("Token used for the first time"),
    "token.refused": gettext_lazy("Token refused"),
    "refused.denied": gettext_lazy("Refused: not allowed"),
    "refused.missing": gettext_lazy("Refused: nothing there for them"),
    "refused.scope": gettext_lazy("Refused: beyond the token"),
    "refused.limit": gettext_lazy("Refused: too many requests"),
    "look.record": gettext_lazy("Looked at a restricted record"),
    "look.file": gettext_lazy("Opened somebody's file"),
    "look.export": gettext_lazy("Exported a list"),
    "welcome.create": gettext_lazy("One-time link made"),
    "console.verify": gettext_lazy("Audit verified"),
}
# What every type's events are called; a type tells of its own in words of its own.
VERBS = {
    "create": pgettext_lazy("event", "Create"),
    "change": pgettext_lazy("event", "Change"),
    "link": pgettext_lazy("event", "Link"),
    "unlink": pgettext_lazy("event", "Unlink"),
    "remove": pgettext_lazy("event", "Remove"),
    "restore": pgettext_lazy("event", "Restore"),
    "take_back": pgettext_lazy("event", "Take back"),
    "join": pgettext_lazy("event", "Join"),
    "leave": pgettext_lazy("event", "Leave"),
    "grant": pgettext_lazy("event", "Grant"),
    "withdraw": pgettext_lazy("event", "Withdraw"),
    "skill": pgettext_lazy("event", "Skill"),
    "password": pgettext_lazy("event", "Password"),
    "reply": pgettext_lazy("event", "Reply"),
    "note": pgettext_lazy("event", "Note"),
    "attach": pgettext_lazy("event", "Attach"),
    "assign": pgettext_lazy("event", "Assign"),
    "duplicate": pgettext_lazy("event", "Duplicate"),
    "request_for": pgettext_lazy("event", "Requested for"),
    "step_back": pgettext_lazy("event", "Stepped back"),
}
GROUPS = {
    "sign-in": gettext_lazy("Sign-ins"),
    "token": gettext_lazy("Tokens"),
    "refused": gettext_lazy("Refused attempts"),
    "look": gettext_lazy("Looks"),
    "look.export": gettext_lazy("Exports"),
}
# By which way it came; those of Mainstay's own reactions are many, and one to a reader.
DOORS = {
    "web": gettext_lazy("Workspace"),
    "portal": gettext_lazy("Portal"),
    "api": gettext_lazy("API"),
    "bulk": gettext_lazy("Step for many"),
    "console": gettext_lazy("Command line"),
    "welcome": gettext_lazy("One-time link"),
    "timer": gettext_lazy("Timer"),
    "setup": gettext_lazy("Demonstration data"),
}
# Done by whoever it was: nobody was signed in.
NOBODYS = ("sign-in.refused", "sign-in.closed", "token.refused")
FACTS = {
    "path": gettext_lazy("Address"),
    "said": gettext_lazy("Reason"),
    "name": gettext_lazy("Name"),
    "scopes": gettext_lazy("Scopes"),
    "until": gettext_lazy("Until"),
    "role": gettext_lazy("Role"),
    "person": gettext_lazy("Person"),
    "team": gettext_lazy("Team"),
    "file": gettext_lazy("File"),
    "type": gettext_lazy("Type"),
    "view": gettext_lazy("View"),
    "where": gettext_lazy("Condition"),
    "columns": gettext_lazy("Columns"),
    "rows": gettext_lazy("Rows"),
    "wrong": gettext_lazy("Not as sealed"),
    "undoes": gettext_lazy("Takes back event"),
}
WORDS = {
    "text": gettext_lazy("Text"),
    "person": gettext_lazy("Person"),
    "record": gettext_lazy("Record"),
    "kind": gettext_lazy("What"),
    "door": gettext_lazy("Door"),
    "since": gettext_lazy("Since"),
    "until": gettext_lazy("Until"),
}


@signed_in
@only("GET", "HEAD")
def show(request: HttpRequest) -> HttpResponse:
    actor = request.actor
    if not stream.may_read(actor):
        raise Missing
    given = {name: request.GET.get(name, "").strip() for name in asking.NAMES}
    found, complaint, person = None, "", given["person"]
    try:
        given["person"], person = _person(actor, given["person"])
        asked = asking.read(actor, {**given, "after": request.GET.get("after", "")}, reader()[1])
        found = stream.page(actor, asked, size=SIZE, python=True)
    except Invalid as refusal:
        complaint = sentence(refusal)
    context = {
        "title": _("Audit"),
        "group": AREAS["team"][0],
        "given": given,
        "whose": person,
        "chips": [
            (
                say(WORDS[name]),
                person if name == "person" else _asked(name, text),
                address(given, **{name: ""}),
            )
            for name, text in given.items()
            if text
        ],
        "kinds": kinds(),
        "kind": _asked("kind", given["kind"]),
        "doors": [(name, say(label)) for name, label in DOORS.items()],
        "door": _asked("door", given["door"]),
        "rows": [_line(row) for row in found.items] if found else [],
        "next": address(given, after=found.next) if found and found.next else "",
        "start": address(given) if request.GET.get("after") else "",
        "complaint": complaint,
        "head": verifying.head_of(sealing.head()),
    }
    return page(request, "web/audit.html", context, status=422 if complaint else 200)


def _person(actor: Actor, text: str) -> tuple[str, str]:
    """The number of whom somebody typed, and how the field says it; also of who has left. Raises Invalid."""
    number = normal(forms.number_typed(text))
    if not text or SPELLING.fullmatch(number):
        titles = by_title.titles(actor, {(user.name, number)}) if text else {}
        title = titles.get((user.name, number), "")
        return number, f"{title}{forms.JOINT}{number}" if title else number
    found = by_title.options(user, actor, text, also_over=True)
    alike = [one for one in found if fold(one["title"]) == fold(text)] or found
    if len(alike) == 1:
        [one] = alike
        return one["number"], f"{one['title']}{forms.JOINT}{one['number']}"
    if not alike:
        raise Invalid({"person": [_("There is no person %(key)s.") % {"key": text}]})
    some = ", ".join(f"{one['title']}{forms.JOINT}{one['number']}" for one in alike[:4])
    words = _("Several people are called so. Choose one: %(people)s.")
    raise Invalid({"person": [words % {"people": some}]})


def address(given: Mapping[str, str], **more: str) -> str:
    asked = {name: text for name, text in {**given, **more}.items() if text}
    return f"/audit/?{urlencode(asked)}" if asked else "/audit/"


def kinds() -> list[tuple[str, str]]:
    """What the list can be narrowed to: what belongs together, then each type of record."""
    groups = [(name, say(label)) for name, label in GROUPS.items()]
    return groups + [(t.name, say(t.label_plural)) for t in shelf]


def _asked(name: str, text: str) -> str:
    """What the list is narrowed by, as its form and its rows call it."""
    if name == "kind":
        return dict(kinds()).get(text) or _what(text)
    return door_label(text) if name == "door" and text else text


def door_label(door: str) -> str:
    """What people call the way something came."""
    return say(DOORS[door]) if door in DOORS else _("Automation")


def _line(row: dict[str, Any]) -> dict[str, Any]:
    """A row with its words."""
    rtype = shelf.type(row["record"]["type"]) if row["record"] else None
    return row | {
        "what": _what(row["kind"]),
        "way": door_label(row["door"]),
        "is_named": row["door"] in DOORS,
        "url": f"/r/{row['record']['number']}" if rtype and not row["is_withheld"] else "",
        "told": [] if rtype is None else _told(rtype, row["changes"]),
        "facts": [
            (say(FACTS[n]), _text(n, f)) for n, f in _of_a_list(row["facts"]).items() if n in FACTS
        ],
        "many": bool(row["facts"].get("many")),
        "is_nobody": row["actor"] is None and row["kind"] in NOBODYS,
    }


def _of_a_list(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    """What tells of a list, with its views and columns as people call them; a view somebody saved has its number."""
    if facts.get("type") not in shelf or "columns" not in facts:
        return facts
    rtype = shelf.type(facts["type"])
    known, views = fields.of(rtype), {view.name: say(view.label) for view in views_of(rtype)}
    columns = [say(known[name].label) if name in known else name for name in facts["columns"]]
    told = {"columns": columns, "view": views.get(facts.get("view", ""), facts.get("view", ""))}
    return {name: told.get(name, fact) for name, fact in facts.items()}


def _what(kind: str) -> str:
    if kind in KINDS:
        return say(KINDS[kind])
    name, _dot, verb = kind.partition(".")
    if name not in shelf:
        return kind
    rtype = shelf.type(name)
    move = next((m for m in rtype.lifecycle.moves if m.name == verb), None)
    label = move.label if move else VERBS.get(verb) or rtype.told.get(verb)
    return f"{say(rtype.label)}: {say(label) if label else verb.replace('_', ' ').capitalize()}"


def _told(rtype: RecordType, changes: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
    """What changed as (label, before, after); a fact has nothing before it."""
    known, found = fields.of(rtype), []
    for name, change in changes.items():
        if isinstance(change, Mapping) and change.keys() == {"from", "to"}:
            if name not in known:
                found.append((say(FACTS.get(name, name)), change["from"], change["to"]))
                continue
            old, new = timeline.both(known[name], change)
            found.append((say(known[name].label), old, new))
        else:
            found.append((say(FACTS.get(name, name)), None, _text(name, change)))
    return found


def _text(name: str, fact: Any) -> str:
    if isinstance(fact, Mapping):
        other = fact.get("record")
        if isinstance(other, Mapping):
            return other["title"] or other["number"]
        if fact.keys() == {"name", "size"}:
            return f"{fact['name']}, {size(fact['size'])}"
        return ", ".join(f"{n} {v}" for n, v in fact.items())
    if isinstance(fact, list):
        return ", ".join(map(str, fact))
    if name == "until":
        return when(fact)
    if name == "said" and isinstance(fact, str):
        return said_anew(fact)
    if name == "type" and fact in shelf:
        return say(shelf.type(fact).label_plural)
    return say(ROLES[fact]) if name == "role" and fact in ROLES else str(fact)
