"""The capability as practices switch it on: records with `service`, `team`, `assignee` and `assigned_because`."""

from mainstay.records.types import Capability

Assignment = Capability(
    name="assignment", verbs=("assign",), needs=("team", "assignee", "assigned_because")
)
