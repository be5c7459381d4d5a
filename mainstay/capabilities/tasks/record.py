"""The task and the list of tasks as record types."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from mainstay.capabilities.tasks import lines, queries
from mainstay.capabilities.tasks.models import Task, TaskTemplate
from mainstay.capabilities.telling.declare import Telling
from mainstay.directory import actors
from mainstay.pure.lifecycle import Kind, Lifecycle, Move, State
from mainstay.pure.rules import Access, Mine, Role, Staff
from mainstay.records import access
from mainstay.records.rows import Facts
from mainstay.records.types import RecordType, Step, View, register

# Whoever works here and owns it, also where the record it is about is none of theirs.
OWNS = Mine("assignee_id") & Staff("agent", "vendor")
# A task stands where its record stands, so this is said of both: its caller is nobody here.
READS_PARENT = Role("agent", "auditor")


def stand_with_the_parent(step: Step) -> None:
    """In its record's organisation and team, behind the same walls, and at the end of its tasks."""
    record = step.record
    if step.verb != "create" and not step.changed("parent_id"):
        return
    found = queries.parent(record.parent_id)
    record.organisation_id = found.organisation_id if found else None
    record.team_id = found.team_id if found else None
    has_room = found is not None and found.count < queries.MOST
    record.place = found.last + queries.ROOM if found and has_room else 0


def keep_time(step: Step) -> None:
    if step.changed("state"):
        step.record.done_at = step.at if step.record.state == "done" else None


def parent_takes_it(step: Step) -> Mapping[str, str]:
    """One that is open and can have tasks, of somebody who works there."""
    record = step.record
    if step.verb != "create" and not step.changed("parent_id"):
        return {}
    if record.parent_id is not None and not record.place:
        return {
            "parent": _(
                "Tasks are added to a record that is open and can have some, up to %(most)d."
            )
            % {"most": queries.MOST}
        }
    if not access.may(task, "change", step.actor, record):
        return {"parent": _("Tasks are added by those who work on the record.")}
    return {}


def parent_goes_on(step: Step) -> Mapping[str, str]:
    if step.verb == "reopen" and queries.is_over(step.record.parent_id):
        return {"parent": _("The record it is about has ended.")}
    return {}


def owner_can_do_it(step: Step) -> Mapping[str, str]:
    """A task is for somebody who works here and, were it theirs, could see it."""
    record = step.record
    is_chosen = step.changed("assignee_id") or step.changed("parent_id") or step.verb == "create"
    if not is_chosen or record.assignee_id is None:
        return {}
    then = Facts(
        record.id, record.organisation_id, record.team_id, None, record.assignee_id, record.state
    )
    try:
        if access.allows(task, OWNS, actors.for_person(record.assignee_id), then):
            return {}
    except LookupError:  # they have left
        pass
    text = _("%(name)s cannot do this; choose somebody who works here and may see it.")
    return {"owner": text % {"name": record.assignee.title}}


def tasks_can_be_read(step: Step) -> Mapping[str, str]:
    said = " ".join(lines.mistakes(step.record.tasks)) if step.record.tasks else ""
    return {"tasks": said} if said else {}


task = register(
    RecordType(
        name="task",
        plural="tasks",
        prefix="TASK",
        model=Task,
        label=_("Task"),
        label_plural=_("Tasks"),
        area="respond",
        icon="check-square",
        lifecycle=Lifecycle(
            states=(
                State("open", Kind.NEW, _("Open"), code="1"),
                State("done", Kind.CLOSED, _("Done"), code="3"),
                State("skipped", Kind.CANCELLED, _("Skipped"), code="7"),
            ),
            moves=(
                Move("finish", ("open",), "done", _("Done")),
                Move("skip", ("open",), "skipped", _("Skip")),
                Move("reopen", ("done", "skipped"), "open", _("Reopen")),
            ),
        ),
        access=Access(
            see=READS_PARENT | OWNS,
            # Where it will stand is known when its record is; the guard then asks for the right to change it there.
            create=Staff("agent"),
            change=Role("agent"),
            remove=Role("administrator"),
            moves=dict.fromkeys(("finish", "skip", "reopen"), Role("agent") | OWNS),
        ),
        form=("title", "parent", "owner", "due_at", "description"),
        columns=("number", "title", "parent", "state", "due_at", "owner", "team", "updated_at"),
        names={"assignee": "owner", "requester": "added_by"},
        labels={"due_at": _("Due"), "added_by": _("Added by")},
        omits=("priority", "requested_for", "waiting_for"),
        also_by=("due_at", "place"),
        private={"parent": READS_PARENT},
        derive=(stand_with_the_parent, keep_time),
        guards=(parent_takes_it, parent_goes_on, owner_can_do_it),
        views=(
            View("open", _("All open"), "is_open"),
            View("mine", _("Mine"), "is_open && owner == me"),
            View("overdue", _("Overdue"), "is_open && due_at < now"),
            View("teams", _("My teams"), "is_open && team in my_teams"),
            View("unassigned", _("Unassigned"), "is_open && owner == null"),
            View("all", _("All"), ""),
        ),
        notes=("reorder",),
        told={"reorder": _("put this in another place among the tasks")},
        capabilities=(Telling,),
    )
)

task_template = register(
    RecordType(
        name="task_template",
        plural="task-templates",
        prefix="TT",
        model=TaskTemplate,
        label=_("Task template"),
        label_plural=_("Task templates"),
        area="resources",
        icon="list-checks",
        lifecycle=Lifecycle(
            states=(
                State("live", Kind.ACTIVE, _("In use"), code="1"),
                State("retired", Kind.CLOSED, _("Retired"), code="7"),
            ),
            moves=(
                Move("retire", ("live",), "retired", _("Retire")),
                Move("reinstate", ("retired",), "live", _("Bring back")),
            ),
        ),
        access=Access(
            see=Role("agent", "auditor"),
            create=Role("team-lead"),
            change=Role("team-lead"),
            remove=Role("service-manager"),
        ),
        form=("title", "organisation", "tasks", "description"),
        columns=("number", "title", "state", "updated_at"),
        labels={"title": _("Name")},
        omits=(
            "priority",
            "requester",
            "requested_for",
            "assignee",
            "team",
            "waiting_for",
            "due_at",
        ),
        order="title",
        shared=True,
        guards=(tasks_can_be_read,),
        views=(View("open", _("In use"), "is_open"), View("all", _("All"), "")),
    )
)
