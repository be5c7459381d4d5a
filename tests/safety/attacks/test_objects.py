"""Records by their numbers, along their links, among others and by inference; each beside somebody who may."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

import pytest

from mainstay.capabilities.conversation.commands import say
from mainstay.directory import commands as directory
from mainstay.records import commands
from mainstay.records.audit.models import AuditEntry
from mainstay.records.models import Event, Link, Record
from mainstay.records.types import Message, shelf
from tests.safety.ground import Ground
from tests.safety.wire import Wire, program
from tests.world import SETUP

pytestmark = pytest.mark.django_db
incident = shelf.type("incident")


def token(ground: Ground, name: str, *scopes: str) -> Wire:
    return program(ground.world.people[name].id, *(scopes or ("read", "write")))


def row(number: str) -> dict[str, Any]:
    return incident.model.objects.filter(number=number).values().get()


@pytest.mark.attack("B02", "B09")
def test_the_other_end_of_a_link_is_there_for_who_may_see_it(ground: Ground) -> None:
    """On the record's page, in its links, its history, and on the page of a thing both are about."""
    plain, hr, item = (ground.records[name] for name in ("plain", "hr", "item"))
    commands.link(incident, hr.number, "affects", item.number, SETUP)
    places = (f"/incidents/{plain.number}/", f"/items/{item.number}/",
              f"/api/v1/incidents/{plain.number}/links", f"/api/v1/items/{item.number}/links",
              f"/api/v1/incidents/{plain.number}/events", f"/api/v1/items/{item.number}/events")  # fmt: skip
    its_number = re.compile(rf"\b{hr.number}\b")
    for place in places:
        for name in ("agd", "aud", "adm"):
            answer = ground.browser(name).get(place)
            assert answer.status == 200
            assert hr.title not in answer.text and not its_number.search(answer.text), (name, place)
    for place in places[:-1]:  # the item's own history tells no link from elsewhere to anybody
        assert its_number.search(ground.browser("agh").get(place).text), place


@pytest.mark.attack("B04")
def test_a_new_record_is_not_tied_to_a_hidden_one(ground: Ground) -> None:
    hr, before = ground.records["hr"].number, Event.objects.count()
    links, hidden = Link.objects.count(), row(hr)
    for name in ("ra1", "agd"):
        for data in (
            {"links": [{"kind": "relates", "record": hr}]}, {"parent": hr}, {"merge_into": hr}, {"related_ci": hr},
            {"item": hr}, {"service": hr}, {"duplicate_of": hr},
        ):  # fmt: skip
            answer = token(ground, name).api("POST", "/api/v1/incidents", {"title": "Tied", **data})
            assert answer.status == 422, (name, data, answer.status)
    assert (Event.objects.count(), Link.objects.count(), row(hr)) == (before, links, hidden)
    made = token(ground, "agh").api("POST", "/api/v1/incidents", {"title": "Tied"}).json["number"]
    for name, status in (("agd", 422), ("agh", 201)):
        asked = {"kind": "relates", "record": hr}
        answer = token(ground, name).api("POST", f"/api/v1/incidents/{made}/links", asked)
        assert answer.status == status, (name, answer.text)


@pytest.mark.attack("B05", "I5")
def test_among_many_a_hidden_record_is_left_alone(ground: Ground) -> None:
    plain, hr = ground.records["plain"].number, ground.records["hr"].number
    hidden, desk = row(hr), ground.world.teams["desk"]
    step = {
        "step": "set:team",
        "team": desk,
        "sel": [plain, hr],
        "apply": "1",
        "message": "",
        "reason": "x",
    }
    ground.browser("agd").post("/incidents/bulk/", step)
    assert row(plain)["team_id"] == Record.objects.get(number=desk).pk
    assert row(hr) == hidden
    agd = ground.world.people["agd"].id
    [tried] = AuditEntry.objects.filter(kind="refused.missing", actor_id=agd)
    assert tried.record_id == ground.records["hr"].id, "the auditor reads what was reached for"
    ground.browser("agh").post(
        "/incidents/bulk/", step | {"step": "set:category", "category": "payroll"}
    )
    assert row(hr)["category"] == "payroll"


@pytest.mark.attack("B06", "MA09")
def test_who_may_change_does_not_remove_nor_bring_back(ground: Ground) -> None:
    plain, agent, chief = (
        ground.records["plain"].number,
        ground.browser("agn"),
        ground.browser("adm"),
    )
    step = {"step": "remove:", "sel": plain, "apply": "1"}
    agent.post("/incidents/bulk/", step)
    agent.post("/incidents/bulk/", step | {"previewed": "x"})
    assert not row(plain)["is_removed"]
    assert token(ground, "agn").api("DELETE", f"/api/v1/incidents/{plain}").status == 403
    assert (
        agent.post(
            "/incidents/bulk/",
            {"step": "set:category", "category": "x", "sel": plain, "apply": "1"},
        ).status
        == 303
    )
    assert row(plain)["category"] == "x"
    shown = chief.post("/incidents/bulk/", step).text
    assert not row(plain)["is_removed"], "nothing goes that was not looked at first"
    seen = shown.partition('name="previewed" value="')[2][:16]
    chief.post("/incidents/bulk/", step | {"previewed": seen})
    assert row(plain)["is_removed"]
    removal = Event.objects.filter(name="incident.remove").latest("pk").pk
    agent.post(f"/incidents/{plain}/undo/{removal}/")
    token(ground, "agn").api("POST", f"/api/v1/incidents/{plain}/events/{removal}/undo")
    agent.post(f"/incidents/restore/?sel={plain}")
    token(ground, "agn").api("POST", f"/api/v1/incidents/{plain}/restore")
    assert row(plain)["is_removed"]
    assert token(ground, "adm").api("POST", f"/api/v1/incidents/{plain}/restore").status == 200
    assert not row(plain)["is_removed"]


TABLES = (
    "auth.User",
    "session",
    "sessions",
    "directory_credential",
    "token",
    "tokens",
    "contenttypes",
    "events",
    "credential",
)


@pytest.mark.attack("B08", "C05")
def test_a_picker_knows_record_types_alone_and_tells_label_and_number(ground: Ground) -> None:
    agent, phone = ground.browser("agn"), ground.world.people["ra1"]
    for table in TABLES:
        assert agent.get(f"/{table}/options/?list=o-x&x=a").status == 404, table
    secrets = [text for text in ground.canaries if text.startswith(("CNRY-phone", "CNRY-job"))]
    for more in (
        "field=phone",
        "attr=password",
        "fields=phone,email",
        "model=user&attr=token",
        "itemtype=Token",
    ):
        answer = agent.get(f"/users/options/?list=o-x&x=Person&{more}")
        assert answer.status == 200 and phone.number in answer.text
        assert not [text for text in (*secrets, "md5$") if text in answer.text], more
    for text in secrets:  # they are no way to find somebody either
        assert "USER-" not in agent.get(f"/users/options/?list=o-x&x={text}").text


@pytest.mark.attack("B14", "B16", "C07")
def test_pickers_and_lists_of_people_and_things_end_at_the_wall(ground: Ground) -> None:
    """Somebody of a confined organisation, and a caller; an agent of the house finds all of it."""
    user, number = shelf.type("user"), ground.world.number("ra1")
    commands.change(user, number, {"email": "ra1@nordhaven.example"}, SETUP)
    item = ground.records["item"]
    asked = quote('email == "ra1@nordhaven.example"')
    found = token(ground, "agn").get(f"/api/v1/users?filter={asked}").json["items"]
    assert [each["number"] for each in found] == [number]
    for name in ("agb", "rb1"):
        wire = token(ground, name)
        assert wire.get(f"/api/v1/users?filter={asked}&count=true").json == {
            "items": [], "next": None, "count": 0, "count_is_exact": True,
        }  # fmt: skip
        assert (
            wire.get(f"/api/v1/items?filter={quote(f'number == {item.number!r}')}").json["items"]
            == []
        )
    for path, there in (
        ("/users/options/?list=o-x&x=Person", number),
        ("/items/options/?list=o-x&x=CNRY", item.number),
    ):
        assert f'{there}"' in ground.browser("agn").get(path).text, path
        for name in ("agb", "rb1", "ra2"):
            assert f'{there}"' not in ground.browser(name).get(path).text, (name, path)


@pytest.mark.attack("B10")
def test_no_parameter_leads_into_another_organisation(ground: Ground) -> None:
    own, other = ground.world.organisations["b"], ground.world.organisations["a"]
    wire, browser, plain = (
        token(ground, "rb1"),
        ground.browser("rb1"),
        ground.records["plain"].number,
    )
    mine = wire.get("/api/v1/incidents").json
    for more in ("org", "organisation", "tenant", "entity", "organisation_id"):
        assert wire.get(f"/api/v1/incidents?{more}={other}").status == 422
        answer = wire.api("POST", "/api/v1/incidents", {"title": "Elsewhere", more: other})
        assert answer.status in (403, 422), more
        assert plain not in browser.get(f"/portal/requests/?{more}={other}").text
        headed = wire.send(
            "GET",
            "/api/v1/incidents",
            headers={"X-Org": other, "X-Organisation": other, "X-Tenant": other},
        )
        assert headed.json == mine
    made = wire.api("POST", "/api/v1/incidents", {"title": "At home"}).json
    assert row(made["number"])["organisation_id"] == Record.objects.get(number=own).pk
    assert plain in token(ground, "ra1").get("/api/v1/incidents").text
    assert plain in ground.browser("ra1").get("/portal/requests/").text


@pytest.mark.attack("B12", "I6")
def test_who_has_left_a_team_has_nothing_of_what_they_did_there(ground: Ground) -> None:
    """A file and a note of their own, an open page, a list, a tag, and the inbox: gone with the membership."""
    hr, person = ground.records["hr"].number, ground.world.people["agh"]
    browser, wire = ground.browser("agh"), token(ground, "agh")
    note = {"text": "My own note", "visibility": "internal"}
    assert wire.api("POST", f"/api/v1/incidents/{hr}/notes", note).status == 201
    sent = wire.upload(
        f"/api/v1/incidents/{hr}/files", [("file", "mine.txt", b"mine")], {"visibility": "internal"}
    )
    file = sent.json["id"]
    places = (f"/incidents/{hr}/", f"/files/{hr}/{file}/mine.txt", f"/api/v1/incidents/{hr}/files/{file}",
              f"/api/v1/incidents/{hr}/notes", f"/api/v1/incidents/{hr}/files", f"/api/v1/incidents/{hr}/events")  # fmt: skip
    tags = {place: browser.get(place)["ETag"] for place in places}
    assert all(browser.get(place).status == 200 for place in places)
    assert hr in wire.get("/api/v1/incidents?size=200").text
    directory.leave(ground.world.teams["hr"], person.number, SETUP)
    before = Event.objects.count()
    for place in places:
        for headers in (
            {},
            {"If-None-Match": tags[place] or "*"},
            {"If-Modified-Since": "Mon, 01 Jan 2100 00:00:00 GMT"},
        ):
            assert browser.send("GET", place, headers=headers).status == 404, place
    for method, path, data in (
        ("POST", "notes", note), ("POST", "moves", {"move": "cancel"}), ("PATCH", "", {"title": "Mine"}),
        ("POST", "watchers", {}), ("POST", "links", {"kind": "relates", "record": ground.records["plain"].number}),
    ):  # fmt: skip
        assert wire.api(method, f"/api/v1/incidents/{hr}/{path}".rstrip("/"), data).status == 404, (
            path
        )
    assert hr not in wire.get("/api/v1/incidents?size=200").text
    assert Event.objects.count() == before


def writes(number: str, me: str) -> list[tuple[str, str, dict[str, Any]]]:
    """What might make a record one's own."""
    api = f"/api/v1/incidents/{number}"
    return [
        ("PATCH", api, {"assignee": me}), ("PATCH", api, {"team": "TEAM-1"}), ("PATCH", api, {"requester": me}),
        ("PATCH", api, {"title": "Mine"}), ("POST", f"{api}/moves", {"move": "start", "assignee": me}),
        ("POST", f"{api}/moves", {"move": "cancel"}), ("POST", f"{api}/watchers", {"person": me}),
        ("POST", f"{api}/tasks", {"title": "Mine", "owner": me}), ("POST", f"{api}/notes", {"text": "x", "visibility": "internal"}),
        ("DELETE", api, {}),
    ]  # fmt: skip


@pytest.mark.attack("B15", "I5", "MA06")
def test_who_only_reads_does_not_take_it(ground: Ground) -> None:
    """An auditor sees everything, a supplier what is theirs, an agent nothing behind the wall: none gets further."""
    plain, hr = ground.records["plain"].number, ground.records["hr"].number
    cases = (
        ("aud", plain, {403}),
        ("ven", plain, {404}),
        ("agd", hr, {404}),
        ("rb1", plain, {404}),
    )
    for name, number, refused in cases:
        before, events, wire = row(number), Event.objects.count(), token(ground, name)
        seen = wire.get(f"/api/v1/incidents/{number}").status
        for method, path, data in writes(number, ground.world.number(name)):
            if name == "aud" and path.endswith("watchers"):
                continue  # whoever reads a record may hear of it
            answer = wire.api(method, path, data or None)
            assert answer.status in refused, (name, method, path, data, answer.text)
        browser = ground.browser(name)
        for path, data in (
            (f"/incidents/{number}/set/assignee/", {"value": ground.world.number(name), "seen": "1"}),
            (f"/incidents/{number}/edit/", {"title": "Mine", "seen": "1"}), (f"/incidents/{number}/talk/", {"text": "x"}),
        ):  # fmt: skip
            assert browser.post(path, data).status in (303, 403, 404)
        assert (row(number), Event.objects.count()) == (before, events), name
        assert wire.get(f"/api/v1/incidents/{number}").status == seen
    taken = token(ground, "agn").api(
        "PATCH", f"/api/v1/incidents/{plain}", {"assignee": ground.world.number("agn")}
    )
    assert taken.status == 200 and row(plain)["assignee_id"] == ground.world.people["agn"].pk


@pytest.mark.attack("C01", "I4")
def test_a_value_is_guessed_by_who_may_read_it_alone(ground: Ground) -> None:
    """Letter by letter, in a list's condition: an agent finds all letters, the caller not one."""
    secret = next(text for text in ground.canaries if text.startswith("CNRY-plain-because"))
    letters, wanted = (
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-",
        secret[5:10],
    )

    def guessed(wire: Wire) -> str:
        known = ""
        for _ in wanted:
            for letter in letters:
                text = f'assigned_because.startsWith("CNRY-{known}{letter}") && number == "{ground.records["plain"].number}"'
                answer = wire.get(f"/api/v1/incidents?count=true&filter={quote(text)}")
                if answer.status == 200 and answer.json["count"]:
                    known += letter
                    break
        return known

    assert guessed(token(ground, "agn", "read")).lower() == wanted.lower()
    assert guessed(token(ground, "ra1", "read")) == ""


@pytest.mark.attack("C03")
def test_a_condition_walks_into_no_other_table(ground: Ground) -> None:
    wire = token(ground, "adm", "read")
    for text in (
        "requester.password == 'x'", "requester__password.startsWith('argon2')", "requester.credential.password != ''",
        "assignee.sessions == null", "created_by__sessions == 'x'", "team.members.title == 'x'", "requester.title.size() == 1",
        "record_ptr.number == 'x'", "events.name == 'x'", "organisation.uuid == 'x'",
    ):  # fmt: skip
        answer = wire.get(f"/api/v1/incidents?count=true&filter={quote(text)}")
        assert answer.status == 422 and "count" not in answer.json, text
    known = quote(f'requester == "{ground.world.number("ra1")}"')
    assert wire.get(f"/api/v1/incidents?count=true&filter={known}").json["count"] == 1


@pytest.mark.attack("C08")
def test_words_are_drawn_alike_whether_or_not_they_name_something(ground: Ground) -> None:
    """Numbers, logins and files in a text: a hidden one, and one that does not exist."""
    own, hr = ground.world.incident(by="agd").number, ground.records["hr"]
    drawn = []
    file = ground.files["hr-all"]
    for number, login, name in (
        # Somebody who is there and may not read this: the writer cannot call them.
        (hr.number, "rb1", str(file.uuid)),
        ("INC-7777", "xyz", "01890000-0000-7000-8000-000000000000"),
    ):
        text = f"See {number}, #{number}, [it]({number}), [^{name}], ![x](/files/{number}/{name}/x) and @{login}"
        said = token(ground, "agd").api(
            "POST", f"/api/v1/incidents/{own}/notes", {"text": text, "visibility": "internal"}
        )
        assert said.status == 201
        page = ground.browser("agd").get(f"/incidents/{own}/").text
        begun = page.rindex("See ")
        shown = page[begun : page.index("</p>", begun)]
        drawn.append(shown.replace(number, "N").replace(login, "L").replace(name, "F"))
    assert drawn[0] == drawn[1]
    assert hr.title not in page and "See N" in drawn[0]


@pytest.mark.attack("C12", "S01")
def test_what_happens_elsewhere_moves_nothing_of_ones_own(ground: Ground) -> None:
    """Lists, tags and histories of somebody who may not see it stay as they were; those of who may do not."""
    hr, plain = ground.records["hr"].number, ground.records["plain"].number
    paths = ("/api/v1/incidents?size=200&count=true", f"/api/v1/incidents/{plain}", f"/api/v1/incidents/{plain}/events",
             f"/api/v1/incidents/{plain}/links", "/api/v1/inbox", "/api/v1/inbox/count")  # fmt: skip

    def told(name: str) -> list[tuple[bytes, str]]:
        answers = [token(ground, name, "read").get(path) for path in paths]
        assert all(answer.status == 200 for answer in answers)
        return [(answer.body, answer["ETag"] + answer["Last-Modified"]) for answer in answers]

    before = {name: told(name) for name in ("agd", "ra1", "agh")}
    say(incident, hr, Message("internal", "Something happened"), SETUP)
    commands.change(incident, hr, {"title": "Renamed"}, SETUP)
    ground.world.hidden_incident()
    assert told("agd") == before["agd"] and told("ra1") == before["ra1"]
    assert told("agh") != before["agh"]
