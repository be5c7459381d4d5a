"""Whom the API tests ask as."""

from collections.abc import Callable

import pytest

from mainstay.surfaces.api import limits
from tests.surfaces.api.client import Api, api_of
from tests.world import World


@pytest.fixture(autouse=True)
def fresh_counts() -> None:
    """No test is refused for what another one asked."""
    limits.forget()


@pytest.fixture
def ask(world: World) -> Callable[..., Api]:
    """`ask("agn")` is that person's API, with a token of full scope or the scopes named."""
    known: dict[tuple[str, ...], Api] = {}

    def of(name: str, *scopes: str) -> Api:
        if (name, *scopes) not in known:
            known[name, *scopes] = api_of(world.people[name], *scopes)
        return known[name, *scopes]

    return of
