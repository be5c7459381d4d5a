"""What impact and urgency may be, and what follows from them: records with `impact`, `urgency` and `priority`."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from mainstay.pure.matrix import priority
from mainstay.records.types import Step

LEVELS = [(1, _("High")), (2, _("Medium")), (3, _("Low"))]


def set_priority(step: Step) -> None:
    """Priority is read from impact and urgency and never typed."""
    step.record.priority = priority(step.record.impact, step.record.urgency)


def lowering_needs_a_reason(step: Step) -> Mapping[str, str]:
    """Whoever takes back a raise puts it where it stood, for which somebody had a reason then."""
    if (
        step.undone is None
        and step.changed("priority")
        and step.record.priority > step.before["priority"]
        and not step.reason.strip()
    ):
        return {"reason": _("Lowering the priority needs a reason; it is kept in the history.")}
    return {}
