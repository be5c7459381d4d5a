"""What a body may set, and who may set it: every column of every type, other people's names, files that are not one's own."""

from __future__ import annotations

from typing import Any

import pytest

from mainstay.capabilities.files.models import Attachment
from mainstay.directory.models import Credential, RoleGrant
from mainstay.pure.lifecycle import Move
from mainstay.records import commands, fields
from mainstay.records.models import Event
from mainstay.records.types import RecordType, shelf
from tests.conformance.test_every_record_type import by_hand, needed
from tests.safety.ground import Ground
from tests.safety.markup import read
from tests.safety.test_headers import PAYLOADS
from tests.safety.wire import Wire, program, signed_in
from tests.world import SETUP, World, least

pytestmark = pytest.mark.django_db
incident = shelf.type("incident")
FORGED = ("__class__", "pk", "_state", "is_staff", "is_superuser", "groups", "auto_bcc", "objects", "a\"b", "a.b", "a%%",
          "x) from directory_user--", "title__contains", "title\n", "é", "Title", "__proto__", "constructor")  # fmt: skip
every_type = pytest.mark.parametrize("rtype", list(shelf), ids=lambda rtype: rtype.name)


def token(world: World, name: str) -> Wire:
    return program(world.people[name].id, "read", "write")


@pytest.mark.attack("MA01", "N03", "I5")
@every_type
def test_no_column_is_set_but_those_of_the_form(world: World, rtype: RecordType) -> None:
    """Each column, each relation and each key of each table, and names that are none: refused, and nothing told."""
    record = commands.create(rtype, least(rtype), SETUP)
    wire, path = token(world, "adm"), f"/api/v1/{rtype.plural}"
    columns = {
        name
        for field in rtype.model._meta.get_fields()
        for name in (field.name, getattr(field, "attname", ""))
    }
    known = fields.of(rtype)
    open_ones = {name for name, field in known.items() if field.writable}
    # What a body has besides: a word of why, and a message where the type has a conversation.
    forged = {*columns, *known, *FORGED} - open_ones - {"", "reason", "message"}
    assert len(forged) > 15 and "title" not in forged
    before, events = rtype.model.objects.filter(pk=record.pk).values().get(), Event.objects.count()
    for name in sorted(forged):
        for method, where in (("PATCH", f"{path}/{record.number}"), ("POST", path)):
            answer = wire.api(method, where, {"title": "Forged", name: "1"})
            assert answer.status in (403, 422), (method, name, answer.status)
        assert wire.api("GET", f"{path}?fields=title,{name!r}").status in (400, 422), name
    assert rtype.model.objects.filter(pk=record.pk).values().get() == before
    assert Event.objects.count() == events
    assert wire.api("PATCH", f"{path}/{record.number}", {"title": "By the form"}).status == 200


@pytest.mark.attack("MA03", "MA04")
def test_an_agent_changes_nobodys_way_in(ground: Ground) -> None:
    number = ground.world.number
    granted, kept = RoleGrant.objects.count(), Credential.objects.count()
    for name in ("agn", "lead", "mgr", "aud", "ra1"):
        wire, browser, me = token(ground.world, name), ground.browser(name), number(name)
        for of in (me, number("ra2"), number("adm")):
            for data in (
                {"username": "taken"},
                {"email": "a@b.example"},
                {"title": "Adm"},
                {"organisation": "ORG-2"},
            ):
                assert wire.api("PATCH", f"/api/v1/users/{of}", data).status in (403, 404), (
                    name,
                    of,
                    data,
                )
            for role in ("administrator", "agent", "service-manager"):
                assert wire.api("POST", f"/api/v1/users/{of}/roles", {"role": role}).status in (
                    403,
                    404,
                )
                browser.post(f"/users/{of}/roles/", {"role": role})
            if of != me:
                browser.post(f"/users/{of}/password/", {"password": "a long sentence of mine"})
    assert (RoleGrant.objects.count(), Credential.objects.count()) == (granted, kept)
    chief = token(ground.world, "adm")
    assert (
        chief.api("PATCH", f"/api/v1/users/{number('ra2')}", {"email": "a@b.example"}).status == 200
    )
    assert (
        chief.api("POST", f"/api/v1/users/{number('ra2')}/roles", {"role": "agent"}).status == 201
    )
    assert RoleGrant.objects.count() == granted + 1


HEADERS = (
    "X-User",
    "X-Forwarded-User",
    "Remote-User",
    "Remote_User",
    "X-Remote-User",
    "X-User-Id",
    "From",
    "X-Actor",
    "X-Author",
)
NAMES = ("user_id", "as_user", "requested_by", "cancel_by_admin", "is_internal", "author", "actor", "created_by", "sender",
         "template", "layout", "format", "subject_template", "from", "on_behalf_of")  # fmt: skip


@pytest.mark.attack("B20", "MA07", "I03", "P05")
def test_nobody_acts_as_somebody_else(ground: Ground) -> None:
    """Neither by a header nor by a name in a body, a form or an address: the event names who was signed in."""
    adm, agn = ground.world.people["adm"], ground.world.people["agn"]
    wire, browser, number = (
        token(ground.world, "agn"),
        ground.browser("agn"),
        ground.records["plain"].number,
    )
    api = f"/api/v1/incidents/{number}"
    for name in NAMES:
        for path, data in (
            (f"{api}/notes", {"text": "x", "visibility": "internal"}), (f"{api}/moves", {"move": "cancel"}),
            ("/api/v1/incidents", {"title": "x"}), (f"{api}/links", {"kind": "relates", "record": "INC-1"}),
        ):  # fmt: skip
            assert wire.api("POST", path, data | {name: adm.number}).status == 422, (path, name)
            assert wire.api("POST", f"{path}?{name}={adm.number}", data).status == 422, (path, name)
    last = Event.objects.latest("id").pk
    for header in HEADERS:
        sent = {header: "adm", "Content-Type": "application/json"}
        body = b'{"text":"x","visibility":"internal"}'
        assert wire.send("POST", f"{api}/notes", body, sent).status == 201
        assert (
            Wire().send("GET", "/api/v1/me", headers={header: "adm"}, REMOTE_USER="adm").status
            == 401
        )
        assert (
            browser.send("GET", "/api/v1/me", headers={header: "adm"}, REMOTE_USER="adm").json[
                "number"
            ]
            == agn.number
        )
    forged = dict.fromkeys(NAMES, adm.number)
    assert (
        browser.post(
            f"/incidents/{number}/talk/", {"text": "By a form", "audience": "internal", **forged}
        ).status
        == 303
    )
    asked = ground.browser("ra1").post(
        "/portal/ask/broken/", {"title": "By the portal", **forged, "template": "{{7*7}}"}
    )
    assert asked.status == 303
    events = Event.objects.filter(pk__gt=last)
    assert events.count() > len(HEADERS)
    assert {event.actor_id for event in events} <= {agn.pk, ground.world.people["ra1"].pk, None}
    assert (
        incident.model.objects.get(title="By the portal").requester_id
        == ground.world.people["ra1"].pk
    )


@pytest.mark.attack("E01", "E02", "E03", "E05")
def test_a_kept_file_is_nobodys_to_take_attach_or_remove(ground: Ground) -> None:
    """Named in a body, under another record, by somebody of another organisation, or by its place on the disk."""
    file, hr = ground.files["hr-all"], ground.records["hr"].number
    plain, before = (
        ground.records["plain"].number,
        list(Attachment.objects.order_by("id").values_list("id", "digest")),
    )
    wire = token(ground.world, "agn")
    for name in (
        "attachment_ids",
        "files",
        "copy_from_article",
        "upload_id",
        "delete",
        "file",
        "attachments",
    ):
        for value in ([str(file.uuid)], str(file.uuid), "../../secret.key"):
            for path, data in ((f"/api/v1/incidents/{plain}/notes", {"text": "x", "visibility": "public"}),
                               ("/api/v1/incidents", {"title": "x"})):  # fmt: skip
                assert wire.api("POST", path, data | {name: value}).status == 422, (name, path)
            sent = wire.upload(
                f"/api/v1/incidents/{plain}/files",
                [("file", "a", b"x")],
                {"visibility": "public", name: str(value)},
            )
            assert sent.status == 422, (name, sent.status)
    public = ground.files["plain-all"]
    for who in (
        Wire(),
        token(ground.world, "agb"),
        token(ground.world, "rb1"),
        ground.browser("rb1"),
    ):
        for address in (f"/files/{plain}/{public.uuid}/x", f"/api/v1/incidents/{plain}/files/{public.uuid}",
                        f"/files/{public.digest}/", f"/media/{public.digest}/", f"/static/{public.digest}/"):  # fmt: skip
            for method in ("GET", "PUT", "DELETE", "POST"):
                assert who.send(method, address).status in (303, 401, 403, 404, 405), address
    assert token(ground.world, "agd").get(f"/api/v1/incidents/{hr}/files/{file.uuid}").status == 404
    assert list(Attachment.objects.order_by("id").values_list("id", "digest")) == before
    assert token(ground.world, "agh").get(f"/api/v1/incidents/{hr}/files/{file.uuid}").status == 200
    sent = wire.upload(
        f"/api/v1/incidents/{plain}/files", [("file", "a", b"x")], {"visibility": "public"}
    )
    assert sent.status == 201


@pytest.mark.attack("G12", "G02", "I02")
@every_type
def test_what_is_written_into_any_field_stays_text(world: World, rtype: RecordType) -> None:
    """Names of teams and services, templates, addresses: on the list, the page, the forms, the pickers and the audit."""
    from tests.safety.wire import signed_in

    known = [
        f
        for f in fields.of(rtype).values()
        if f.writable and str(f.kind) in ("text", "long", "FieldKind.TEXT", "FieldKind.LONG")
    ]
    # Refused but on an accepted risk, which nothing is from its start.
    known = [f for f in known if f.name != "risk_reason"]
    if rtype.name == "view":
        # What it keeps is refused unless it is a list's address.
        known = [f for f in known if f.name == "title"]
    wire, made = signed_in(world.people["adm"].id), []
    for n, payload in enumerate(PAYLOADS[:7]):
        words = {
            f.name: payload[: f.max_length]
            for f in known
            if not f.choices and f.name not in ("username", "email", "time_zone", "language")
        }
        given = least(rtype) | words | ({"username": f"x{n}"} if rtype.name == "user" else {})
        if rtype.name == "user":
            given["organisation"] = world.organisations["a"]
        made.append(commands.create(rtype, given, SETUP).number)
    pages = [
        f"/{rtype.plural}/?view=all",
        f"/{rtype.plural}/options/?list=o-x&x=",
        "/audit/",
        "/",
        "/incidents/new/",
    ]
    pages += [
        f"/{rtype.plural}/{number}/{end}" for number in made for end in ("", "edit/", "set/title/")
    ]
    seen = ""
    for page in pages:
        answer = wire.get(page)
        assert answer.status == 200, (page, answer.status)
        reader = read(answer.text)
        assert reader.complaints == [], page
        seen += "".join(reader.text)
    assert "82646281" not in seen
    assert "<script>alert(1)</script>" in seen and "{{9091*9091}}" in seen


@pytest.mark.attack("T05", "I5")
@every_type
def test_no_step_is_left_out_by_any_door(world: World, rtype: RecordType) -> None:
    """Moves that only later states have, asked for in the first one; and the state as if it were a field."""
    caller = by_hand(rtype, "requester")
    record = commands.create(
        rtype, least(rtype, **({caller: world.number("adm")} if caller else {})), SETUP
    )
    wire, browser = token(world, "adm"), signed_in(world.people["adm"].id)
    api, first = f"/api/v1/{rtype.plural}/{record.number}", rtype.lifecycle.first.name
    before = as_it_is(rtype, record)
    for move in rtype.lifecycle.moves:
        if first not in move.sources:
            assert wire.api("POST", f"{api}/moves", step(rtype, move, world)).status == 409
            data = {**step(rtype, move, world), "move": "", "message": "Because."}
            page = f"/{rtype.plural}/{record.number}/move/{move.name}/"
            assert browser.post(page, data).status == 409, move.name
    for name, value in (("state", rtype.lifecycle.states[-1].name), ("is_open", False)):
        assert wire.api("PATCH", api, {name: value}).status == 422
    assert as_it_is(rtype, record) == before
    legal = next((move for move in rtype.lifecycle.moves if first in move.sources), None)
    if legal is None:
        assert not rtype.lifecycle.moves
        return
    moved = wire.api("POST", f"{api}/moves", step(rtype, legal, world))
    assert moved.status == 200 and moved.json["state"] == legal.target


def as_it_is(rtype: RecordType, record: Any) -> Any:
    row = rtype.model.objects.filter(pk=record.pk).values().get()
    return row, Event.objects.filter(record_id=record.pk).count()


def step(rtype: RecordType, move: Move, world: World) -> dict[str, Any]:
    said = {"message": {"text": "Because."}} if move.message else {}
    data = {name: str(value) for name, value in needed(rtype, move.needs, world).items()}
    return {"move": move.name, **said, **data}
