"""Whom a record may be requested for."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from mainstay.records.types import Step


def name_nobody_twice(step: Step) -> None:
    """Whoever asks for themselves is its requester and nothing more."""
    record = step.record
    if record.requested_for_id == record.requester_id:
        record.requested_for_id = None


def somebody_asks(step: Step) -> Mapping[str, str]:
    """A record that is for somebody else has somebody who asked, and stands where they do."""
    record = step.record
    if step.is_past or record.requested_for_id is None or record.requester_id is not None:
        return {}
    return {"requester": _("Say who asked; whom it is for may stand here as well.")}
