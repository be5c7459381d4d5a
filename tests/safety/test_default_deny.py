"""Every route refuses strangers unless published as open; what is not one's to see answers like what is not there.

`open_routes.json` is the published list. A new route is walked from the moment it is declared.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from mainstay.records.types import shelf
from tests.safety.ground import Ground
from tests.safety.routes import METHODS, Route, addresses, every_route
from tests.safety.wire import ANEW, CSRF_COOKIE, Answer, Wire, program

pytestmark = pytest.mark.django_db
PUBLISHED = json.loads((Path(__file__).parent / "open_routes.json").read_text())
GROUPS = sorted({route.group for route in every_route()})
CLOSED = (401, 403, 404, 405)
# What is counted to know that a refused request wrote nothing. Sessions and tries are no business of records.
# A refusal leaves a row in the audit, whether something was hidden or nothing there.
NOT_COUNTED = ("Session", "Throttle", "Token", "Answer", "Welcome", "AuditEntry", "Repeat")
ABSENT = {"INC": "INC-7777", "USER": "USER-7777"}


def rows() -> dict[str, int]:
    """How many rows each table holds: a write of whatever kind shows."""
    models = [m for m in apps.get_models() if m.__name__ not in NOT_COUNTED]
    return {m.__name__: m.objects.count() for m in models}


def asked(wire: Wire, method: str, address: str, data: dict[str, Any] | None = None) -> Answer:
    """As a browser or a program that knows the rules would: with the form token, in the right shape."""
    if "/api/" in address:
        return wire.api(method, address, None if method in ("GET", "HEAD") else data or {})
    if method == "POST":
        return wire.post(address, data)
    return wire.send(method, address)


def refuses(answer: Answer) -> bool:
    to_sign_in = answer.status == 303 and answer["Location"].startswith("/sign-in?next=")
    return answer.status in CLOSED or to_sign_in or answer["Location"] == "/sign-in"


@pytest.mark.attack("A01")
@pytest.mark.parametrize("group", GROUPS)
def test_a_stranger_is_refused_by_every_route_that_is_not_published(
    ground: Ground, group: str
) -> None:
    """Anonymous, with a cookie nobody gave out, and with a token nobody gave out."""
    number, before = ground.records["plain"].number, rows()
    opened = {}
    for route in every_route():
        if route.group == group:
            opened[route.pattern] = opened_to_strangers(route, number)
    assert rows() == before
    unpublished = {p: found for p, found in opened.items() if found and p not in PUBLISHED}
    assert not unpublished, f"open to strangers and not in open_routes.json: {unpublished}"


STRANGERS = (
    ({}, {}),
    ({}, {"mainstay_session": "x" * 43}),
    ({"Authorization": "Bearer mst_" + "x" * 43}, {}),
    ({"Authorization": "Basic YWRtOmFkbQ=="}, {}),
)


def opened_to_strangers(route: Route, number: str) -> list[str]:
    """Without a word about oneself each move and field is asked for; with a false one, each route of each type."""
    opened = []
    for headers, cookies in STRANGERS:
        wire = Wire(headers=headers, cookies=cookies)
        for address in each(route, number) if headers or cookies else addresses(route, number):
            for method in METHODS:
                answer = asked(wire, method, address)
                assert answer.status < 500, f"{method} {address}: {answer.status}"
                if not refuses(answer):
                    opened.append(f"{method} {address} {answer.status}")
    return opened


def test_the_published_list_names_only_routes_there_are() -> None:
    assert set(PUBLISHED) <= {route.pattern for route in every_route()}


def each(route: Route, number: str) -> list[str]:
    """The route once for each type, by the first move or field there is."""
    first: dict[str, str] = {}
    for address in addresses(route, number):
        first.setdefault(_type_of(address), address)
    return list(first.values())


def _type_of(address: str) -> str:
    """The plural an address begins with, behind whatever stands before all of them."""
    return next((part for part in address.split("/") if shelf.by_plural(part)), "")


# Whether a number is theirs to see is asked by every method and program; the other spellings only find the number.
EVERY_METHOD = ("GET", "HEAD", "POST", "PATCH", "DELETE")
FINDING = ("GET", "POST", "PATCH")
# A page is read and sent. What it says to other methods hangs on the route, and not on which record it is.
OF_PAGES = ("GET", "POST")


def questions(plural: str, methods: tuple[str, ...]) -> Iterator[tuple[str, str, bool]]:
    """(method, address with KEY in it, whether a program asks it as well) about records of one type.

    All moves and fields are asked for by the number itself. What finds a number, and what refuses a method, is the
    same for all of them: another spelling and another method ask each route once.
    """
    for route in every_route():
        if not route.names_a_record:
            continue
        once = {a for a in each(route, "KEY") if _concerns(a, plural)}
        for address in addresses(route, "KEY"):
            if not _concerns(address, plural):
                continue
            is_page, finding = "/api/" not in address, methods is FINDING
            for method in methods:
                foreign = is_page and method not in OF_PAGES
                if (finding and foreign) or (address not in once and (finding or foreign)):
                    continue
                # A program has no business with pages: there it asks once, by the number itself.
                yield method, address, not is_page or (address in once and not finding)


def hidden_pairs(ground: Ground, name: str) -> Iterator[tuple[str, str, str, tuple[str, ...]]]:
    """(plural, a key that exists and is hidden, one of the same shape that does not exist, methods to ask by)."""
    for type_name, numbers in ground.hidden(name).items():
        rtype = shelf.type(type_name)
        if not numbers:
            continue
        there = numbers[-1]
        record = rtype.model.objects.get(number=there)
        padded = f"{rtype.prefix.lower()}000"
        digits = there.split("-")[1]
        yield rtype.plural, there, f"{rtype.prefix}-7777", EVERY_METHOD
        yield rtype.plural, str(record.uuid), "01890000-0000-7000-8000-000000000000", FINDING
        yield rtype.plural, f"{padded}{digits}", f"{padded}7777", FINDING


# Alike but for the key itself, in whatever spelling the answer says it.
def without_key(text: str, key: str) -> str:
    # When a page was made is in it, too: for the stream of changes, and to the minute on paper.
    text = re.sub(r'data-at="\d+"|(?<=data-printed=")[^<]*', "", text)
    return re.sub(re.escape(key) + r"(?!\d)", "KEY", text, flags=re.IGNORECASE)


def told(answer: Answer, key: str) -> tuple[Any, ...]:
    headers = sorted(
        (n, without_key(ANEW.sub("", v), key))
        for n, v in answer.headers
        if n not in ("Set-Cookie",)
    )
    return answer.status, without_key(answer.plain, key), headers


FILLED = {
    "title": "Taken over", "text": "Hello", "audience": "all", "value": "x", "seen": "1",
    "person": "USER-1", "role": "agent", "skill": "SKILL-1", "level": "1",
    "password": "a long sentence", "kind": "relates", "record": "INC-1", "step": "move:cancel",
}  # fmt: skip


def api_body(address: str) -> dict[str, Any]:
    """Something that would be taken, were the record there."""
    end = address.rstrip("/").rsplit("/", 1)[-1]
    return {
        "moves": {"move": "cancel"},
        "notes": {"text": "Hello", "visibility": "public"},
        "links": {"kind": "relates", "record": "INC-1"},
    }.get(end, {"title": "Taken over"})


# What the databases decide differently would be the rules, and those are held equal for everybody elsewhere: the second
# one is walked by a stranger, across the wall, and beside the restricted team.
WHO = [
    *("anonymous", "rb1", "agd"),
    *(pytest.param(name, marks=pytest.mark.sqlite_only) for name in ("ra1", "agb", "ven", "adm")),
]


@pytest.mark.attack("B01", "I2", "I5")
@pytest.mark.parametrize("name", WHO)
def test_what_is_hidden_answers_like_what_is_not_there(ground: Ground, name: str) -> None:
    """Each route, method and hidden record: same status, same body, same headers, and nothing written."""
    who = ground.world.people.get(name)
    wires = [Wire(cookies={CSRF_COOKIE: "a" * 32})]
    if who:
        wires = [ground.browser(name), program(who.id, "read", "write")]
    walked = 0
    for plural, hidden, absent, methods in hidden_pairs(ground, name if who else "rb1"):
        before = rows()
        for method, address, by_program in questions(plural, methods):
            data = api_body(address) if "/api/" in address else FILLED
            for wire in wires if by_program else wires[:1]:
                there = asked(wire, method, address.replace("KEY", hidden), data)
                none = asked(wire, method, address.replace("KEY", absent), data)
                assert told(there, hidden) == told(none, absent), f"{method} {address} {hidden}"
                assert there.status >= 300, f"{method} {address} {hidden}: {there.status}"
                walked += 1
        assert rows() == before, f"something was written about {hidden}"
    assert walked > 50


def _concerns(address: str, plural: str) -> bool:
    """Addresses about this type, and those that take any number."""
    return _type_of(address) in (plural, "")


@pytest.mark.attack("B04", "B16", "I2")
@pytest.mark.parametrize("name", ["ra1", "agd", "agb", "ven", "adm"])
def test_naming_a_hidden_record_in_a_field_is_like_naming_none(ground: Ground, name: str) -> None:
    """Forms, pickers, bulk steps, links and moves: the number of somebody else's record opens nothing."""
    wire, own = ground.browser(name), ground.world.incident(by=name).number
    hidden = ground.hidden(name)
    pairs = [(n[-1], f"{shelf.type(t).prefix}-7777") for t, n in hidden.items() if n]
    before = rows()
    for there, absent in pairs:
        rtype = next(t for t in shelf if there.startswith(f"{t.prefix}-"))
        for method, address, data in (
            ("GET", f"/{rtype.plural}/options/?list=o-x&x=KEY", {}),
            ("GET", f"/{rtype.plural}/?view=all&filter=number%20%3D%3D%20%22KEY%22", {}),
            ("GET", "/incidents/?view=all&filter=requester%20%3D%3D%20%22KEY%22", {}),
            ("POST", "/incidents/new/", {"title": "", "requester": "KEY", "service": "KEY"}),
            ("POST", f"/incidents/{own}/link/", {"kind": "relates", "record": "KEY"}),
            ("POST", f"/incidents/{own}/link/", {"kind": "affects", "record": "KEY"}),
            ("POST", f"/incidents/{own}/link/", {"kind": "relates", "record": "KEY", "away": "1"}),
            ("POST", f"/incidents/{own}/set/team/", {"value": "KEY", "seen": "1"}),
            ("POST", f"/incidents/{own}/set/item/", {"value": "KEY", "seen": "1"}),
            ("POST", f"/incidents/{own}/edit/", {"title": "x", "team": "KEY", "assignee": "KEY"}),
            ("POST", f"/{rtype.plural}/bulk/", {"step": "set:title", "sel": "KEY", "apply": "1"}),
            (
                "POST",
                "/incidents/bulk/",
                {"step": "set:team", "team": "KEY", "sel": own, "apply": "1"},
            ),
            ("POST", "/incidents/bulk/", {"step": "move:cancel", "sel": "KEY", "apply": "1"}),
            ("POST", "/portal/ask/broken/", {"title": "", "service": "KEY"}),
        ):
            hit = asked(wire, method, address.replace("KEY", there), _with(data, there))
            miss = asked(wire, method, address.replace("KEY", absent), _with(data, absent))
            assert told(hit, there) == told(miss, absent), f"{method} {address} {data} {there}"
    assert rows() == before


def _with(data: dict[str, str], key: str) -> dict[str, str]:
    return {name: value.replace("KEY", key) for name, value in data.items()}


VARIANTS = (
    "//incidents/{n}/", "/./incidents/{n}/", "/incidents/./{n}/", "/incidents/{n}/;x=1",
    "/incidents/{n};x/",
    "/incidents/%2e%2e/incidents/{n}/", "/portal/%2e%2e/incidents/{n}/",
    "/portal/..;/incidents/{n}/",
    "/incidents%2f{n}%2f", "/INCIDENTS/{n}/", "/Incidents/{n}/", "/incidents/{n}/%0a",
    "/incidents/{n}%0a/",
    "/incidents/{n}%00/", "/incidents/{n}/?format=json", "/incidents/{n}.json",
    "/incidents/{n}/x.css",
    "//api//v1/incidents/{n}", "/api/v1/./incidents/{n}", "/api//v1/incidents/{n}",
    "/api/v1/incidents/{n}/",
    "/API/v1/incidents/{n}", "/api/v1/incidents/{n}%0a", "/api/v1/incidents/{n};x",
    "/api/v1/incidents%2f{n}",
    "/api/v1/../v1/incidents/{n}", "/api/v1/incidents/%2e%2e/incidents/{n}",
    "/api/v1/incidents/{n}.json",
    "/static/../incidents/{n}/", "/static/%2e%2e/incidents/{n}/",
    "/static/dist/..%2f..%2fincidents/{n}/",
)  # fmt: skip
OVERRIDES = (
    {"X-HTTP-Method-Override": "GET"}, {"X-Original-URL": "/sign-in"},
    {"X-Rewrite-URL": "/sign-in"},
    {"X-Forwarded-User": "adm"}, {"Remote-User": "adm"}, {"X-Forwarded-Host": "evil.example"},
    {"X-Forwarded-Prefix": "/portal"}, {"X-User": "adm"}, {"X-Org": "ORG-1"},
)  # fmt: skip


@pytest.mark.attack("A02", "B11", "S03")
def test_no_spelling_of_a_path_gets_round_the_check(ground: Ground) -> None:
    """The same decision as for the plain path, or there is nothing."""
    number = ground.records["hr"].number
    secret = ground.records["hr"].title
    before = rows()
    for wire in (Wire(), ground.browser("rb1"), ground.browser("agd")):
        for variant, method in product(VARIANTS, ("GET", "POST", "DELETE")):
            answer = asked(wire, method, variant.format(n=number))
            refused = refuses(answer) or answer.status in (400, 404)
            local = answer.status in (301, 303) and answer["Location"].startswith("/")
            assert refused or local, f"{method} {variant}: {answer.status}"
            assert secret not in answer.text
            assert "no-store" in answer["Cache-Control"]
    assert rows() == before
    for path in (f"/incidents/{number}/", f"/api/v1/incidents/{number}"):
        assert secret in ground.browser("agh").get(path).text


@pytest.mark.attack("A02", "B20")
def test_no_header_makes_a_request_another_one(ground: Ground) -> None:
    number, before = ground.records["hr"].number, rows()
    for wire in (Wire(), ground.browser("agd"), ground.browser("rb1")):
        for address in (f"/incidents/{number}/", f"/api/v1/incidents/{number}", "/users/", "/"):
            plain = wire.get(address)
            for headers in OVERRIDES:
                named = wire.send("GET", address, headers=headers)
                assert (named.status, named["Location"]) == (plain.status, plain["Location"])
                wire.send("POST", address, headers=headers)
    assert rows() == before
    assert ground.browser("agh").get(f"/incidents/{number}/").status == 200


def test_a_head_request_tells_no_more_than_a_get(ground: Ground) -> None:
    wire = ground.browser("agd")
    for number in (ground.records["hr"].number, ground.records["plain"].number):
        for address in (f"/incidents/{number}/", f"/api/v1/incidents/{number}"):
            assert wire.send("HEAD", address).status == wire.get(address).status


# All that a GET may write: that somebody looked, and how often they asked.
WRITTEN_BY_A_GET = {"audit_entry", "audit_repeat", "directory_throttle"}


def contents() -> dict[str, str]:
    """A digest of all rows of each table there is, whether a model stands for it or not."""
    found = {}
    with connection.cursor() as cursor:
        for table in sorted({*connection.introspection.table_names(cursor)} - WRITTEN_BY_A_GET):
            cursor.execute(f"select * from {connection.ops.quote_name(table)}")
            held = sorted(repr([_plain(value) for value in row]) for row in cursor.fetchall())
            found[table] = hashlib.sha256("\n".join(held).encode()).hexdigest()
    return found


def _plain(value: Any) -> Any:
    """PostgreSQL gives bytes as a view, which says where it lies and not what it holds."""
    return bytes(value) if isinstance(value, memoryview) else value


@pytest.mark.attack("V01")
def test_a_get_changes_nothing(ground: Ground) -> None:
    """Every route fetched by somebody who may do everything: no row comes, none goes, none reads otherwise."""
    wire, before = ground.browser("adm"), contents()
    assert {"records_record", "records_event", "directory_session"} <= set(before)
    for route in every_route():
        for address in addresses(route, ground.records["plain"].number):
            wire.get(address)
            wire.send("HEAD", address)
    after = contents()
    assert [table for table in after if after[table] != before.get(table)] == []
