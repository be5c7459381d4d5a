"""The view as a record type: whose it is decides who sees it, who leads a team decides what the team sees."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from mainstay.capabilities.views.models import SavedView
from mainstay.directory.roles import LABELS, SERVICE_MANAGER, TEAM_LEAD, with_included
from mainstay.pure.conditions import (
    Compare,
    Condition,
    FieldRef,
    IsSet,
    Kind,
    Not,
    Op,
    Value,
    all_of,
)
from mainstay.pure.lifecycle import Kind as Stage
from mainstay.pure.lifecycle import Lifecycle, State
from mainstay.pure.rules import SYSTEM, Access, Actor, Grant, Mine, MyTeams, Role, Staff, Without
from mainstay.records import access, fields, grouping, queries, where
from mainstay.records.errors import Invalid
from mainstay.records.types import RecordType, Step, View, register, shelf
from mainstay.surfaces.web.addresses import COMPACT
from mainstay.surfaces.web.tabs import KEPT

PERSONAL, TEAM, GLOBAL = "personal", "team", "global"
WORKS_HERE = Staff(*LABELS)
OWN = Mine("assignee_id") & WORKS_HERE
OF_THE_TEAM = Without("assignee_id") & MyTeams()
OF_ALL = Without("assignee_id", "team_id")


def belong_to_whom_it_is_for(step: Step) -> None:
    """To its owner, to its team or to nobody: a view has never two of them, so that one rule each is enough."""
    record = step.record
    if record.position is None:
        # After all there are, in the order they were made.
        record.position = int(step.at.timestamp() * 1000)
    if step.verb != "create" and not (step.changed("scope") or step.changed("team_id")):
        return
    if record.scope == PERSONAL:
        record.team_id = None
        record.assignee_id = record.assignee_id or step.actor.id
        record.organisation_id = step.actor.organisation_id
    else:
        record.assignee_id = None
        record.team_id = record.team_id if record.scope == TEAM else None
        record.organisation_id = record.team.organisation_id if record.team_id else None


def somebody_has_it(step: Step) -> Mapping[str, str]:
    if step.record.scope == TEAM and step.record.team_id is None:
        return {"team": _("Choose the team.")}
    if step.record.scope == PERSONAL and step.record.assignee_id is None:
        return {"scope": _("A view of one's own is saved by the person.")}
    return {}


def they_may_share_it(step: Step) -> Mapping[str, str]:
    """Whom it will be for then is told by the record; the right to that is the one to change it there."""
    is_chosen = step.verb == "create" or step.changed("scope") or step.changed("team_id")
    if not is_chosen or access.may(view, "change", step.actor, step.record):
        return {}
    if step.record.scope == TEAM:
        return {"scope": _("A team's views are kept by those who lead it.")}
    return {"scope": _("Views for everybody are kept by service managers.")}


def it_can_be_read(step: Step) -> Mapping[str, str]:
    """What it keeps is a list that whoever saves it could open, and everybody it is for."""
    record, is_new = step.record, step.verb == "create"
    if step.changed("record_type"):
        return {"record_type": _("A view stays with its list.")}
    if not is_new and not any(map(step.changed, ("scope", *KEPT))):
        return {}
    rtype = shelf.type(record.record_type) if record.record_type in shelf else None
    if rtype is None or not access.may_ever(rtype.access.see, step.actor):
        return {"record_type": _("There is no such list.")}
    if complaints := _unreadable(rtype, record, step.actor):
        return complaints
    others = () if record.scope == PERSONAL else _everybody(rtype)
    kept_from = {name for reader in others for name in _unreadable(rtype, record, reader)}
    return dict.fromkeys(
        sorted(kept_from),
        _(
            "Not everybody who gets this view may see all that this names. Leave it out, or keep the view for yourself."
        ),
    )


def no_other_is_called_so(step: Step) -> Mapping[str, str]:
    """Of what those it is for have in one row: of two tabs of one name nobody would know which is which."""
    record = step.record
    told_apart_by = ("title", "scope", "team_id", "assignee_id", "record_type")
    if step.verb != "create" and not any(map(step.changed, told_apart_by)):
        return {}
    # What others call theirs is not to be guessed.
    if they_may_share_it(step):
        return {}
    whose = {"owner": record.assignee, "team": record.team}
    same: list[Condition] = [
        Compare(FieldRef("title", Kind.TEXT), Op.EQ, Value(record.title.strip())),
        Compare(FieldRef("record_type", Kind.TEXT), Op.EQ, Value(record.record_type)),
        *(_is(FieldRef(name, Kind.REF), who) for name, who in whose.items()),
    ]
    # Whoever may not see all of them is told all the same: it is their own row.
    there = queries.page(shelf.type("view"), SYSTEM, names=(), where=all_of(same), size=2).items
    if all(other["number"] == record.number for other in there):
        return {}
    text = _(
        "There is a view of this name in this list already. Change that one, or choose another name."
    )
    return {"title": text}


def _is(field: FieldRef, who: Any) -> Condition:
    return Compare(field, Op.EQ, Value(who.number)) if who else Not(IsSet(field))


def _unreadable(rtype: RecordType, record: Any, reader: Actor) -> dict[str, str]:
    """What of a view there is not for a reader, by the name it has in an address, in sentences."""
    complaints: dict[str, str] = {}
    seen = fields.visible(rtype, reader)
    try:
        where.parse(rtype, reader, record.filter)
    except Invalid as refusal:
        complaints["filter"] = " ".join(str(t) for said in refusal.fields.values() for t in said)
    if record.order and (
        record.order not in rtype.orders or record.order.removeprefix("-") not in seen
    ):
        complaints["order"] = _("This list has no such order.")
    if set(filter(None, record.columns.split(","))) - set(seen):
        complaints["columns"] = _("This list has no such column.")
    if record.group and record.group not in grouping.groupable(rtype, reader):
        complaints["group"] = _("This list has no such groups.")
    if record.density not in ("", COMPACT):
        complaints["density"] = _("A list is as dense as usual, or compact.")
    return complaints


def _everybody(rtype: RecordType) -> Iterable[Actor]:
    """Somebody of each role that works here and has that list: what they may see, everybody may."""
    for role in LABELS:
        somebody = Actor(id=None, grants=frozenset(map(Grant, with_included(role))))
        if access.may_ever(rtype.access.see, somebody):
            yield somebody


view = register(
    RecordType(
        name="view",
        plural="views",
        prefix="VIEW",
        model=SavedView,
        label=_("View"),
        label_plural=_("Views"),
        icon="columns",
        lifecycle=Lifecycle(states=(State("kept", Stage.ACTIVE, _("In use"), code="1"),), moves=()),
        access=Access(
            see=OWN | (OF_THE_TEAM & WORKS_HERE) | (OF_ALL & WORKS_HERE),
            # Whom it is for is known when it is filled; the guard then asks for the right to that.
            create=WORKS_HERE,
            change=OWN | (OF_THE_TEAM & Role(TEAM_LEAD)) | (OF_ALL & Role(SERVICE_MANAGER)),
            remove=OWN | (OF_THE_TEAM & Role(TEAM_LEAD)) | (OF_ALL & Role(SERVICE_MANAGER)),
        ),
        form=(
            "title",
            "record_type",
            "scope",
            "team",
            "filter",
            "order",
            "columns",
            "group",
            "density",
            "position",
        ),
        columns=("number", "title", "record_type", "scope", "owner", "team", "updated_at"),
        names={"assignee": "owner"},
        labels={"title": _("Name"), "record_type": _("List of"), "scope": _("Who sees it")},
        choices={
            "scope": (
                (PERSONAL, _("Its owner")),
                (TEAM, _("A team")),
                (GLOBAL, _("Everybody")),
            )
        },
        omits=("priority", "requester", "requested_for", "waiting_for", "due_at"),
        order="title",
        # What stands in no organisation is for the confined as well.
        shared=True,
        # Every list asks for them, and they change seldom.
        settings_part="views",
        # People's own words, which may name people.
        personal=("filter",),
        derive=(belong_to_whom_it_is_for,),
        guards=(somebody_has_it, they_may_share_it, it_can_be_read, no_other_is_called_so),
        views=(
            View("all", _("All"), ""),
            View("mine", _("Mine"), "owner == me"),
        ),
    )
)
