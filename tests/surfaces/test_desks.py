"""Whoever has no desk gets no page of the workspace, whatever address they follow or type."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, get_resolver

from mainstay.records import commands
from mainstay.records.types import shelf
from tests.surfaces.web.conftest import Browse
from tests.surfaces.web.conftest import browse as browse
from tests.world import SETUP, World, least

pytestmark = pytest.mark.django_db


def routes(patterns: Any, before: str = "/") -> Iterator[str]:
    for pattern in patterns:
        here = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield here
        else:
            yield from routes(pattern.url_patterns, here)


def addresses(world: World) -> Iterator[str]:
    """Every route of the product with every type, and a record of it: somebody's own where there is one."""
    own = str(world.incident().number)
    records = {
        rtype.plural: str(commands.create(rtype, least(rtype), SETUP).number) for rtype in shelf
    }
    records["incidents"] = own
    for route in routes(get_resolver().url_patterns):
        if route.startswith(("/api/", "/portal/")):
            continue
        for plural, number in records.items():
            yield (
                route.replace("<slug:plural>", plural)
                .replace("<str:key>", number)
                .replace("<str:number>", number)
                .replace("<slug:name>", "title")
                .replace("<slug:word>", "new")
                .replace("<slug:group>", "marks")
                .replace("<int:event>", "1")
            )


def test_no_address_of_the_workspace_shows_it_to_a_caller(world: World, browse: Browse) -> None:
    caller, agent = browse("ra1"), browse("agn")
    looked = set(addresses(world))
    shown = []
    for address in sorted(looked):
        answer = caller.get(address)
        if (
            answer.status_code == 200
            and not answer.streaming
            and b"<!doctype" in answer.content[:20]
        ):
            shown.append(address)
        if answer.status_code == 303 and answer["Location"].startswith("/portal/"):
            assert caller.get(answer["Location"]).status_code in (200, 404), address
    assert shown == []
    assert len(looked) > 100
    for address in (
        "/users/",
        "/jobs/",
        "/services/",
        "/workload/",
        "/-/parts/",
        "/-/parts/marks/",
    ):
        assert address in looked
        assert caller.get(address).status_code in (303, 403, 404), address
    assert caller.get("/users/")["Location"] == caller.get("/jobs/")["Location"] == "/portal/"
    assert agent.get("/users/").status_code == agent.get("/jobs/").status_code == 200


def test_what_the_portal_fetches_is_still_answered(world: World, browse: Browse) -> None:
    part = {"HX-Request": "true", "HX-Target": "datalist#o"}
    assert browse("ra1").get("/users/options/?list=o", headers=part).status_code == 200
