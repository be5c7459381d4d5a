"""The service as a record type: seen by everybody, kept by service managers."""

from django.utils.translation import gettext_lazy as _

from mainstay.practices.catalogue.models import Service
from mainstay.pure.lifecycle import Kind, Lifecycle, Move, State
from mainstay.pure.rules import Access, Everyone, Mine, Role
from mainstay.records.types import RecordType, View, register

lifecycle = Lifecycle(
    states=(
        State("live", Kind.ACTIVE, _("Live"), code="1"),
        State("retired", Kind.CLOSED, _("Retired"), code="7"),
    ),
    moves=(
        Move("retire", ("live",), "retired", _("Retire")),
        Move("reinstate", ("retired",), "live", _("Bring back")),
    ),
)

service = register(
    RecordType(
        name="service",
        plural="services",
        prefix="SVC",
        model=Service,
        label=_("Service"),
        label_plural=_("Services"),
        area="resources",
        icon="store",
        lifecycle=lifecycle,
        access=Access(
            see=Everyone(),
            create=Role("service-manager"),
            change=Role("service-manager") | Mine("assignee_id"),
            note=Role("agent") | Mine("assignee_id"),
            remove=Role("service-manager"),
        ),
        form=("title", "organisation", "owner", "support_team", "description"),
        columns=("number", "title", "owner", "support_team", "state"),
        names={"assignee": "owner", "team": "support_team"},
        labels={"title": _("Name")},
        omits=("priority", "requester", "requested_for", "waiting_for", "due_at"),
        order="title",
        shared=True,
        # Their names are kept at hand: each word that somebody looks for may be one.
        settings_part="services",
        views=(
            View("open", _("Live"), "is_open"),
            View("mine", _("Mine"), "is_open && owner == me"),
            View("all", _("All"), ""),
        ),
    )
)
