"""What the page of the audit is narrowed by, as people type it: by name, and by days that make sense."""

from __future__ import annotations

from html import unescape

import pytest
from django.test import Client

from mainstay.directory import commands as directory
from mainstay.directory.signin import tokens
from mainstay.records import commands
from mainstay.records.audit.models import AuditEntry
from mainstay.records.types import shelf
from tests.surfaces.web.conftest import Browse
from tests.world import SETUP, World

pytestmark = pytest.mark.django_db
NOTHING = "Nothing matches here"


def shown(browse: Browse, who: str = "aud", **asked: str) -> tuple[int, str]:
    answer = browse(who).get("/audit/", asked)
    return answer.status_code, unescape(answer.content.decode())


def test_a_person_is_asked_for_by_name_as_in_other_fields(world: World, browse: Browse) -> None:
    made, number = world.incident(by="ra1").number, world.number("ra1")
    for typed in ("Person ra1", "person RA1", f"Person ra1 · {number}", number, number.lower()):
        status, page = shown(browse, person=typed)
        assert status == 200 and made in page, typed
        assert f"Person: Person ra1 · {number}" in page
        assert f'value="Person ra1 · {number}"' in page
    assert 'hx-get="/users/options/"' in page


def test_whoever_has_left_is_found_by_name(world: World, browse: Browse) -> None:
    made = world.incident(by="ra1").number
    commands.move(shelf.type("user"), world.number("ra1"), "leave", {}, SETUP)
    status, page = shown(browse, person="Person ra1")
    assert status == 200 and made in page


def test_what_fits_nobody_or_several_is_said(world: World, browse: Browse) -> None:
    status, page = shown(browse, person="Amara Okonjo")
    assert status == 422 and "There is no person Amara Okonjo." in page
    assert NOTHING not in page and 'value="Amara Okonjo"' in page
    status, page = shown(browse, person="Person r")
    assert status == 422 and "Several people are called so. Choose one:" in page
    assert f"Person ra1 · {world.number('ra1')}" in page


def test_nobody_beyond_the_wall_is_named(world: World, browse: Browse) -> None:
    directory.grant(world.number("agb"), "auditor", SETUP)
    for typed in ("Person ra1", "Person r"):
        _status, page = shown(browse, "agb", person=typed)
        assert world.number("ra1") not in page


def test_a_range_that_ends_before_it_begins_is_said(world: World, browse: Browse) -> None:
    status, page = shown(browse, since="2026-06-04", until="2026-06-02")
    assert status == 422 and NOTHING not in page
    assert "This ends before it begins. Change one of the two days." in page
    assert shown(browse, since="2026-06-02", until="2026-06-02")[0] == 200


def test_why_somebody_was_refused_is_kept_in_english_and_told_to_each(
    world: World, browse: Browse
) -> None:
    number = world.incident(by="ra1").number
    secret = tokens.issue(world.people["ra1"].id, "t", [])
    german = {"Accept-Language": "de"}
    program = Client(headers=german | {"Authorization": f"Bearer {secret}"})
    address = f"/api/v1/incidents/{number}"
    answers = [
        program.patch(address, {"title": "x"}, content_type="application/json"),
        program.post(f"{address}/moves", {"move": "start"}, content_type="application/json"),
    ]
    english = ["You may not change this.", "You may not do this here: “Start work”."]
    told = ["Das dürfen Sie nicht ändern.", "Das dürfen Sie hier nicht: „Arbeit beginnen“."]
    assert [answer.json()["detail"] for answer in answers] == told
    found = AuditEntry.objects.filter(kind="refused.denied").order_by("pk")
    assert [entry.facts["said"] for entry in found] == english
    for page, said in (
        (browse("aud").get("/audit/"), english),
        (browse("aud").get("/audit/", headers=german), told),
    ):
        assert [text in unescape(page.content.decode()) for text in said] == [True, True]
