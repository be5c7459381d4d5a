"""What every test can use."""

import pytest

from tests.world import World, build

pytest_plugins = ["tests.needs"]


@pytest.fixture
def world(db: None) -> World:
    """Two organisations, three teams and one person of every kind."""
    return build()
