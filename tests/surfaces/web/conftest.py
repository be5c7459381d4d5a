"""A browser without a screen, signed in as somebody of the world."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from mainstay.directory.actors import SESSION_COOKIE
from mainstay.directory.signin import sessions
from tests.world import World

Browse = Callable[[str], Client]


@pytest.fixture
def browse(world: World) -> Browse:
    def signed_in(name: str) -> Client:
        client = Client()
        client.cookies[SESSION_COOKIE] = sessions.begin(world.people[name].id)
        return client

    return signed_in
