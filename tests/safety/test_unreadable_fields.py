"""What one may not read cannot be filtered, sorted, chosen, set or guessed: it is like no field at all."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from urllib.parse import quote

import pytest

from mainstay.records.types import shelf
from tests.safety.ground import Ground
from tests.safety.wire import Answer, Wire, program

pytestmark = pytest.mark.django_db
incident = shelf.type("incident")
# Private to those who work on incidents, and what is no field of theirs at all.
UNREADABLE = ("item", "assigned_because", "imported")
NO_FIELDS = (
    "extra",
    "is_removed",
    "record_ptr",
    "password",
    "organisation_id",
    "requester__password",
)
GUESSES = ("CNRY", "CNRY-plain-because", "zzz", "")
FILTERS = (
    "{f}.contains('{v}')", "{f}.startsWith('{v}')", "{f} == '{v}'", "{f} != '{v}'", "{f} == null", "has({f})",
    "{f} in ['{v}']", "title == {f}", "{f} < '{v}'", "!({f} == '{v}')", "is_open && {f} == '{v}'",
    "{f}.title == '{v}'", "requester.{f} == '{v}'",
)  # fmt: skip


# What an unknown name is likened to: names the reader knows, chosen by its spelling alone.
# When a page was made is no matter either.
HELP = re.compile(r" Did you mean [^?]*\?| There are: [^.\"]*\.| data-at=\"\d+\"")


def told(answer: Answer, name: str) -> tuple[int, str, list[str]]:
    text = HELP.sub("", unescape(answer.plain)).replace(name, "FIELD").replace("nonsense", "FIELD")
    return answer.status, text, sorted(n for n, _ in answer.headers)


def readers(ground: Ground) -> list[Wire]:
    return [ground.browser("ra1"), program(ground.world.people["ra1"].id, "read", "write")]


@pytest.mark.attack("I4", "C01")
@pytest.mark.parametrize("name", [*UNREADABLE, *NO_FIELDS])
def test_a_filter_cannot_ask_about_it(ground: Ground, name: str) -> None:
    for wire in readers(ground):
        for pattern in FILTERS:
            answers = set()
            for value in GUESSES:
                for field in (name, "nonsense"):
                    asked = quote(pattern.format(f=field, v=value))
                    page = wire.get(f"/api/v1/incidents?count=true&filter={asked}")
                    assert page.status == 422, (pattern, field, value)
                    answers.add((page.status, _without(page, field, value)))
            assert len(answers) == 1, (pattern, answers)


def _without(answer: Answer, field: str, value: str) -> str:
    text = HELP.sub("", answer.plain).replace(field, "FIELD")
    return text.replace(value, "VALUE") if value else text


@pytest.mark.attack("I4", "I5", "C03")
@pytest.mark.parametrize("name", [*UNREADABLE, *NO_FIELDS])
def test_it_can_be_neither_chosen_nor_sorted_by_nor_set(ground: Ground, name: str) -> None:
    own = ground.records["plain"].number
    for wire in readers(ground):
        for method, address, data in (
            ("GET", "/api/v1/incidents?fields={}", None),
            ("GET", "/api/v1/incidents?order={}", None),
            ("GET", "/api/v1/incidents?order=-{}", None),
            ("GET", f"/api/v1/incidents/{own}?fields={{}}", None),
            ("GET", f"/api/v1/incidents/{own}?fields=title,{{}}", None),
            ("GET", "/api/v1/incidents?{}=x", None),
            ("GET", "/api/v1/incidents?{}__startswith=C", None),
            ("POST", "/api/v1/incidents", {"title": "Mine", "{}": "CI-1"}),
            ("PATCH", f"/api/v1/incidents/{own}", {"{}": "CI-1"}),
            ("POST", f"/api/v1/incidents/{own}/moves", {"move": "cancel", "{}": "CI-1"}),
        ):
            there = wire.api(method, address.format(name), _named(data, name))
            none = wire.api(method, address.format("nonsense"), _named(data, "nonsense"))
            assert told(there, name) == told(none, name), (method, address)
            assert there.status in (403, 422), (method, address, there.status)


def _named(data: dict[str, Any] | None, name: str) -> dict[str, Any] | None:
    return None if data is None else {k.format(name): v for k, v in data.items()}


@pytest.mark.parametrize("name", UNREADABLE)
def test_no_page_of_the_workspace_knows_it(ground: Ground, name: str) -> None:
    wire, own = ground.browser("ra1"), ground.records["plain"].number
    for address in (
        "/incidents/?view=all&columns={}",
        "/incidents/?view=all&order={}",
        "/incidents/?view=all&add={}",
        "/incidents/?view=all&filter={}+%3D%3D+null",
        "/incidents/?view=all&field={}&op=set&value=x",
        f"/incidents/{own}/set/{{}}/",
    ):
        there, none = wire.get(address.format(name)), wire.get(address.format("nonsense"))
        assert told(there, name) == told(none, name), address


@pytest.mark.attack("N02")
def test_an_order_by_what_is_no_column_of_the_list_is_refused_by_name(ground: Ground) -> None:
    """Only what its rows show anyway can be sorted by, so a sort is no way to compare what one cannot see."""
    wire = program(ground.world.people["agd"].id, "read")
    for order in (
        "assigned_because",
        "body",
        "id",
        "title;drop table records_record",
        "team,id",
    ):
        assert wire.get(f"/api/v1/incidents?order={quote(order)}").status == 422


def test_a_person_is_no_way_into_their_credentials(ground: Ground) -> None:
    wire = program(ground.world.people["adm"].id, "read", "write")
    for name in ("password", "credential", "session", "token", "digest", "scopes", "roles"):
        assert wire.get(f"/api/v1/users?fields={name}").status == 422
        assert wire.get(f"/api/v1/users?filter={name}%20%3D%3D%20%22x%22").status == 422
        number = ground.world.number("agn")
        assert wire.api("PATCH", f"/api/v1/users/{number}", {name: "x"}).status == 422


@pytest.mark.attack("MA01")
@pytest.mark.parametrize(
    "name",
    ["id", "number", "state", "kind", "is_open", "version", "created_at", "updated_at", "resolved_at",
     "resolved_by", "reopen_count", "reassignment_count", "assigned_because", "imported", "type", "uuid",
     "record_ptr", "extra", "is_removed", "requester_id", "pk", "__class__", "organisation_id"],
)  # fmt: skip
def test_what_is_kept_by_the_engine_is_set_by_nobody(ground: Ground, name: str) -> None:
    wire, number = program(ground.world.people["adm"].id, "write"), ground.records["plain"].number
    before = incident.model.objects.filter(number=number).values().get()
    for method, address in (
        ("POST", "/api/v1/incidents"),
        ("PATCH", f"/api/v1/incidents/{number}"),
    ):
        answer = wire.api(method, address, {"title": "Forged", name: "1"})
        assert answer.status == 422 and name in answer.json["errors"]
    assert incident.model.objects.filter(number=number).values().get() == before
    ground.browser("adm").post(f"/incidents/{number}/edit/", {name: "1", "seen": "999"})
    after = incident.model.objects.filter(number=number).values().get()
    assert after.get(name) == before.get(name) or name in ("version", "updated_at")


@pytest.mark.attack("MA02", "MA06")
def test_a_caller_cannot_ask_in_anothers_name_nor_set_what_the_portal_does_not_offer(
    ground: Ground,
) -> None:
    number = ground.world.number
    for wire in readers(ground):
        for name, value in (
            ("requester", number("ra2")), ("assignee", number("ra1")), ("team", ground.world.teams["desk"]),
            ("organisation", ground.world.organisations["b"]), ("channel", "phone"), ("close_code", "duplicate"),
        ):  # fmt: skip
            answer = wire.api("POST", "/api/v1/incidents", {"title": "Forged", name: value})
            assert answer.status in (403, 422), name
    browser = ground.browser("ra1")
    made = browser.post(
        "/portal/ask/broken/", {"title": "Mine", "requester": number("ra2"), "priority": "1"}
    )
    assert made.status == 303
    record = incident.model.objects.get(title="Mine")
    assert record.requester_id == ground.world.people["ra1"].id and record.priority != 1
    assert not incident.model.objects.filter(title="Forged").exists()
