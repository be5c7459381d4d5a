"""What is no text is refused at the door, and nothing of it is stored."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT

from mainstay.records import queries
from mainstay.records.types import shelf
from tests.surfaces.web.conftest import Browse
from tests.world import SETUP, World

pytestmark = pytest.mark.django_db
FORM = "application/x-www-form-urlencoded"
incident = shelf.type("incident")
BROKEN = {
    "half a pair": b"\xed\xa0\x80",
    "no UTF-8": b"\xff",
    "cut": b"\xe2\x82",
    "long": b"\xc0\xaf",
}
FORMS = (
    ("agn", "/incidents/new/", b"impact=2&urgency=2&title=", "title"),
    ("agn", "/incidents/NUMBER/talk/", b"audience=internal&text=", "text"),
    ("agn", "/incidents/NUMBER/edit/", b"impact=2&urgency=2&title=", "title"),
    ("agn", "/incidents/NUMBER/set/category/", b"value=", "value"),
    ("agn", "/incidents/NUMBER/move/hold/", b"waiting_for=caller&message=", "message"),
    ("ra1", "/portal/ask/broken/", b"title=", "title"),
    ("ra1", "/portal/requests/NUMBER/answer/", b"text=", "text"),
)


def percent(raw: bytes) -> bytes:
    return b"".join(b"%%%02X" % byte for byte in raw)


def parts(pairs: list[tuple[bytes, bytes]]) -> bytes:
    head = b"--%s\r\nContent-Disposition: form-data; name=" % BOUNDARY.encode()
    body = b"".join(head + b'"%s"\r\n\r\n%s\r\n' % pair for pair in pairs)
    return body + b"--%s--\r\n" % BOUNDARY.encode()


def everything(number: str) -> str:
    """All that is kept of the one incident, and the titles of the others."""
    row = queries.one(incident, SETUP.actor, number)
    said = incident.capabilities[0].entries
    assert said is not None
    titles = [r["title"] for r in queries.page(incident, SETUP.actor).items]
    return f"{row} {said(incident, SETUP.actor, row)} {titles}"


def sent(client: Client, url: str, body: bytes, kind: str) -> Any:
    return client.generic("POST", url, body, kind)


@pytest.mark.parametrize("what", BROKEN)
@pytest.mark.parametrize(("who", "url", "body", "name"), FORMS)
def test_a_form_that_is_no_utf8_is_refused(
    browse: Browse, world: World, who: str, url: str, body: bytes, name: str, what: str
) -> None:
    number = world.incident().number
    before, client, address = everything(number), browse(who), url.replace("NUMBER", number)
    pairs = [tuple(pair.split(b"=")) for pair in body.split(b"&")]
    pairs[-1] = (name.encode(), b"A " + BROKEN[what])
    for answer in (
        sent(client, address, body + b"A+" + percent(BROKEN[what]), FORM),
        sent(client, address, body + b"A+" + BROKEN[what], FORM),
        sent(client, address, parts(pairs), MULTIPART_CONTENT),  # type: ignore[arg-type]
    ):
        assert answer.status_code == 400
        assert "Take them out" in answer.content.decode()
    assert everything(number) == before


@pytest.mark.parametrize(("who", "url", "body", "name"), FORMS)
def test_a_nul_byte_is_refused_too(
    browse: Browse, world: World, who: str, url: str, body: bytes, name: str
) -> None:
    number = world.incident().number
    before, client, address = everything(number), browse(who), url.replace("NUMBER", number)
    pairs = [tuple(pair.split(b"=")) for pair in body.split(b"&")]
    pairs[-1] = (name.encode(), b"A\x00b")
    for answer in (
        sent(client, address, body + b"A%00b", FORM),
        sent(client, address, parts(pairs), MULTIPART_CONTENT),  # type: ignore[arg-type]
    ):
        assert 400 <= answer.status_code < 500
        assert "cannot be stored" in answer.content.decode()
    assert everything(number) == before


def test_a_query_that_is_no_utf8_is_refused(browse: Browse) -> None:
    client = browse("agn")
    for query in ("filter=%ED%A0%80", "%FF=x", "field=title&op=contains&value=%ED%A0%80"):
        assert client.get(f"/incidents/?{query}").status_code == 400
    assert Client().get("/sign-in?next=/%ED%A0%80").status_code == 400


def test_every_other_sign_is_taken_as_it_is(browse: Browse, world: World) -> None:
    """Also the one that stands for what could not be read: somebody may paste it."""
    text = "Grüße 🙂 \ufffd \u202e العربية"
    for kind in ("whole", "parts"):
        form = {"title": f"{text} {kind}", "impact": "2", "urgency": "2"}
        options = {"content_type": FORM} if kind == "whole" else {}
        data = "&".join(f"{n}={percent(v.encode()).decode()}" for n, v in form.items())
        answer = browse("agn").post("/incidents/new/", data if options else form, **options)  # type: ignore[arg-type]
        number = answer["Location"].split("/")[2]
        assert queries.one(incident, SETUP.actor, number)["title"] == f"{text} {kind}"
