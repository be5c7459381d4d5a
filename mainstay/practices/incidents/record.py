"""The incident as a record type, and the pure functions its declaration names."""

from collections.abc import Mapping
from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from mainstay.capabilities.assignment.choices import (
    SUPPLIES,
    assignee_can_work_on_it,
    forget_old_reason,
    leave_with_the_team,
)
from mainstay.capabilities.assignment.declare import Assignment
from mainstay.capabilities.behalf.choices import name_nobody_twice, somebody_asks
from mainstay.capabilities.behalf.declare import Behalf
from mainstay.capabilities.conversation.declare import Conversation
from mainstay.capabilities.files.declare import Files
from mainstay.capabilities.notices.declare import Notices
from mainstay.capabilities.priority.choices import lowering_needs_a_reason, set_priority
from mainstay.capabilities.tasks.declare import Tasks
from mainstay.capabilities.telling.declare import Telling
from mainstay.directory.walls import both_stand_inside, words_stay_inside
from mainstay.practices.incidents.codes import CLOSE_CODE_EXPORTS, WAITS
from mainstay.practices.incidents.commands import CHILD_OF, TELL
from mainstay.practices.incidents.lifecycle import lifecycle
from mainstay.practices.incidents.models import Incident
from mainstay.practices.incidents.routes import OverRest
from mainstay.pure.rules import CALLER, Access, Everyone, Role
from mainstay.records import access, queries
from mainstay.records.types import Invitation, LinkKind, RecordType, Step, View, register, shelf

# It may still be yesterday where somebody chooses a day.
A_DAY = timedelta(days=1)


def clear_wait(step: Step) -> None:
    """Whom it waits for is a fact of its own, and none once it waits no more."""
    if step.record.state != "on_hold":
        step.record.waiting_for, step.record.resume_on = None, None


def keep_times(step: Step) -> None:
    """When it was resolved, closed and reopened, by the moves that did it."""
    if not step.changed("state"):
        return
    record = step.record
    if record.state == "resolved":
        record.resolved_at, record.resolved_by_id = step.at, step.actor.id
    elif record.state in ("closed", "cancelled"):
        record.closed_at = step.at
    elif step.before["state"] in ("resolved", "closed"):
        if step.undone is None:
            record.reopened_at, record.reopen_count = step.at, record.reopen_count + 1
        record.resolved_at = record.resolved_by_id = record.closed_at = None
        # What did not hold is in the history; the next solution is to be told anew.
        record.close_code = record.resolution = ""


def count_reassignments(step: Step) -> None:
    """Each change away from a team counts; the first team is no reassignment, and one that was taken back is none."""
    record = step.record
    if not step.changed("team_id"):
        return
    if step.undone is not None:
        record.reassignment_count -= record.team_id is not None and record.reassignment_count > 0
    elif step.before["team_id"] is not None:
        record.reassignment_count += 1


def set_channel(step: Step) -> None:
    """How it reached us, unless somebody said: a person at our own screens writes for whoever is on the phone."""
    record = step.record
    if step.verb != "create" or record.channel:
        return
    is_own = access.is_caller(step.actor, record)
    record.channel = {"web": "portal" if is_own else "phone"}.get(
        step.door, step.door if step.door in ("portal", "api") else ""
    )


def waiting_for_the_caller_needs_a_question(step: Step) -> Mapping[str, str]:
    asked = (
        step.message is not None and step.message.audience == "all" and step.message.text.strip()
    )
    is_new = step.changed("waiting_for") and step.undone is None
    if is_new and step.record.waiting_for == "caller" and not asked:
        return {"message": _("Ask the caller what is needed; they are told.")}
    return {}


def a_caller_to_wait_for(step: Step) -> Mapping[str, str]:
    """Nobody else's answer would ever end that wait."""
    if step.record.waiting_for != "caller" or step.record.requester_id is not None or step.is_past:
        return {}
    return {"requester": _("It waits for its caller; say who that is.")}


def an_open_problem_to_wait_for(step: Step) -> Mapping[str, str]:
    """Where those that cause it are all over, none would ever end that wait; before one is linked it may begin."""
    record = step.record
    if step.is_past or record.waiting_for != "problem" or not step.changed("waiting_for"):
        return {}
    problem = shelf.type("problem")
    names = ("is_open",)
    found = queries.linked(
        problem, step.actor, record.id, "caused_by", names=names, towards="target"
    )
    if not found or any(cause["is_open"] for cause in found):
        return {}
    text = _("No problem that causes this is open any more: link one that is, or go on with it.")
    return {"waiting_for": text}


def resuming_is_ahead(step: Step) -> Mapping[str, str]:
    day = step.record.resume_on
    if "resume_on" in step.given and day is not None and day < (step.at - A_DAY).date():
        return {"resume_on": _("This day is past; choose one that is to come.")}
    return {}


incident = register(
    RecordType(
        name="incident",
        plural="incidents",
        prefix="INC",
        model=Incident,
        label=_("Incident"),
        label_plural=_("Incidents"),
        area="respond",
        icon="siren",
        invitation=Invitation(
            label=_("Something is broken"),
            hint=_("Tell us what happened. Somebody looks at it and answers you here."),
            icon="wrench",
            address="broken",
            questions={
                "title": _("What is going wrong?"),
                "body": _("Tell us more: since when, what you see, what you have tried"),
                "impact": _("Who is held up by it?"),
                "urgency": _("Can you work without it?"),
                "service": _("What is it about?"),
                "requested_for": _("Whom do you ask for, if it is not for you?"),
            },
            answers={
                "impact": {
                    3: _("Only me"),
                    2: _("Several of us"),
                    1: _("A whole site, or many people"),
                },
                "urgency": {
                    3: _("Yes"),
                    2: _("With difficulty"),
                    1: _("No"),
                },
            },
            meanings={
                "impact": {
                    3: _("Others can work with it as usual."),
                    2: _("My team, or the people around me."),
                    1: _("Wherever I ask, it is the same."),
                },
                "urgency": {
                    3: _("There is another way for now."),
                    2: _("It takes much longer."),
                    1: _("Work stands still until it is mended."),
                },
            },
        ),
        lifecycle=lifecycle,
        access=Access(
            see=Role("agent", "auditor") | CALLER | SUPPLIES,
            create=Everyone(),
            change=Role("agent"),
            note=Role("agent") | CALLER | SUPPLIES,
            remove=Role("administrator"),
            moves={
                **dict.fromkeys(("start", "hold", "resume", "resolve"), Role("agent") | SUPPLIES),
                "confirm": CALLER,
                "reopen": Role("agent") | CALLER,
                "cancel": Role("agent") | CALLER,
                "close": Role("agent"),
            },
        ),
        form=(
            "title",
            "body",
            "requester",
            "requested_for",
            "impact",
            "urgency",
            "service",
            "item",
            "category",
            "subcategory",
            "channel",
            "team",
            "assignee",
        ),
        portal_form=("title", "body", "impact", "urgency", "service", "requested_for"),
        columns=(
            "number",
            "title",
            "state",
            "priority",
            "service",
            "requester",
            "team",
            "assignee",
            "updated_at",
        ),
        omits=("due_at",),
        labels={"reopened_at": _("Last reopened")},
        choices={"waiting_for": [(wait, label) for wait, (label, _code) in WAITS.items()]},
        codes={
            "waiting_for": {wait: code for wait, (_label, code) in WAITS.items()},
            "close_code": {code: sent for code, (_label, sent) in CLOSE_CODE_EXPORTS.items()},
        },
        # A caller knows of no problem; that it waits, and not for them, its state says.
        internal={"waiting_for": ("problem",), "close_code": ("resolved_by_problem",)},
        private={
            "imported": Role("agent", "auditor"),
            "assigned_because": Role("agent", "auditor"),
            "item": Role("agent", "auditor", "vendor"),
        },
        derive=(
            set_priority,
            name_nobody_twice,
            set_channel,
            clear_wait,
            keep_times,
            leave_with_the_team,
            count_reassignments,
            forget_old_reason,
        ),
        guards=(
            lowering_needs_a_reason,
            waiting_for_the_caller_needs_a_question,
            a_caller_to_wait_for,
            an_open_problem_to_wait_for,
            resuming_is_ahead,
            assignee_can_work_on_it,
            words_stay_inside,
            both_stand_inside,
            somebody_asks,
        ),
        links={
            "relates": LinkKind(_("Relates to"), _("Relates to"), ("incident",)),
            CHILD_OF: LinkKind(_("Child of"), _("Parent of"), ("incident",)),
            "caused_by": LinkKind(_("Caused by"), _("Causes"), ("problem",)),
            "affects": LinkKind(_("Affects"), _("Affected by"), ("item", "service")),
        },
        views=(
            View("open", _("All open"), "is_open"),
            View("mine", _("Mine"), "is_open && assignee == me"),
            View("teams", _("My teams"), "is_open && team in my_teams"),
            View("unassigned", _("Unassigned"), "is_open && assignee == null"),
            View("on_hold", _("On hold"), 'state == "on_hold"'),
            View("resolved", _("Resolved"), 'state == "resolved"', "-updated_at"),
            View("all", _("All"), ""),
        ),
        notes=(TELL,),
        told={TELL: _("told the callers of its children")},
        capabilities=(
            Conversation,
            Files,
            Tasks,
            Notices,
            Assignment,
            Telling,
            Behalf,
            OverRest,
        ),
    )
)
