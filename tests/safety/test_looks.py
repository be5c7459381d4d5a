"""Whoever reads anything of a record behind a wall, by whatever address, has looked at it: the auditor knows."""

from __future__ import annotations

import re
from html import unescape

import pytest

from mainstay.directory.audit import noting
from mainstay.records.audit.models import AuditEntry
from mainstay.records.models import Record
from mainstay.records.types import shelf
from tests.safety.ground import Ground
from tests.safety.wire import Wire, program

pytestmark = pytest.mark.django_db
ADDRESS = re.compile(r'(?:href|action|hx-get)="(/[^"#]+)')


def walled(ground: Ground) -> dict[str, str]:
    """By plural, a record behind the wall: the case itself, and what hangs on it."""
    world = ground.world
    found = {"incidents": ground.records["hr"].number}
    for plural in ("problems", "tasks"):
        rtype = shelf.by_plural(plural)
        assert rtype is not None
        team = Record.objects.get(number=world.teams["hr"]).pk
        rows = Record.objects.filter(type=rtype.name, team_id=team)
        found[plural] = rows.values_list("number", flat=True)[0]
    return found


def has_looked(wire: Wire, address: str, number: str) -> bool:
    """Whether what was answered left its trace; what was not answered need not."""
    noting.forget_looks()
    looks = AuditEntry.objects.filter(kind__in=(noting.LOOK, noting.FILE))
    before = looks.filter(record_id=Record.objects.get(number=number).pk).count()
    answer = wire.get(address)
    assert answer.status < 500, address
    if answer.status != 200:
        return True
    return looks.filter(record_id=Record.objects.get(number=number).pk).count() == before + 1


def test_by_rest(ground: Ground) -> None:
    wire, asked = program(ground.world.people["agh"].id, "read"), 0
    paths = wire.get("/api/v1/openapi.json").json["paths"]
    for plural, number in walled(ground).items():
        for path, methods in paths.items():
            if "get" in methods and path.startswith(f"/{plural}/{{key}}") and "{part}" not in path:
                asked += 1
                address = "/api/v1" + path.replace("{key}", number)
                assert has_looked(wire, address, number), address
    assert asked > 12


def test_by_the_workspace(ground: Ground) -> None:
    browser, asked = ground.browser("agh"), 0
    for plural, number in walled(ground).items():
        here = f"/{plural}/{number}/"
        found = {unescape(a) for a in ADDRESS.findall(browser.get(here).text)}
        for address in sorted(a for a in {here, *found} if a.startswith(here)):
            asked += 1
            assert has_looked(browser, address, number), address
    assert asked > 12


def test_in_the_portal(ground: Ground) -> None:
    browser, number = ground.browser("ra2"), ground.records["hr"].number
    here = f"/portal/requests/{number}/"
    found = {unescape(a) for a in ADDRESS.findall(browser.get(here).text)}
    for address in sorted(a for a in {here, *found} if a.startswith(here)):
        assert has_looked(browser, address, number), address


def test_what_no_wall_hides_leaves_nothing(ground: Ground) -> None:
    browser, number = ground.browser("agh"), ground.records["plain"].number
    noting.forget_looks()
    assert browser.get(f"/incidents/{number}/edit/").status == 200
    assert not AuditEntry.objects.filter(kind=noting.LOOK).exists()
