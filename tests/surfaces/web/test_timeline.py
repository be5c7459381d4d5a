"""The timeline of a record that was brought here from another system."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from mainstay.records import replay
from mainstay.records.replay import Happening, Past
from mainstay.records.types import shelf
from tests.surfaces.web.conftest import Browse
from tests.world import SETUP, World

pytestmark = pytest.mark.django_db
incident = shelf.type("incident")
BEGIN = datetime(2024, 3, 1, 9, tzinfo=UTC)
MARK = "not possible here"


def test_moves_the_lifecycle_would_refuse_are_marked_for_who_works_on_it(
    browse: Browse, world: World
) -> None:
    """Closed without a resolution, then open again: both happened elsewhere and are kept as they were."""
    person = world.people["agn"].id
    states = ("new", "in_progress", "closed", "in_progress")
    given = {"title": "From elsewhere", "requester": world.people["ra1"].id}
    happenings = [
        Happening(BEGIN + timedelta(hours=n), person, state, given if n == 0 else {})
        for n, state in enumerate(states)
    ]
    replay.take(incident, "elsewhere", [Past("INC-77", happenings, number="INC-77")], SETUP)
    page = browse("agn").get("/incidents/INC-77/").content.decode()
    assert page.count(MARK) == 2
    assert page.count("imported") == len(states)
    assert MARK not in browse("ra1").get("/incidents/INC-77/").content.decode()
