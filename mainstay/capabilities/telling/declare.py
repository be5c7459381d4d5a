"""The capability as practices switch it on: what happens to their records is told to whom it concerns."""

from mainstay.capabilities.telling.routes import routes
from mainstay.records.types import Capability

Telling = Capability(name="telling", routes=routes)
