"""A problem's legal life; the codes are ServiceNow's problem states, where cancelling is a way of closing."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.pure.lifecycle import Kind, Lifecycle, Move, State

WORKED_ON = ("assess", "root_cause_analysis", "fix_in_progress")
# Before these somebody only suspects a problem, so there is no error that could be known.
CONFIRMED = ("root_cause_analysis", "fix_in_progress", "resolved", "closed")

lifecycle = Lifecycle(
    states=(
        State("new", Kind.NEW, _("New"), code="101"),
        State("assess", Kind.ACTIVE, pgettext_lazy("state", "Assess"), code="102"),
        State("root_cause_analysis", Kind.ACTIVE, _("Root cause analysis"), code="103"),
        State("fix_in_progress", Kind.ACTIVE, _("Fix in progress"), code="104"),
        State("resolved", Kind.RESOLVED, _("Resolved"), code="106"),
        State("closed", Kind.CLOSED, _("Closed"), code="107"),
        State("cancelled", Kind.CANCELLED, _("Cancelled"), code="107"),
    ),
    moves=(
        Move("assess", ("new",), "assess", _("Assess"), asks=("assignee",)),
        Move("confirm", ("assess",), "root_cause_analysis", _("Confirm"), message="internal"),
        Move(
            "fix",
            ("root_cause_analysis",),
            "fix_in_progress",
            _("Start the fix"),
            needs=("cause",),
            asks=("workaround",),
        ),
        Move(
            "resolve",
            ("root_cause_analysis", "fix_in_progress"),
            "resolved",
            _("Resolve"),
            needs=("cause", "fix"),
            asks=("verification_days",),
        ),
        Move(
            "accept_risk",
            ("root_cause_analysis", "fix_in_progress"),
            "closed",
            _("Accept the risk"),
            needs=("risk_owner", "risk_until", "risk_reason"),
        ),
        Move("close", ("resolved",), "closed", _("Close"), message="internal"),
        Move(
            "reanalyse",
            ("fix_in_progress", "resolved", "closed"),
            "root_cause_analysis",
            _("Analyse again"),
            message="internal",
        ),
        Move(
            "cancel",
            ("new", *WORKED_ON),
            "cancelled",
            _("Cancel the problem"),
            message="internal",
        ),
    ),
)
