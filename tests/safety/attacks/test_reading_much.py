"""Reading everything, one by one: it ends at the limit, and somebody is told."""

from __future__ import annotations

import pytest

from mainstay.records.audit.models import AuditEntry
from mainstay.surfaces.api import limits
from tests.safety.ground import Ground
from tests.safety.wire import Wire, program

pytestmark = pytest.mark.django_db
MOST = 20
LIMITED = "refused.limit"


@pytest.mark.attack("R04")
@pytest.mark.parametrize("door", ["web", "portal", "api"])
def test_who_reads_on_and_on_is_stopped_and_stands_in_the_audit(
    ground: Ground, settings, door: str
) -> None:
    settings.MAINSTAY_RATE_LIMIT = MOST
    person = ground.world.people["ra1"]
    wire = program(person.id, "read") if door == "api" else ground.browser("ra1")
    path = {
        "web": "/r/INC-{}",
        "portal": "/portal/requests/INC-{}/",
        "api": "/api/v1/incidents/INC-{}",
    }
    # A database that does not take numbers back begins where the tests before this one ended.
    first = int(ground.records["plain"].number.removeprefix("INC-"))
    answers = [wire.get(path[door].format(n)) for n in range(first, first + MOST + 5)]
    assert {answer.status for answer in answers[:MOST]} <= {200, 303, 404}
    assert any(answer.status != 404 for answer in answers[:MOST]), "their own is answered"
    for answer in answers[MOST:]:
        assert answer.status == 429 and 1 <= int(answer["Retry-After"]) <= 61
        assert not any(canary in answer.text for canary in ground.canaries)
    (entry,) = AuditEntry.objects.filter(kind=LIMITED)
    assert (entry.actor_id, entry.times, entry.address) == (person.id, 1, wire.address)
    assert entry.facts["path"] == path[door].format(first + MOST)
    page = ground.browser("aud").get(f"/audit/?kind={LIMITED}")
    assert page.status == 200 and "Refused: too many requests" in page.text
    assert "Person ra1" in page.text


@pytest.mark.attack("R04")
def test_the_keys_of_one_person_are_told_in_one_entry(ground: Ground, settings) -> None:
    settings.MAINSTAY_RATE_LIMIT = MOST
    person = ground.world.people["agn"]
    for _ in range(3):
        wire = program(person.id, "read")
        assert [wire.get("/api/v1/me").status for _ in range(MOST + 2)] == [200] * MOST + [429] * 2
    assert AuditEntry.objects.filter(kind=LIMITED, actor_id=person.id).count() == 1


@pytest.mark.attack("R04")
def test_a_stranger_who_goes_on_is_told_by_their_address(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "STRANGERS", MOST)
    wire = Wire(address="203.0.113.9")
    assert [wire.get("/api/v1/me").status for _ in range(MOST + 3)] == [401] * MOST + [429] * 3
    (entry,) = AuditEntry.objects.filter(kind=LIMITED)
    assert (entry.actor_id, entry.address, entry.door) == (None, "203.0.113.9", "api")


def test_without_a_limit_nobody_is_counted(ground: Ground) -> None:
    wire = ground.browser("ra1")
    assert {wire.get("/portal/").status for _ in range(MOST + 5)} == {200}
    assert not AuditEntry.objects.filter(kind=LIMITED).exists()
