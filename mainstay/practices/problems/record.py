"""The problem as a record type, and the pure functions its declaration names."""

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
from mainstay.capabilities.conversation.declare import Conversation
from mainstay.capabilities.files.declare import Files
from mainstay.capabilities.priority.choices import lowering_needs_a_reason, set_priority
from mainstay.capabilities.tasks.declare import Tasks
from mainstay.capabilities.telling.declare import Telling
from mainstay.directory import actors
from mainstay.practices.problems.codes import RESOLUTION_EXPORTS
from mainstay.practices.problems.lifecycle import CONFIRMED, lifecycle
from mainstay.practices.problems.models import Problem
from mainstay.practices.problems.routes import OverRest
from mainstay.pure.rules import Access, Actor, Role
from mainstay.records import access
from mainstay.records.types import LinkKind, RecordType, Step, View, register, shelf

# How it ended, by the move that ended it.
ENDED_BY = {
    "resolve": "fix_applied",
    "accept_risk": "risk_accepted",
    "duplicate": "duplicate",
    "cancel": "cancelled",
}


def keep_times(step: Step) -> None:
    """When it was resolved, closed and reopened, and how it ended, by the moves that did it."""
    if not step.changed("state"):
        return
    record = step.record
    record.resolution_code = ENDED_BY.get(step.verb, record.resolution_code)
    if record.state == "resolved":
        record.resolved_at, record.resolved_by_id = step.at, step.actor.id
    elif record.state in ("closed", "cancelled"):
        record.closed_at = step.at
    elif step.before["state"] in ("resolved", "closed"):
        if step.undone is None:
            record.reopened_at, record.reopen_count = step.at, record.reopen_count + 1
        record.resolved_at = record.resolved_by_id = record.closed_at = None
        # The fix stays written down: the next one begins with it, and where it held after all it is told as it was.
        record.resolution_code = ""


# By field: where it is stored, and what stands there where no risk is accepted.
RISK: dict[str, tuple[str, object]] = {
    "risk_owner": ("risk_owner_id", None),
    "risk_until": ("risk_until", None),
    "risk_reason": ("risk_reason", ""),
}


def time_the_verification(step: Step) -> None:
    """How long an incident that is reported and linked counts as a recurrence, counted from the resolution."""
    record = step.record
    if record.resolved_at is None:
        record.verified_until = None
    elif step.changed("resolved_at") or step.changed("verification_days"):
        record.verified_until = record.resolved_at + timedelta(days=record.verification_days)


def forget_the_risk(step: Step) -> None:
    """Whose risk it is, until when and why, is a fact only for as long as it is accepted."""
    if step.record.resolution_code != "risk_accepted":
        for name, (attribute, nothing) in RISK.items():
            if name not in step.given:
                setattr(step.record, attribute, nothing)


def date_the_known_error(step: Step) -> None:
    """Since when it is known; what was cancelled or is another problem's is known as no error of its own."""
    record = step.record
    if record.resolution_code in ("cancelled", "duplicate"):
        record.is_known_error = False
    if step.changed("is_known_error"):
        record.known_error_at = step.at if record.is_known_error else None


def known_error_has_cause_and_workaround(step: Step) -> Mapping[str, str]:
    record = step.record
    if not record.is_known_error:
        return {}
    if record.state not in CONFIRMED:
        return {"is_known_error": _("Confirm the problem first: its cause is looked for then.")}
    return {
        name: _("A known error has this; else take back that it is one.")
        for name in ("cause", "workaround")
        if not getattr(record, name).strip()
    }


def only_an_accepted_risk_has_these(step: Step) -> Mapping[str, str]:
    """Refused and not forgotten, so that nobody believes it was kept."""
    if step.record.resolution_code == "risk_accepted":
        return {}
    return {
        name: _("Only a risk that is accepted has this.")
        for name, (attribute, nothing) in RISK.items()
        if getattr(step.record, attribute) != nothing
    }


def the_risks_owner_sees_it(step: Step) -> Mapping[str, str]:
    """Nobody answers for what does not exist for them."""
    record = step.record
    if step.is_past or not step.changed("risk_owner_id") or record.risk_owner_id is None:
        return {}
    try:
        owner = actors.for_person(record.risk_owner_id)
    except LookupError:  # they have left
        owner = Actor(id=None)
    if access.may(shelf.type(record.type), "see", owner, record):
        return {}
    text = _("%(name)s may not see this; choose somebody who may, to answer for it.")
    return {"risk_owner": text % {"name": record.risk_owner.title}}


def who_may_accept_changes_the_terms(step: Step) -> Mapping[str, str]:
    """Another owner, a later day, another reason: each is accepting it anew."""
    record = step.record
    names = [name for name, (attribute, _nothing) in RISK.items() if step.changed(attribute)]
    if step.verb != "change" or not names or record.resolution_code != "risk_accepted":
        return {}
    if access.may(shelf.type(record.type), "accept_risk", step.actor, record):
        return {}
    return dict.fromkeys(names, str(_("Only who may accept this risk may change this.")))


def accepting_ends(step: Step) -> Mapping[str, str]:
    day = step.record.risk_until
    if step.changed("risk_until") and day is not None and day <= step.at.date():
        return {"risk_until": _("Choose a day that is to come: the risk is looked at anew then.")}
    return {}


def taking_it_back_needs_a_reason(step: Step) -> Mapping[str, str]:
    is_chosen = "is_known_error" in step.given and step.undone is None
    is_taken_back = is_chosen and step.changed("is_known_error")
    if is_taken_back and not step.record.is_known_error and not step.reason.strip():
        return {"reason": _("Say why it is no known error; it is kept in the history.")}
    return {}


problem = register(
    RecordType(
        name="problem",
        plural="problems",
        prefix="PRB",
        model=Problem,
        label=_("Problem"),
        label_plural=_("Problems"),
        area="respond",
        icon="bug",
        lifecycle=lifecycle,
        access=Access(
            see=Role("agent", "auditor") | SUPPLIES,
            create=Role("agent"),
            change=Role("agent"),
            note=Role("agent") | SUPPLIES,
            remove=Role("administrator"),
            moves={
                **dict.fromkeys(("assess", "confirm", "fix", "resolve"), Role("agent") | SUPPLIES),
                # The end of the verification closes it by itself; before that somebody answers for it.
                "close": Role("team-lead"),
                # As somebody does for a risk that is left as it is.
                "accept_risk": Role("team-lead"),
            },
        ),
        form=(
            "title",
            "body",
            "reporter",
            "impact",
            "urgency",
            "service",
            "item",
            "is_major",
            "cause",
            "workaround",
            "is_known_error",
            "fix",
            "team",
            "assignee",
        ),
        columns=(
            "number",
            "title",
            "state",
            "priority",
            "service",
            "is_known_error",
            "team",
            "assignee",
            "updated_at",
        ),
        # Whoever wrote it down; nobody sees a problem by that alone.
        names={"requester": "reporter"},
        omits=("requested_for", "waiting_for", "due_at"),
        labels={"reopened_at": _("Last reopened")},
        concerns=("risk_owner",),
        codes={"resolution_code": {code: sent for code, (_l, sent) in RESOLUTION_EXPORTS.items()}},
        private={"assigned_because": Role("agent", "auditor")},
        derive=(
            set_priority,
            keep_times,
            time_the_verification,
            forget_the_risk,
            date_the_known_error,
            leave_with_the_team,
            forget_old_reason,
        ),
        guards=(
            lowering_needs_a_reason,
            known_error_has_cause_and_workaround,
            taking_it_back_needs_a_reason,
            accepting_ends,
            only_an_accepted_risk_has_these,
            the_risks_owner_sees_it,
            who_may_accept_changes_the_terms,
            assignee_can_work_on_it,
        ),
        links={
            "relates": LinkKind(_("Relates to"), _("Relates to"), ("problem",)),
            "duplicates": LinkKind(_("Duplicate of"), _("Has the duplicate"), ("problem",)),
            "affects": LinkKind(_("Affects"), _("Affected by"), ("item", "service")),
        },
        views=(
            View("open", _("All open"), "is_open"),
            View("mine", _("Mine"), "is_open && assignee == me"),
            View("teams", _("My teams"), "is_open && team in my_teams"),
            View("unassigned", _("Unassigned"), "is_open && assignee == null"),
            View(
                "known_errors",
                _("Known errors"),
                'is_known_error && (is_open || resolution_code == "risk_accepted")',
            ),
            View("verifying", _("In verification"), 'state == "resolved"', "-updated_at"),
            View("accepted", _("Accepted risks"), 'resolution_code == "risk_accepted"'),
            View("all", _("All"), ""),
        ),
        capabilities=(Conversation, Files, Tasks, Assignment, Telling, OverRest),
        notes=("communicate_workaround", "communicate_fix", "duplicate"),
        told={
            "communicate_workaround": _("told the workaround to the callers"),
            "communicate_fix": _("told the fix to the callers"),
        },
    )
)
