"""The task and the list of tasks as record types."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from mainstay.capabilities.tasks import lines, queries
from mainstay.capabilities.tasks.models import Task, TaskTemplate
from mainstay.directory import actors
from mainstay.pure.lifecycle import Kind, Lifecycle, Move, State
from mainstay.pure.rules import Access, Mine, Role, Through
from mainstay.records import access
from mainstay.records.facts import Facts
from mainstay.records.types import RecordType, Step, View, register

# Whoever works on a record works on its tasks. Its caller does not see them: they hear of work by what is said.
SEES_PARENT = Through("parent", "tasks")
WORKS_ON_PARENT = Through("parent", "tasks", "note")
# An owner sees the task alone where the record it is about does not exist for them.
OWNS = Mine("assignee_id")


def belong_with_the_parent(step: Step) -> None:
    """A task stands in its record's organisation, and at the end of its tasks."""
    record = step.record
    found = access.led_to(task, "parent", record)
    if found is not None:
        record.organisation_id = found[1].organisation_id
    if step.verb == "create":
        record.place = queries.end_of(record.parent_id) + queries.ROOM


def keep_time(step: Step) -> None:
    if step.changed("state"):
        step.record.done_at = step.at if step.record.state == "done" else None


def parent_takes_tasks(step: Step) -> Mapping[str, str]:
    if step.changed("parent_id"):
        return {"parent": _("A task stays with its record; add another one there.")}
    found = access.led_to(task, "parent", step.record) if step.verb == "create" else None
    if found is not None and not found[0].has("tasks"):
        return {"parent": _("Records of this kind have no tasks.")}
    return {}


def owner_can_do_it(step: Step) -> Mapping[str, str]:
    """A task is for somebody who works here and, were it theirs, could see it."""
    record = step.record
    is_chosen = "owner" in step.given or step.changed("assignee_id")
    if not is_chosen or record.assignee_id is None:
        return {}
    owner = actors.for_person(record.assignee_id)
    then = Facts(
        record.id, record.organisation_id, record.team_id, None, record.assignee_id, record.state
    )
    if owner.grants and access.allows(task, OWNS, owner, then):
        return {}
    text = _("%(name)s cannot do this; choose somebody who works here and may see it.")
    return {"owner": text % {"name": owner.name}}


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
            see=OWNS | SEES_PARENT,
            create=WORKS_ON_PARENT,
            change=WORKS_ON_PARENT,
            note=OWNS | WORKS_ON_PARENT,
            remove=Role("administrator"),
            moves=dict.fromkeys(("finish", "skip", "reopen"), OWNS | WORKS_ON_PARENT),
        ),
        form=("title", "parent", "owner", "team", "due_at", "description"),
        columns=("number", "title", "parent", "state", "due_at", "owner", "team"),
        names={"assignee": "owner", "requester": "added_by"},
        labels={"due_at": _("Due"), "parent": _("About")},
        omits=("priority", "waiting_for"),
        orders=("-created_at", "created_at", "-updated_at", "updated_at", "due_at"),
        private={"parent": SEES_PARENT},
        derive=(belong_with_the_parent, keep_time),
        guards=(parent_takes_tasks, owner_can_do_it),
        views=(
            View("open", _("All open"), "is_open"),
            View("mine", _("Mine"), "is_open && owner == me"),
            View("overdue", _("Overdue"), "is_open && due_at < now", "due_at"),
            View("teams", _("My teams"), "is_open && team in my_teams"),
            View("unassigned", _("Unassigned"), "is_open && owner == null"),
            View("all", _("All"), ""),
        ),
        notes=("reorder",),
    )
)

task_template = register(
    RecordType(
        name="task_template",
        plural="task-templates",
        prefix="TT",
        model=TaskTemplate,
        label=_("List of tasks"),
        label_plural=_("Lists of tasks"),
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
        form=("title", "organisation", "team", "tasks", "description"),
        columns=("number", "title", "team", "state", "updated_at"),
        labels={"title": _("Name")},
        omits=("priority", "requester", "assignee", "waiting_for", "due_at"),
        orders=("title", "-created_at", "created_at", "-updated_at", "updated_at"),
        shared=True,
        guards=(tasks_can_be_read,),
        views=(View("open", _("In use"), "is_open"), View("all", _("All"), "")),
    )
)
