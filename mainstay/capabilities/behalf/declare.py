"""The capability as practices switch it on, and what the portal asks of it."""

from mainstay.capabilities.behalf.commands import may_request_for, request_for, step_back
from mainstay.capabilities.behalf.routes import routes
from mainstay.records.types import Capability

Behalf = Capability(
    name="behalf",
    routes=routes,
    offers={
        "may_request_for": may_request_for,
        "request_for": request_for,
        "step_back": step_back,
    },
    verbs=("request_for", "step_back"),
    needs=("requester", "requested_for"),
)
