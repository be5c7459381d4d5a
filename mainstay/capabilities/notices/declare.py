"""The capability as practices switch it on, and what a notice itself has."""

from mainstay.capabilities.notices import queries
from mainstay.capabilities.notices.routes import routes, routes_of_notices
from mainstay.records.types import Capability

Notices = Capability(
    name="notices",
    routes=routes,
    needs=("organisation",),
    offers={"ends_with_it": queries.of_record},
)
MeToo = Capability(
    name="me_too", routes=routes_of_notices, offers={"followers": queries.who_have_it}
)
