"""The configuration item as a record type: agents see it, whoever owns it or manages services keeps it."""

from django.utils.translation import gettext_lazy as _

from mainstay.practices.cmdb.models import Item
from mainstay.pure.lifecycle import Kind, Lifecycle, Move, State
from mainstay.pure.rules import Access, Mine, MyTeams, Role
from mainstay.records.types import RecordType, View, register

# Codes are ServiceNow's install_status.
lifecycle = Lifecycle(
    states=(
        State("in_stock", Kind.NEW, _("In stock"), code="6"),
        State("installed", Kind.ACTIVE, _("Installed"), code="1"),
        State("in_repair", Kind.WAITING, _("In repair"), code="5"),
        State("retired", Kind.CLOSED, _("Retired"), code="7"),
    ),
    moves=(
        Move("install", ("in_stock", "in_repair"), "installed", _("Install")),
        Move("repair", ("installed",), "in_repair", _("Send to repair")),
        Move("stock", ("installed", "in_repair"), "in_stock", _("Put in stock")),
        Move("retire", ("in_stock", "installed", "in_repair"), "retired", _("Retire")),
    ),
)

item = register(
    RecordType(
        name="item",
        plural="items",
        prefix="CI",
        model=Item,
        label=_("Configuration item"),
        label_plural=_("Configuration items"),
        area="resources",
        icon="cpu",
        lifecycle=lifecycle,
        access=Access(
            see=Role("agent", "auditor") | Mine("assignee_id"),
            create=Role("agent"),
            change=Role("service-manager") | (Role("agent") & MyTeams()) | Mine("assignee_id"),
            remove=Role("service-manager"),
        ),
        form=(
            "title",
            "organisation",
            "owner",
            "support_team",
            "service",
            "environment",
            "serial",
            "description",
        ),
        columns=("number", "title", "service", "owner", "support_team", "environment", "state"),
        names={"assignee": "owner", "team": "support_team"},
        labels={"title": _("Name")},
        omits=("priority", "requester", "requested_for", "waiting_for", "due_at"),
        shared=True,
        views=(
            View("open", _("In use"), "is_open"),
            View("mine", _("Mine"), "is_open && owner == me"),
            View("teams", _("My teams"), "is_open && support_team in my_teams"),
            View("all", _("All"), ""),
        ),
    )
)
