"""What teams and people have beyond their fields: members, roles, skills, a password."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _

from mainstay.directory import commands as directory
from mainstay.directory import people
from mainstay.directory.commands import LEVELS
from mainstay.directory.record import team, user
from mainstay.directory.roles import ADMINISTRATOR, LABELS, TEAM_LEAD
from mainstay.pure.conditions import Compare, FieldRef, Kind, Op, Value, all_of
from mainstay.pure.lifecycle import Move
from mainstay.pure.rules import Actor, By
from mainstay.records import counting, fields, queries
from mainstay.records.rows import Row
from mainstay.records.types import RecordType, shelf
from mainstay.surfaces.web import addresses, forms, home, namesakes, outlook, panels
from mainstay.surfaces.web.answers import only, redirect, signed_in, taken_back, target_of
from mainstay.surfaces.web.formats import say
from mainstay.surfaces.web.pages import by
from mainstay.surfaces.web.record import respond


def members(rtype: RecordType, actor: Actor, row: Row) -> dict[str, Any]:
    there = people.members(row, actor)
    alike = namesakes.among(there)
    return {
        "members": [m | {"name": namesakes.named(m, alike)} for m in there],
        "may_change": queries.may(rtype, actor, "change", row),
    }


def person(rtype: RecordType, actor: Actor, row: Row) -> dict[str, Any]:
    rules = actor.has_role_everywhere(ADMINISTRATOR)
    return {
        "teams": people.teams(row),
        "skills": people.skills(row),
        "roles": people.roles(row),
        "may_grant": rules,
        "may_teach": actor.has_role_everywhere(TEAM_LEAD),
        "may_set_password": rules or row.facts.id == actor.id,
        "is_me": row.facts.id == actor.id,
        "role_labels": [(name, say(label)) for name, label in LABELS.items()],
        "levels": [(level, say(word)) for level, word in LEVELS.items()],
    }


def still_theirs(rtype: RecordType, actor: Actor, row: Row, move: Move) -> Iterator[outlook.Line]:
    """What somebody who leaves still holds, as far as the actor sees it: each list where it can be given to others."""
    if rtype is not user or rtype.lifecycle.state(move.target).kind.is_open:
        return
    for held in shelf:
        names = [f for f in fields.visible(held, actor).values() if f.attribute == "assignee"]
        if not names or not actor.reaches("read", held.plural):
            continue
        theirs = Compare(FieldRef(names[0].name, Kind.REF), Op.EQ, Value(row["number"]))
        where = all_of((home.OPEN, theirs))
        count, is_exact = counting.count(held, actor, where)
        if count:
            told = {"what": say(held.label_plural), "n": f"{count}" if is_exact else f"{count}+"}
            text = _("Still theirs, %(what)s: %(n)s") % told
            yield outlook.Line(text, addresses.url_of(held, where))


outlook.add(still_theirs)
panels.add("team", "parts/members.html", members)
panels.add("user", "parts/person.html", person)


def _done(
    request: HttpRequest,
    rtype: RecordType,
    key: str,
    act: Callable[[], Any],
    toast: str,
    undo: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """Does it, then shows the record as it is now; a refusal is told where it was asked.

    `undo` is what the same form sends to undo it.
    """
    row = queries.one(rtype, request.actor, key, names=("title",))
    act()
    here = f"/{rtype.plural}/{row['number']}/"
    if target_of(request) == "toasts" or _is_undo(request):
        return taken_back(request, here, toast)
    back = f"{request.path}?{urlencode({**undo, 'undo': 1})}" if undo else ""
    if "HX-Request" not in request.headers:
        return redirect(here, toast, back)
    return respond(request, rtype, row["number"], toast=toast, undo=back)


def _is_undo(request: HttpRequest) -> bool:
    return "undo" in request.GET


def _sent(request: HttpRequest) -> QueryDict:
    """A form's fields; those of an Undo stand in its address."""
    return request.GET if _is_undo(request) else request.POST


@signed_in
@only("POST")
def member(request: HttpRequest, key: str) -> HttpResponse:
    """Adds a person to a team, makes them lead it, or takes them out."""
    post, who = _sent(request), by(request)
    chosen = _number(request, "person")
    there = people.members(queries.one(team, request.actor, key, names=()), request.actor)
    before = next((bool(m["is_lead"]) for m in there if m["number"] == chosen), None)
    undo = {"person": chosen, **({"away": 1} if before is None else {"lead": str(before).lower()})}
    if post.get("away"):
        return _done(
            request,
            team,
            key,
            lambda: directory.leave(key, chosen, who),
            _("Taken out of the team"),
            undo,
        )
    leads = post.get("lead") == "true"
    return _done(
        request,
        team,
        key,
        lambda: directory.join(key, chosen, who, is_lead=leads),
        _("The team is changed"),
        undo if leads is not before else None,
    )


@signed_in
@only("POST")
def role(request: HttpRequest, key: str) -> HttpResponse:
    """Grants or withdraws a role, everywhere or for one team's or organisation's records."""
    post, who = _sent(request), by(request)
    scope = {
        name: value
        for name, value in (
            ("team_key", _number(request, "team")),
            ("organisation_key", _number(request, "organisation")),
        )
        if value
    }
    is_away, name = bool(post.get("away")), post.get("role", "")
    act = directory.withdraw if is_away else directory.grant
    toast = _("Role withdrawn") if is_away else _("Role granted")
    undo = {"role": name, **{n.removesuffix("_key"): value for n, value in scope.items()}}
    # Granted again, it is as it was: what was held before is not withdrawn.
    is_new = is_away or not _holds(request, key, name, scope)
    return _done(
        request,
        user,
        key,
        lambda: act(key, name, who, **scope),
        toast,
        (undo if is_away else undo | {"away": 1}) if is_new else None,
    )


def _holds(request: HttpRequest, key: str, role: str, scope: Mapping[str, str]) -> bool:
    held = people.roles(queries.one(user, request.actor, key, names=()))
    of = (role, scope.get("team_key"), scope.get("organisation_key"))
    return any((each["role"], each["team"], each["organisation"]) == of for each in held)


@signed_in
@only("POST")
def skill(request: HttpRequest, key: str) -> HttpResponse:
    """Says how well a person has a skill; away with it at level 0."""
    level = _sent(request).get("level", "0")
    number = int(level) if level.isdecimal() and len(level) < 3 else -1
    chosen = _number(request, "skill")
    held = people.skills(queries.one(user, request.actor, key, names=()))
    before = next((each["level"] for each in held if each["number"] == chosen), 0)
    return _done(
        request,
        user,
        key,
        lambda: directory.teach(key, chosen, number, by(request)),
        _("Skills changed"),
        {"skill": chosen, "level": before} if before != number else None,
    )


@signed_in
@only("POST")
def new_password(request: HttpRequest, key: str) -> HttpResponse:
    """One's own, or anybody's for an administrator; it ends every session of the person."""
    who: By = by(request)
    return _done(
        request,
        user,
        key,
        lambda: directory.new_password(
            key, request.POST.get("password", ""), who, current=request.POST.get("current", "")
        ),
        _("Password set; the person is signed out everywhere"),
    )


def _number(request: HttpRequest, name: str) -> str:
    """The record a field names: by number, or by the only title that is like it. Raises Invalid where several are."""
    target = user if name == "person" else shelf.type(name)
    return forms.the_one_in(target, name, _sent(request).get(name, "").strip(), request.actor)
