"""What problems do when something happened: an incident that comes after the fix reopens them."""

from django.utils.translation import gettext as _

from mainstay.practices.problems.commands import CAUSED_BY
from mainstay.practices.problems.record import problem
from mainstay.pure.rules import SYSTEM, By
from mainstay.records import commands, queries
from mainstay.records.errors import Invalid
from mainstay.records.reactions import Heard


def take_in_an_incident(heard: Heard) -> None:
    """An incident is linked to its cause: nothing is caused by what never was one, and what recurs is not solved.

    Only what was reported after the resolution is a recurrence; an older one is found to belong here late.
    """
    if heard.event.changes["link"]["kind"] != CAUSED_BY:
        return
    # The newest link is the one this event tells of.
    number = queries.linked(problem, SYSTEM, heard.record.id, CAUSED_BY, towards="target")[0][
        "number"
    ]
    cause = By(SYSTEM, "problems", cause=heard.event.pk, depth=heard.by.depth + 1)
    record = commands.locked(problem, number, cause)
    if record.state == "cancelled" or record.resolution_code == "duplicate":
        text = _("%(problem)s was found to be no problem of its own; choose another one.")
        raise Invalid({"record": [text % {"problem": number}]})
    if record.state == "resolved" and heard.record.created_at > record.resolved_at:
        reason = _("It happened again: an incident reported after the fix was linked.")
        again = problem.lifecycle.move("reanalyse")
        commands.go(problem, record, again, {}, cause, reason=reason)
