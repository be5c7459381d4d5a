"""What access rules look at, read with every single record."""

from __future__ import annotations

from typing import NamedTuple

FACTS = ("id", "organisation_id", "team_id", "requester_id", "assignee_id", "state")


class _Columns(NamedTuple):
    id: int
    organisation_id: int | None
    team_id: int | None
    requester_id: int | None
    assignee_id: int | None
    state: str


class Facts(_Columns):
    """The columns in the order of FACTS; what a record leads to is kept on it once it was asked for."""
