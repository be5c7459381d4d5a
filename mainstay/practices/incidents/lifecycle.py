"""An incident's legal life; the codes are ServiceNow's incident states."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from mainstay.pure.lifecycle import Kind, Lifecycle, Move, State

# A resolved incident closes by itself after this long, counted from the resolution and not from the last update.
CLOSES_AFTER = timedelta(days=7)

WORKED_ON = ("new", "in_progress", "on_hold")

lifecycle = Lifecycle(
    states=(
        State("new", Kind.NEW, _("New"), code="1"),
        State("in_progress", Kind.ACTIVE, _("In progress"), code="2"),
        State("on_hold", Kind.WAITING, _("On hold"), code="3"),
        State("resolved", Kind.RESOLVED, _("Resolved"), code="6"),
        State("closed", Kind.CLOSED, _("Closed"), code="7"),
        State("cancelled", Kind.CANCELLED, _("Cancelled"), code="8"),
    ),
    moves=(
        Move("start", ("new",), "in_progress", _("Start work"), asks=("assignee",)),
        Move(
            "hold",
            ("new", "in_progress"),
            "on_hold",
            _("Put on hold"),
            needs=("waiting_for",),
            asks=("resume_on",),
            message="all",
            hint=_(
                "Needed when this waits for the caller: ask what you need to know; they are told."
            ),
        ),
        Move("resume", ("on_hold",), "in_progress", _("Resume")),
        Move(
            "resolve",
            WORKED_ON,
            "resolved",
            _("Resolve"),
            needs=("close_code", "resolution"),
            message="all",
        ),
        Move("confirm", ("resolved",), "closed", _("Confirm"), message="all"),
        Move("close", ("resolved",), "closed", _("Close")),
        Move("reopen", ("resolved",), "in_progress", _("Reopen"), message="all"),
        Move("cancel", WORKED_ON, "cancelled", _("Cancel the incident"), message="all"),
    ),
)
