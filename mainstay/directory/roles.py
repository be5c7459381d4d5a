"""The roles people hold, and what each takes in; whoever is signed in is a requester without any grant."""

from django.utils.translation import gettext_lazy as _

AGENT = "agent"
TEAM_LEAD = "team-lead"
CHANGE_MANAGER = "change-manager"
SERVICE_MANAGER = "service-manager"
AUDITOR = "auditor"
VENDOR = "vendor"
ADMINISTRATOR = "administrator"

LABELS = {
    AGENT: _("Agent"),
    TEAM_LEAD: _("Team lead"),
    CHANGE_MANAGER: _("Change manager"),
    SERVICE_MANAGER: _("Service manager"),
    AUDITOR: _("Auditor"),
    VENDOR: _("Vendor"),
    ADMINISTRATOR: _("Administrator"),
}

INCLUDES = {
    TEAM_LEAD: (AGENT,),
    CHANGE_MANAGER: (AGENT,),
    SERVICE_MANAGER: (TEAM_LEAD, CHANGE_MANAGER),
    ADMINISTRATOR: (SERVICE_MANAGER,),
}


def with_included(role: str) -> set[str]:
    """The role and every role it takes in."""
    return {role}.union(*(with_included(inner) for inner in INCLUDES.get(role, ())))


# Those that take in an agent's work.
WORKING = tuple(role for role in LABELS if AGENT in with_included(role))
