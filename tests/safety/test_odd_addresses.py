"""Odd values in the addresses of pages and operations that belong to no one type, or to a part of one record."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from django.test import Client

from mainstay.directory.actors import SESSION_COOKIE
from mainstay.directory.signin import sessions, tokens
from tests.world import World

pytestmark = pytest.mark.django_db
ODD = ["\x00", "a\x00", "INC-\x00", "9" * 30, "-1", "'", "\U0001f600", "x" * 5_000, "2026-13-45"]
PAGES = (
    ("agn", "/search/", ("q", "type", "state", "team", "service", "order", "after")),
    ("agn", "/search/similar/", ("plural", "title")),
    ("agn", "/search/suggestions/", ("q",)),
    ("ra1", "/portal/search/", ("q", "after")),
    ("ra1", "/portal/search/suggestions/", ("q",)),
    ("ra1", "/portal/requests/", ("after",)),
    ("ra1", "/portal/requests/INC-1/", ("before",)),
    ("agn", "/incidents/INC-1/", ("before", "show")),
    ("aud", "/audit/", ("kind", "person", "door", "record", "since", "until", "text", "after")),
)
OPERATIONS = (
    ("agn", "/search", ("q", "type", "state", "team", "service", "order", "after", "size")),
    ("agn", "/search/suggestions", ("q",)),
    ("aud", "/audit", ("kind", "person", "door", "record", "since", "until", "text", "after")),
    ("agn", "/incidents/INC-1/links", ("after", "size")),
    ("agn", "/incidents/INC-1/files", ("after", "size")),
)


def answers(client: Client, base: str, names: tuple[str, ...], odd: str) -> set[str]:
    """What was answered with a 5xx; alone and beside a search that finds something."""
    found = set()
    for name in names:
        words = "&q=vpn" if name != "q" and "search" in base else ""
        url = f"{base}?{name}={quote(odd)}{words}"
        if client.get(url).status_code >= 500:
            found.add(url)
    return found


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: repr(odd)[:12])
def test_none_is_answered_with_a_5xx(world: World, odd: str) -> None:
    world.incident()
    bad: set[str] = set()
    for who, base, names in PAGES:
        client = Client(raise_request_exception=False)
        client.cookies[SESSION_COOKIE] = sessions.begin(world.people[who].id)
        bad |= answers(client, base, names, odd)
    for who, base, names in OPERATIONS:
        secret = tokens.issue(world.people[who].id, "t", [])
        client = Client(
            raise_request_exception=False, headers={"Authorization": f"Bearer {secret}"}
        )
        bad |= answers(client, f"/api/v1{base}", names, odd)
    assert bad == set()
