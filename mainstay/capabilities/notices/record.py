"""The notice as a record type."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from mainstay.capabilities.notices.declare import MeToo
from mainstay.capabilities.notices.models import Notice
from mainstay.capabilities.notices.rights import KEEPER, works_on_the_origin
from mainstay.capabilities.telling.declare import Telling
from mainstay.pure.lifecycle import Kind, Lifecycle, Move, State
from mainstay.pure.rules import Access, Everyone, Role, Staff
from mainstay.records.types import RecordType, Step, View, register


def keep_publisher(step: Step) -> None:
    if step.verb == "create" and not step.actor.is_system:
        step.record.requester_id = step.actor.id


def keep_time(step: Step) -> None:
    if step.changed("state"):
        step.record.ended_at = step.at if step.record.state == "ended" else None


def those_who_work_on_it(step: Step) -> Mapping[str, str]:
    """Who does not work on the record it comes from does not speak for those who do."""
    if step.verb == "create" or works_on_the_origin(step.actor, step.record.id):
        return {}
    return {"text": _("This notice is changed by those who published it.")}


def stays_where_it_is(step: Step) -> Mapping[str, str]:
    """Those who read it are chosen once: with the record it comes from."""
    if step.verb != "create" and step.changed("organisation_id"):
        return {
            "organisation": _("A notice stays in its organisation; end it and publish another.")
        }
    return {}


notice = register(
    RecordType(
        name="notice",
        plural="notices",
        prefix="NTC",
        model=Notice,
        label=_("Notice"),
        label_plural=_("Notices"),
        area="respond",
        icon="bell",
        lifecycle=Lifecycle(
            states=(
                State("published", Kind.ACTIVE, _("Published"), code="1"),
                State("ended", Kind.CLOSED, _("Ended"), code="3"),
            ),
            moves=(Move("end", ("published",), "ended", _("End")),),
        ),
        access=Access(
            see=Everyone(),
            create=Role(KEEPER),
            change=Staff("agent"),
            remove=Role("administrator"),
            note=Staff("agent"),
        ),
        form=("title", "text", "next_update_at", "organisation"),
        columns=("number", "title", "state", "next_update_at", "organisation", "updated_at"),
        names={"requester": "published_by", "due_at": "next_update_at"},
        labels={"published_by": _("Published by"), "next_update_at": _("Next update")},
        omits=("priority", "requested_for", "team", "assignee", "waiting_for"),
        # Everybody is told what concerns everybody.
        shared=True,
        private={"published_by": Staff("agent", "auditor")},
        derive=(keep_publisher, keep_time),
        guards=(those_who_work_on_it, stays_where_it_is),
        views=(
            View("open", _("Published"), "is_open"),
            View("late", _("Update overdue"), "is_open && next_update_at < now"),
            View("all", _("All"), ""),
        ),
        capabilities=(MeToo, Telling),
    )
)
