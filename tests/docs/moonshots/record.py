"""The moonshot as a record type: `requester` in no form and not omitted, moves that need every kind of field."""

from django.utils.translation import gettext_lazy as _

from mainstay.capabilities.conversation.declare import Conversation
from mainstay.practices.moonshots.models import Moonshot
from mainstay.pure.lifecycle import Kind, Lifecycle, Move, State
from mainstay.pure.rules import Access, Everyone, Role
from mainstay.records.types import LinkKind, RecordType, View, register

lifecycle = Lifecycle(
    states=(
        State("planned", Kind.NEW, _("Planned")),
        State("building", Kind.ACTIVE, _("Being built")),
        State("live", Kind.CLOSED, _("Gone live")),
        State("dropped", Kind.CANCELLED, _("Dropped")),
    ),
    moves=(
        Move(
            "build",
            ("planned",),
            "building",
            _("Build it"),
            needs=("service", "planned_for", "risk", "manager"),
        ),
        Move(
            "launch",
            ("building",),
            "live",
            _("Go live"),
            needs=("is_rehearsed", "downtime", "live_at", "notes"),
            message="all",
        ),
        Move("drop", ("planned", "building"), "dropped", _("Drop it")),
    ),
)

moonshot = register(
    RecordType(
        name="moonshot",
        plural="moonshots",
        prefix="MOON",
        model=Moonshot,
        label=_("Moonshot"),
        label_plural=_("Moonshots"),
        area="respond",
        icon="boxes",
        lifecycle=lifecycle,
        access=Access(
            see=Everyone(),
            create=Role("change-manager"),
            change=Role("change-manager"),
            remove=Role("change-manager"),
        ),
        form=("title", "service", "team", "manager", "risk", "planned_for", "notes"),
        names={"assignee": "manager"},
        columns=("number", "title", "service", "risk", "planned_for", "state"),
        omits=("priority", "waiting_for", "due_at"),
        private={"notes": Role("agent")},
        links={"carries": LinkKind(_("Carries"), _("Carried by"), ("incident",))},
        views=(View("open", _("Ahead"), "is_open"), View("all", _("All"), "")),
        capabilities=(Conversation,),
    )
)
