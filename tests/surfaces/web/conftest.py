"""A browser without a screen, signed in as somebody of the world."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from mainstay.directory.actors import SESSION_COOKIE
from mainstay.directory.signin import sessions
from tests.world import World

Browse = Callable[[str], Client]


def looked(client: Client, form: dict[str, Any], asked: str = "") -> dict[str, Any]:
    """The form of a step for many as its preview sends it on: with the mark of what was shown."""
    shown = client.post(f"/incidents/bulk/{asked}", form | {"preview": "1"}).content.decode()
    found = re.search(r'name="previewed" value="([0-9a-f]+)"', shown)
    assert found is not None, "it was not tried"
    return form | {"apply": "1", "previewed": found[1]}


def applied(client: Client, form: dict[str, Any], **more: Any) -> Any:
    """A step for many that was looked at before it is done, as the form asks for it."""
    return client.post("/incidents/bulk/", looked(client, form), **more)


@pytest.fixture
def browse(world: World) -> Browse:
    def signed_in(name: str) -> Client:
        client = Client()
        client.cookies[SESSION_COOKIE] = sessions.begin(world.people[name].id)
        return client

    return signed_in
