"""What happens to people beyond the six verbs: joining a team, holding a role, having a skill."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from mainstay.directory import actors, duty
from mainstay.directory.models import Membership, PersonSkill, RoleGrant
from mainstay.directory.record import organisation, skill, team, user
from mainstay.directory.roles import ADMINISTRATOR, LABELS
from mainstay.directory.signin.guessable import Owner
from mainstay.directory.signin.password import hashed, owner, require_current, store
from mainstay.pure.language import within
from mainstay.pure.rules import By
from mainstay.records import access, commands, values
from mainstay.records.errors import Denied, Invalid, Missing
from mainstay.records.settings_version import renew
from mainstay.records.turnstile import writing
from mainstay.records.types import RecordType

LEVELS = {1: lazy("learning"), 2: lazy("able"), 3: lazy("able to teach")}


def join(team_key: str, person_key: str, by: By, *, is_lead: bool = False) -> None:
    """Puts a person into a team, or changes whether they lead it."""
    with writing():
        record = commands.locked(team, team_key, by)
        access.require(team, "change", by.actor, record)
        person = _id(user, person_key, by)
        _require_here(person, person_key)
        Membership.objects.update_or_create(
            team_id=record.id, user_id=person, defaults={"is_lead": is_lead}
        )
        commands.note_on(
            team, record, "join", by, facts={"person": {"record": person}, "is_lead": is_lead}
        )
        renew("directory")


def leave(team_key: str, person_key: str, by: By) -> None:
    """Takes a person out of a team; what they were assigned stays theirs until somebody moves it."""
    with writing():
        record = commands.locked(team, team_key, by)
        access.require(team, "change", by.actor, record)
        person = _id(user, person_key, by)
        if not Membership.objects.filter(team_id=record.id, user_id=person).delete()[0]:
            raise Missing(_("such member"))
        commands.note_on(team, record, "leave", by, facts={"person": {"record": person}})
        renew("directory")


def grant(
    person_key: str,
    role: str,
    by: By,
    *,
    team_key: str | None = None,
    organisation_key: str | None = None,
) -> None:
    """Gives a person a role: everywhere, for a team's records, or for an organisation's. Administrators only."""
    _administrators_only(by)
    if role not in LABELS:
        raise Invalid(
            {
                "role": [
                    _("There is no role %(role)s; there are %(labels)s.")
                    % {"role": role, "labels": ", ".join(LABELS)}
                ]
            }
        )
    if team_key and organisation_key:
        raise Invalid(
            {"team": [_("A role is held for a team or for an organisation, not for both.")]}
        )
    with writing():
        record = commands.locked(user, person_key, by)
        _require_here(record.id, person_key)
        scope = {
            "team_id": _id(team, team_key, by) if team_key else None,
            "organisation_id": _id(organisation, organisation_key, by)
            if organisation_key
            else None,
        }
        _made, fresh = RoleGrant.objects.get_or_create(user_id=record.id, role=role, **scope)
        if fresh:
            commands.note_on(user, record, "grant", by, facts=_told(role, scope))


def withdraw(
    person_key: str,
    role: str,
    by: By,
    *,
    team_key: str | None = None,
    organisation_key: str | None = None,
) -> None:
    """Takes a role away; effective at the person's next request. The last administrator keeps theirs."""
    _administrators_only(by)
    with writing():
        record = commands.locked(user, person_key, by)
        scope = {
            "team_id": _id(team, team_key, by) if team_key else None,
            "organisation_id": _id(organisation, organisation_key, by)
            if organisation_key
            else None,
        }
        if role == ADMINISTRATOR:
            duty.hold_administrators()
        if not RoleGrant.objects.filter(user_id=record.id, role=role, **scope).delete()[0]:
            raise Missing(_("such role"))
        if role == ADMINISTRATOR and not duty.administrators():
            raise Denied(lambda: str(duty.LAST_ADMINISTRATOR))
        commands.note_on(user, record, "withdraw", by, facts=_told(role, scope))


def teach(person_key: str, skill_key: str, level: int, by: By) -> None:
    """Says how well a person has a skill; level 0 takes it away."""
    if level not in (0, *LEVELS):
        raise Invalid({"level": [_("This must be 0 to 3.")]})
    with writing():
        record = commands.locked(user, person_key, by)
        if not by.actor.has_role_everywhere("team-lead"):
            raise Denied(lambda: _("Skills are kept by team leads."))
        which = _id(skill, skill_key, by)
        held = PersonSkill.objects.filter(user_id=record.id, skill_id=which)
        if level:
            PersonSkill.objects.update_or_create(
                user_id=record.id, skill_id=which, defaults={"level": level}
            )
        elif not held.delete()[0]:
            raise Missing(_("such skill"))
        facts = {"skill": {"record": which}, "level": level}
        commands.note_on(user, record, "skill", by, facts=facts)


def new_password(person_key: str, password: str, by: By, *, current: str = "") -> None:
    """One's own, for whoever knows the `current` one, or anybody's for an administrator; every session ends."""
    who = values.lookup(user, person_key, by.actor)
    if who is not None and who == by.actor.id:
        require_current(who, current)
    elif who is not None:
        # Before anything is told of how near the password is to the person.
        _administrators_only(by)
    password_hash = hashed(password, owner(who) if who is not None else Owner(""))
    with writing():
        record = commands.locked(user, person_key, by)
        store(record.id, password_hash)
        commands.note_on(user, record, "password", by)


def _told(role: str, scope: Mapping[str, int | None]) -> dict[str, Any]:
    """A grant as its event tells it; records are named by their ids, which history turns into numbers."""
    named = {name.removesuffix("_id"): {"record": id} for name, id in scope.items() if id}
    return {"role": role, **named}


def _require_here(person: int, key: str) -> None:
    """Somebody who has left is given nothing. Raises Invalid."""
    try:
        actors.for_person(person)
    except LookupError:
        text = _("%(key)s has left; bring them back first.") % {"key": key}
        raise Invalid({"user": [text]}) from None


def _administrators_only(by: By) -> None:
    if not by.actor.has_role_everywhere(ADMINISTRATOR):
        raise Denied(lambda: _("Only administrators may do this."))


def _id(rtype: RecordType, key: str, by: By) -> int:
    found = values.lookup(rtype, key, by.actor)
    if found is None:
        raise Invalid(
            {
                rtype.name: [
                    _("There is no %(label)s %(key)s.") % {"label": within(rtype.label), "key": key}
                ]
            }
        )
    return found
