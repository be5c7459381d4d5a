"""Files with secrets in them, and the traces of who took one."""

from __future__ import annotations

import json

import pytest

from mainstay.capabilities.files import secrets, store
from mainstay.directory.audit import noting
from mainstay.records import clock
from mainstay.records.audit.models import AuditEntry
from tests.safety.ground import Ground
from tests.safety.wire import Answer, Wire, multipart, program

pytestmark = pytest.mark.django_db
FILE = "look.file"
# What Okta's support was sent in 2023: a browser's record of what it asked and was answered.
HAR = json.dumps(
    {"log": {"entries": [{"response": {"headers": [
        {"name": "Content-Type", "value": "text/html"},
        {"name": "Set-Cookie", "value": "sid=102Qh4cBmyYSr2TGcoJXgQy; Path=/; HttpOnly"},
    ]}}]}}, indent=2,
).encode()  # fmt: skip
# In two parts each, so that nobody who looks for keys in our sources is alarmed.
HELD = {
    "HAR": HAR,
    "headers": b"GET / HTTP/1.1\nHost: x\ncookie: session=0123456789abcdef\n",
    "AWS": b"aws_access_key_id = AKIA" + b"IOSFODNN7EXAMPLE\n",
    "RSA": b"-----BEGIN RSA PRIVATE" + b" KEY-----\nMIIE\n",
    "OpenSSH": b"-----BEGIN OPENSSH PRIVATE" + b" KEY-----\nb3Bl\n",
    "bearer": b"curl -H 'Authorization: Bearer " + b"2YotnFZFEjr1zCsicMWpAA' https://x",
    "bearer in a HAR": b'{"name": "authorization", "value": "Bearer ' + b'2YotnFZFEjr1zCsicMWpAA"}',
    "JWT": b"token=eyJhbGciOiJIUzI1NiJ9" + b".eyJzdWIiOiIxMjM0NTY3ODkwIn0.x",
    "GitHub": b"ghp_" + b"a1B2" * 9,
    "ours": b"mst_" + b"a" * 43,
}
PLAIN = {
    "text": b"The VPN drops every 20 minutes. My key to the office is lost, and so are the cookies.",
    "log": b"2026-01-01 INFO cookie: none; Authorization: Bearer expired; AKIA; AKIAIOSFODNN7",
    "HAR": b'{"headers": [{"name": "Accept", "value": "cookie/1"}], "cookies": []}',
    "public": b"-----BEGIN PUBLIC KEY-----\nMIIB\n-----BEGIN CERTIFICATE-----\n",
    "picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 400,
}


def sent(wire: Wire, number: str, content: bytes, name: str = "trace.har") -> Answer:
    body, kind = multipart({"visibility": "internal"}, [("file", name, content)])
    path = f"/api/v1/incidents/{number}/files"
    return wire.send("POST", path, body, {"Content-Type": kind})


@pytest.mark.attack("E08")
@pytest.mark.sqlite_only
@pytest.mark.parametrize("held", HELD)
def test_who_attaches_a_secret_is_told_what_to_do(ground: Ground, held: str) -> None:
    number = ground.records["plain"].number
    wire = program(ground.world.people["agn"].id, "read", "write")
    answer = sent(wire, number, HELD[held])
    assert answer.status == 201 and "changed or revoked" in answer.json["warning"]
    listed = wire.get(f"/api/v1/incidents/{number}/files").json["items"]
    assert all("warning" not in file for file in listed), "nobody else is led to it"


@pytest.mark.attack("E08")
@pytest.mark.sqlite_only
@pytest.mark.parametrize("plain", PLAIN)
def test_others_are_not_bothered(ground: Ground, plain: str) -> None:
    wire = program(ground.world.people["agn"].id, "read", "write")
    answer = sent(wire, ground.records["plain"].number, PLAIN[plain])
    assert answer.status == 201 and answer.json["warning"] is None


@pytest.mark.attack("E08")
@pytest.mark.parametrize(("who", "path", "page"), [
    ("agn", "/incidents/{}/talk/", "/incidents/{}/"),
    ("ra1", "/portal/requests/{}/answer/", "/portal/requests/{}/"),
])  # fmt: skip
def test_the_page_tells_it_too(ground: Ground, who: str, path: str, page: str) -> None:
    number, wire = ground.records["plain"].number, ground.browser(who)
    wire.upload(path.format(number), [("files", "trace.har", HAR)], {"text": "See there."})
    assert "trace.har seems to hold cookies of somebody" in wire.get(page.format(number)).text
    wire.upload(path.format(number), [("files", "b.txt", PLAIN["text"])], {"text": "And there."})
    assert "seems to hold" not in wire.get(page.format(number)).text


@pytest.mark.sqlite_only
def test_a_secret_between_two_pieces_is_found(db: None, tmp_path, settings) -> None:
    settings.MAINSTAY_DATA = tmp_path
    for content in HELD.values():
        for cut in range(1, len(content), 7):
            whole = b"x" * 5000 + b"\n" + content
            at = 5001 + cut
            stored = store.put([whole[:at], whole[at:], b"y" * 9000])
            assert stored.secret in secrets.PATTERNS


@pytest.mark.attack("E08", "U04")
@pytest.mark.parametrize("door", ["web", "api"])
def test_who_takes_a_file_of_somebody_else_stands_in_the_audit(ground: Ground, door: str) -> None:
    noting.forget_looks()
    people, number = ground.world.people, ground.records["plain"].number
    author = program(people["agm"].id, "read", "write")
    file = sent(author, number, HAR).json["id"]
    web, api = f"/files/{number}/{file}/x", f"/api/v1/incidents/{number}/files/{file}"
    path = web if door == "web" else api
    own = ground.browser("agm") if door == "web" else author
    assert own.get(path).status == 200 and not AuditEntry.objects.filter(kind=FILE).exists()
    person = people["agn"].id
    wire = ground.browser("agn") if door == "web" else program(person, "read")
    wire.address = "203.0.113.5"
    now = clock.now()
    assert [wire.get(path).status for _ in range(3)] == [200] * 3
    (entry,) = AuditEntry.objects.filter(kind=FILE)
    record = ground.records["plain"].pk
    assert (entry.actor_id, entry.record_id, entry.door) == (person, record, door)
    assert (entry.address, entry.facts) == ("203.0.113.5", {"file": file})
    assert entry.at >= now
    refused = ground.browser("ra1") if door == "web" else program(people["ra1"].id, "read")
    assert refused.get(path).status == 404, "it is internal"
    assert AuditEntry.objects.filter(kind=FILE).count() == 1
    page = ground.browser("aud").get(f"/audit/?kind={FILE}").text
    assert "Opened somebody" in page and "Person agn" in page and number in page
    with clock.held(now.replace(year=now.year + 1)):
        again = ground.browser("agn") if door == "web" else program(person, "read")
        assert again.get(path).status == 200
    assert AuditEntry.objects.filter(kind=FILE).count() == 2
