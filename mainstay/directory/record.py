"""People, teams, organisations, sites and skills as record types: history, API, import and search come with it."""

from collections.abc import Mapping
from functools import cache
from zoneinfo import available_timezones

from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mainstay.directory import duty, organisations
from mainstay.directory.models import Organisation, RoleGrant, Site, Skill, Team, User
from mainstay.directory.roles import (
    ADMINISTRATOR,
    AGENT,
    AUDITOR,
    SERVICE_MANAGER,
    TEAM_LEAD,
)
from mainstay.pure import logins
from mainstay.pure.lifecycle import Kind, Lifecycle, Move, State
from mainstay.pure.rules import Access, Everyone, Mine, Role, Staff
from mainstay.records.types import RecordType, Step, View, register

# A vendor works on what was assigned to them and is told no more of the house: neither its people nor its teams.
STAFF = Staff(AGENT, AUDITOR)
OPEN = View("open", _("In use"), "is_open")
ALL = View("all", _("All"), "")
NAMED = {"title": _("Name")}
UNUSED = (
    "priority",
    "requester",
    "requested_for",
    "assignee",
    "waiting_for",
    "due_at",
    "team",
)

in_use = Lifecycle(
    states=(
        State("active", Kind.ACTIVE, _("In use")),
        State("retired", Kind.CLOSED, _("Retired")),
    ),
    moves=(
        Move("retire", ("active",), "retired", _("Retire")),
        Move("reinstate", ("retired",), "active", _("Bring back")),
    ),
)

employment = Lifecycle(
    states=(
        State("active", Kind.ACTIVE, _("Active")),
        State("left", Kind.CLOSED, _("Left")),
    ),
    moves=(
        Move("leave", ("active",), "left", _("Mark as left"), is_weighed=True),
        Move("return", ("left",), "active", _("Bring back")),
    ),
)


def fold_login(step: Step) -> None:
    """Stored as signing in will look it up."""
    step.record.username = logins.one_spelling(step.record.username)


def login_can_be_typed(step: Step) -> Mapping[str, str]:
    login = step.record.username
    if step.before.get("username") != login and not logins.is_plain(login):
        return {"username": gettext("Use signs that can be seen, and letters of one alphabet.")}
    return {}


@cache
def zones() -> frozenset[str]:
    """The time zones there are; to look for them is to walk through a folder."""
    return frozenset(available_timezones())


def zone_is_one(step: Step) -> Mapping[str, str]:
    zone = step.record.time_zone
    if zone and step.before.get("time_zone") != zone and zone not in zones():
        return {"time_zone": gettext("Name a place as in Europe/Berlin, or UTC.")}
    return {}


def keep_an_administrator(step: Step) -> Mapping[str, str]:
    """Nobody could let anybody in again."""
    person = step.record.id
    if step.verb != "leave":
        return {}
    duty.hold_administrators()
    if not RoleGrant.objects.filter(
        user_id=person, role=ADMINISTRATOR, team=None, organisation=None
    ):
        return {}
    if duty.administrators(but=person):
        return {}
    return {"": duty.LAST_ADMINISTRATOR}


def walls_stand(step: Step) -> Mapping[str, str]:
    """Whoever is inside a wall does not move it."""
    if step.actor.confined_to is None:
        return {}
    moved = [n for n in ("is_confined", "parent_id") if step.changed(n)]
    return {n.removesuffix("_id"): _("This is for whoever is outside of it.") for n in moved}


def no_rings(step: Step) -> Mapping[str, str]:
    """An organisation is no part of itself, however far below."""
    if not step.changed("parent_id"):
        return {}
    above = step.record.parent_id
    if above is not None and step.record.id in organisations.above(above):
        return {"parent": gettext("This is the organisation itself, or one that belongs to it.")}
    return {}


organisation = register(
    RecordType(
        name="organisation",
        plural="organisations",
        prefix="ORG",
        model=Organisation,
        label=_("Organisation"),
        label_plural=_("Organisations"),
        area="team",
        icon="building",
        lifecycle=in_use,
        access=Access(
            see=Role(AGENT, AUDITOR) | Mine("id"),
            create=Role(ADMINISTRATOR),
            change=Role(ADMINISTRATOR),
        ),
        form=("title", "parent", "is_confined"),
        columns=("number", "title", "parent", "is_confined", "state"),
        labels=NAMED,
        omits=(*UNUSED, "organisation"),
        order="title",
        shared=True,
        # An organisation belongs to itself: one customer does not learn who the others are.
        wall="id",
        guards=(walls_stand, no_rings),
        views=(OPEN, ALL),
        settings_part="directory",
    )
)

site = register(
    RecordType(
        name="site",
        plural="sites",
        prefix="SITE",
        model=Site,
        label=_("Site"),
        label_plural=_("Sites"),
        area="team",
        icon="map-pin",
        lifecycle=in_use,
        access=Access(
            see=Everyone(),
            create=Role(ADMINISTRATOR),
            change=Role(ADMINISTRATOR),
            remove=Role(ADMINISTRATOR),
        ),
        form=("title", "organisation", "address", "time_zone"),
        columns=("number", "title", "address", "time_zone", "state"),
        labels=NAMED,
        omits=UNUSED,
        order="title",
        shared=True,
        guards=(zone_is_one,),
        views=(OPEN, ALL),
    )
)

skill = register(
    RecordType(
        name="skill",
        plural="skills",
        prefix="SKILL",
        model=Skill,
        label=_("Skill"),
        label_plural=_("Skills"),
        area="team",
        icon="sparkles",
        lifecycle=in_use,
        access=Access(
            see=STAFF, create=Role(TEAM_LEAD), change=Role(TEAM_LEAD), remove=Role(TEAM_LEAD)
        ),
        form=("title", "description"),
        columns=("number", "title", "state"),
        labels=NAMED,
        omits=(*UNUSED, "organisation"),
        order="title",
        shared=True,
        views=(OPEN, ALL),
    )
)

team = register(
    RecordType(
        name="team",
        plural="teams",
        prefix="TEAM",
        model=Team,
        label=_("Team"),
        label_plural=_("Teams"),
        area="team",
        icon="users",
        lifecycle=in_use,
        access=Access(
            see=STAFF,
            create=Role(SERVICE_MANAGER),
            change=Role(SERVICE_MANAGER),
            note=Role(SERVICE_MANAGER),
        ),
        form=("title", "organisation", "description", "email", "capacity", "is_restricted"),
        columns=("number", "title", "email", "is_restricted", "state"),
        labels=NAMED,
        omits=UNUSED,
        order="title",
        shared=True,
        views=(OPEN, ALL),
        settings_part="directory",
        notes=("join", "leave"),
    )
)

user = register(
    RecordType(
        name="user",
        plural="users",
        prefix="USER",
        model=User,
        label=_("Person"),
        label_plural=_("People"),
        area="team",
        icon="user",
        lifecycle=employment,
        access=Access(
            see=STAFF | Mine("id"),
            create=Role(ADMINISTRATOR),
            change=Role(ADMINISTRATOR),
            note=Role(ADMINISTRATOR),
        ),
        form=(
            "title",
            "username",
            "email",
            "phone",
            "job_title",
            "organisation",
            "site",
            "language",
            "time_zone",
            "is_vip",
        ),
        columns=(
            "number",
            "title",
            "username",
            "job_title",
            "organisation",
            "site",
            "email",
            "state",
        ),
        labels={**NAMED, "username": _("Login")},
        # Those a person is answered in: any other word would be kept and mean nothing.
        choices={"language": settings.LANGUAGES},
        omits=UNUSED,
        order="title",
        personal=("title", "username", "email", "phone"),
        derive=(fold_login,),
        guards=(login_can_be_typed, zone_is_one, keep_an_administrator),
        views=(OPEN, ALL),
        settings_part="people",
        notes=("grant", "withdraw", "skill", "password"),
    )
)
