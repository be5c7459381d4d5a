"""What people, teams and services are called is read once and kept, and nobody reads an old name."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mainstay.directory.models import User
from mainstay.pure.rules import Actor
from mainstay.records import commands, names_kept, queries
from mainstay.records.types import shelf
from tests.world import SETUP, World

pytestmark = pytest.mark.django_db
incident = shelf.type("incident")
SHOWN = ["requester", "service", "team", "assignee"]


def listed(actor: Actor) -> tuple[list[dict[str, object]], int]:
    with CaptureQueriesContext(connection) as sent:
        found = queries.page(incident, actor, names=SHOWN).items
    return found, len(sent)


def test_names_that_are_known_are_asked_for_no_more(world: World) -> None:
    names_kept._read.cache_clear()  # by another test of the same world
    world.incident("ra1")
    first, before = listed(world.actor("agn"))
    again, after = listed(world.actor("agn"))
    assert first == again
    assert first[0]["service"]["title"] == "VPN"  # type: ignore[index]
    assert (before, after) == (2, 1)
    world.incident("ra2")
    more, asked = listed(world.actor("agn"))
    assert {row["requester"]["title"] for row in more} == {"Person ra1", "Person ra2"}  # type: ignore[index]
    assert asked == 2, "only who is not known yet"


def test_who_is_called_otherwise_now_is_so_at_the_next_look(world: World) -> None:
    world.incident("ra1")
    listed(world.actor("agn"))
    for rtype, key, name in (
        ("user", world.number("ra1"), "Otherwise"),
        ("service", world.services["vpn"], "Tunnel"),
    ):
        commands.change(shelf.type(rtype), key, {"title": name}, SETUP)
    [row], _asked = listed(world.actor("agn"))
    assert row["requester"]["title"] == "Otherwise"  # type: ignore[index]
    assert row["service"]["title"] == "Tunnel"  # type: ignore[index]


def test_where_no_label_was_read_nothing_is_kept(world: World) -> None:
    world.incident("ra1")
    actor = world.actor("agn")
    actor.versions.clear()  # type: ignore[attr-defined]
    listed(actor)
    User.objects.filter(username="ra1").update(title="Otherwise")
    [row], _asked = listed(actor)
    assert row["requester"]["title"] == "Otherwise"  # type: ignore[index]
    assert names_kept.by_id("people", None) == {}


def test_a_process_keeps_no_more_than_it_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(names_kept, "MOST", 2)
    kept = names_kept.by_id("people", 7)
    kept.update((n, {"title": str(n)}) for n in range(3))
    assert names_kept.by_id("people", 7) == {}
