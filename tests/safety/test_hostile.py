"""Whatever is sent through whichever door: a 4xx or a right answer, and never a 5xx."""

from __future__ import annotations

import base64
from collections.abc import Collection, Iterable, Iterator
from typing import Any
from urllib.parse import quote, quote_from_bytes

import pytest

from mainstay.records import queries
from mainstay.records.models import Event, Record
from mainstay.records.types import shelf
from mainstay.surfaces.web.jinja import environment
from tests.safety.ground import Ground
from tests.safety.nasty import (
    BODIES,
    FILTERS,
    FORMS,
    HEADERS,
    JSON,
    KINDS,
    NASTY,
    PLACES,
    QUERIES,
    RAW,
    VALUES,
    cursors,
)
from tests.safety.routes import addresses, every_route, plurals
from tests.safety.wire import CSRF, CSRF_COOKIE, FORM, Answer, Wire, multipart, program

pytestmark = pytest.mark.django_db
# What is sent may come back in a form; it may not come back many times over.
LARGEST_ANSWER = 6_000_000


class Sender:
    """Sends, and keeps what should not have been answered so."""

    def __init__(self, number: str) -> None:
        self.number, self.bad, self.sent = number, list[str](), 0

    def judge(self, what: str, answer: Answer) -> Answer:
        self.sent += 1
        if answer.status >= 500:
            self.bad.append(f"{what}: {answer.status}")
        if len(answer.body) > LARGEST_ANSWER:
            self.bad.append(f"{what}: {len(answer.body):,} bytes back")
        if any("\n" in v or "\r" in v for _, v in answer.headers):
            self.bad.append(f"{what}: a header with a line break")
        return answer


@pytest.fixture
def sender(ground: Ground) -> Iterator[Sender]:
    found = Sender(ground.records["plain"].number)
    yield found
    assert not found.bad, f"{len(found.bad)} of {found.sent}:\n" + "\n".join(found.bad[:40])


@pytest.fixture
def agent(ground: Ground) -> Wire:
    return ground.browser("agn")


@pytest.fixture
def token(ground: Ground) -> Wire:
    return program(ground.world.people["agn"].id, "read", "write")


def test_query_strings_and_paths(sender: Sender, agent: Wire, token: Wire) -> None:
    for pattern in QUERIES:
        for what, raw in RAW.items():
            before, _, after = (
                pattern.replace("NUMBER", sender.number).replace("%%", "\0").partition("%s")
            )
            target = before.encode() + raw + after.encode()
            wire = token if pattern.startswith("/api") else agent
            sender.judge(f"GET {pattern} {what}", wire.send("GET", target.replace(b"\0", b"%")))


def test_every_field_of_every_form(sender: Sender, ground: Ground) -> None:
    from mainstay.directory.signin import welcome

    secret = welcome.new_link()
    adm, caller = ground.browser("adm"), ground.browser("ra1")
    for address, names in FORMS.items():
        path = address.replace("NUMBER", sender.number).replace("SECRET", secret)
        wire = (
            Wire()
            if "sign-in" in path or "welcome" in path
            else caller
            if "portal" in path
            else adm
        )
        wire.cookies[CSRF_COOKIE] = CSRF
        for name in names:
            for what, raw in RAW.items():
                pairs = {"title": b"T", "username": f"u{sender.sent}".encode(), "value": b"x"} | {
                    name: raw
                }
                pairs |= {"csrfmiddlewaretoken": wire.form_token(path).encode(), "apply": b"1"}
                if "bulk" in path and name != "step":
                    pairs["step"] = b"set:team"
                body = b"&".join(n.encode() + b"=" + v for n, v in pairs.items())
                sender.judge(
                    f"POST {address} {name}={what}",
                    wire.send("POST", path, body, {"Content-Type": FORM}),
                )


@pytest.mark.attack("I7")
def test_every_value_in_every_body_of_the_api(sender: Sender, token: Wire) -> None:
    number = sender.number
    for method, path, names in (
        ("POST", "/api/v1/incidents", ("title", "body", "impact", "service", "team", "resume_on", "message", "x")),
        ("PATCH", f"/api/v1/incidents/{number}", ("title", "impact", "assignee", "reason", "message", "version")),
        ("POST", f"/api/v1/incidents/{number}/moves", ("move", "waiting_for", "resume_on", "message", "reason")),
        ("POST", f"/api/v1/incidents/{number}/notes", ("text", "visibility", "x")),
        ("POST", f"/api/v1/incidents/{number}/links", ("kind", "record")),
        ("POST", "/api/v1/users", ("title", "username", "email", "is_vip", "site")),
        ("POST", "/api/v1/teams/TEAM-1/members", ("person", "is_lead")),
    ):  # fmt: skip
        for name in names:
            for value in NASTY:
                body = {
                    "title": "T",
                    "text": "T",
                    "visibility": "public",
                    "kind": "relates",
                    "move": "hold",
                }
                known = body if "links" in path or "notes" in path else {"title": "T"}
                answer = token.api(method, path, {**known, name: value})
                sender.judge(f"{method} {path} {name}={value!r:.60}", answer)


@pytest.mark.attack("I7", "L06", "N06")
def test_bodies_of_every_kind_through_every_door(sender: Sender, token: Wire, agent: Wire) -> None:
    number = sender.number
    for what, body in BODIES.items():
        for path in (
            "/api/v1/incidents",
            f"/api/v1/incidents/{number}/notes",
            f"/api/v1/incidents/{number}/files",
        ):
            sender.judge(f"{path} {what}", token.send("POST", path, body, {"Content-Type": JSON}))
        sender.judge(
            f"PATCH {what}",
            token.send("PATCH", f"/api/v1/incidents/{number}", body, {"Content-Type": JSON}),
        )
        for path in ("/sign-in", "/incidents/new/", f"/incidents/{number}/talk/"):
            headers = {"Content-Type": FORM, "X-CSRFToken": agent.form_token(path)}
            sender.judge(f"{path} {what}", agent.send("POST", path, body, headers))
    for kind in KINDS:
        for body in (b'{"title":"x"}', b"title=x&text=y", b"--x\r\n\r\n"):
            sender.judge(
                f"api {kind:.40}",
                token.send("POST", "/api/v1/incidents", body, {"Content-Type": kind}),
            )
            headers = {"Content-Type": kind, "X-CSRFToken": agent.form_token()}
            sender.judge(
                f"web {kind:.40}", agent.send("POST", f"/incidents/{number}/talk/", body, headers)
            )
            files = f"/api/v1/incidents/{number}/files"
            sender.judge(
                f"files {kind:.40}", token.send("POST", files, body, {"Content-Type": kind})
            )


def test_broken_forms_with_files(sender: Sender, token: Wire, agent: Wire) -> None:
    whole, kind = multipart(
        {"visibility": "public", "audience": "all"}, [("file", "a", b"x" * 100)]
    )
    many, _ = multipart({f"f{n}": "x" for n in range(5000)}, [])
    files, _ = multipart({}, [(f"file{n}", "a", b"x") for n in range(500)])
    cases = {
        "cut": whole[:80], "no end": whole[:-8], "no start": whole[20:], "empty": b"", "many": many,
        "files": files,
        "nul name": whole.replace(b'name="file"', b'name="\x00"'),
        "no name": whole.replace(b' name="file";', b""),
        "bad name": whole.replace(b'filename="a"', b'filename="\xff\xfe\xed\xa0\x80"'),
        "long name": whole.replace(b'filename="a"', b'filename="' + b"x" * 100_000 + b'"'),
        "many headers": whole.replace(b"\r\n\r\n", b"\r\nX: " + b"y" * 5000 + b"\r\n\r\n"),
        "encoding": whole.replace(b"image/png", b"image/png\r\nContent-Transfer-Encoding: base64"),
        "nested": whole.replace(b"image/png", b"multipart/mixed; boundary=bOuNdArY"),
        "charset": whole.replace(b"image/png", b"text/plain; charset=nonsense"),
        "field charset": whole.replace(b"public", b"\xff\xfe\x00"),
        "star": whole.replace(b'filename="a"', b"filename*=nonsense''%ff"),
    }  # fmt: skip
    for what, body in cases.items():
        for wire, path in (
            (token, f"/api/v1/incidents/{sender.number}/files"),
            (agent, f"/incidents/{sender.number}/talk/"),
            (agent, "/incidents/new/"),
            (agent, "/sign-in"),
        ):
            headers = {"Content-Type": kind, "X-CSRFToken": wire.form_token(path)}
            sender.judge(f"{path} {what}", wire.send("POST", path, body, headers))


# What of a header is kept, looked up or asked the database for; all others end before it, whichever it is.
TO_THE_DATABASE = (
    "Authorization", "Cookie", "If-Match", "Idempotency-Key", "Accept-Language", "Host", "User-Agent",
    "Referer", "HX-Target", "HX-Current-URL", "X-CSRFToken", "X-Forwarded-For",
)  # fmt: skip


def beside(reaching: Collection[Any], everything: Iterable[Any]) -> list[Any]:
    """All of them on SQLite; on PostgreSQL those that reach a database."""
    once = pytest.mark.sqlite_only
    return [x if x in reaching else pytest.param(x, marks=once) for x in everything]


@pytest.mark.parametrize("name", beside(TO_THE_DATABASE, HEADERS))
def test_every_header(sender: Sender, ground: Ground, token: Wire, agent: Wire, name: str) -> None:
    # Read is another record than the one that is written to: a page of all those notes would be slow.
    read = ground.records["other"].number
    for value in VALUES:
        what = f"{name}: {value!r:.40}"
        for wire, method, path, body in (
            (token, "GET", f"/api/v1/incidents/{read}", b""),
            (
                token,
                "POST",
                f"/api/v1/incidents/{sender.number}/notes",
                b'{"text":"x","visibility":"public"}',
            ),
            (token, "PATCH", f"/api/v1/incidents/{sender.number}", b'{"category":"x"}'),
            (agent, "GET", "/incidents/", b""),
            (agent, "GET", f"/incidents/{read}/", b""),
            (
                agent,
                "POST",
                f"/incidents/{sender.number}/talk/",
                b"text=x&csrfmiddlewaretoken=" + agent.form_token().encode(),
            ),
            (
                agent,
                "POST",
                "/sign-in",
                b"username=x&password=y&csrfmiddlewaretoken=" + CSRF.encode(),
            ),
        ):
            kind = JSON if path.startswith("/api") else FORM
            sender.judge(
                f"{method} {path} {what}",
                wire.send(method, path, body, {"Content-Type": kind, name: value}),
            )


def walk(ground: Ground) -> list[str]:
    """The address of each page and form for people, once for each type it serves, about a record there is."""
    adm, found = ground.world.actor("adm"), dict[tuple[str, str], str]()
    for route in every_route():
        if route.pattern.startswith(("api/", "sign-out")):
            continue
        for plural in plurals(route) or [""]:
            rtype = shelf.by_plural(plural)
            rows = queries.page(rtype, adm, names=(), size=1).items if rtype else []
            for path in addresses(route, rows[0]["number"] if rows else "INC-1"):
                if not plural or path.startswith(f"/{plural}/"):
                    found.setdefault((route.pattern, plural), path)
    return list(found.values())


# Parts are templates: nothing of them reaches a database.
@pytest.mark.sqlite_only
def test_every_page_asked_for_in_every_part(sender: Sender, ground: Ground) -> None:
    """A page asked for as a fragment says which part of it is meant, and that need be none it draws alone."""
    adm, known = ground.browser("adm"), environment()
    parts = sorted({b for name in known.list_templates() for b in known.get_template(name).blocks})
    assert {"main", "queue", "record"} <= set(parts)
    for path in walk(ground):
        for part in parts:
            asks = {"HX-Request": "true", "HX-Target": f"div#{part}"}
            answer = sender.judge(f"GET {path} {part}", adm.send("GET", path, headers=asks))
            if answer.status in (401, 404, 405):
                break


# The one place that is a list of ours: what stands in its address is looked for.
A_LIST = [place for place in PLACES if "/incidents/?peek=" in str(place)]


@pytest.mark.parametrize("place", beside(A_LIST, PLACES))
def test_every_form_sent_from_any_address(
    sender: Sender, ground: Ground, place: str | bytes
) -> None:
    """With a script a form says on which page it stood; what was kept is answered as what it is."""
    for path in walk(ground):
        # One browser each: there are forms that sign out, or in.
        adm = ground.browser("adm")
        token = adm.form_token(path).encode()
        body = b"csrfmiddlewaretoken=" + token + b"&title=T&value=T&text=T&which=all&q=T"
        for part in ("div#queue", f"tr#{path.split('/')[2]}" if path.count("/") > 2 else ""):
            said = {"HX-Request": "true", "HX-Target": part, "HX-Current-URL": place}
            asks = {**said, "Referer": place}
            what = f"{path} from {place!r:.40} in {part}"
            answer = adm.send("POST", path, body, {"Content-Type": FORM, **asks})
            sender.judge(f"POST {what}", answer)
            if answer.status == 405:
                sender.judge(f"GET {what}", adm.send("GET", path, headers=asks))


def test_every_cookie(sender: Sender, ground: Ground) -> None:
    for name in ("mainstay_session", "mainstay_csrf", "flash", "theme", "x"):
        for value in (*VALUES, "a:b:c", "x:" * 5000, base64.b64encode(b"\x80\x04.").decode()):
            text = value.decode("latin-1") if isinstance(value, bytes) else value
            for path in ("/", "/sign-in", "/api/v1/me", "/incidents/"):
                wire = ground.browser("agn")
                others = "; ".join(f"{n}={v}" for n, v in wire.cookies.items() if n != name)
                cookie = {"Cookie": f"{others}; {name}={text}"}
                sender.judge(f"{path} {name}={text!r:.40}", wire.send("GET", path, headers=cookie))
                sender.judge(
                    f"POST {path} {name}",
                    wire.send("POST", path, b"", cookie | {"Content-Type": FORM}),
                )


@pytest.mark.attack("I7", "L07")
def test_filters(sender: Sender, token: Wire, agent: Wire) -> None:
    for text in FILTERS:
        for wire, path in (
            (token, "/api/v1/incidents?count=true&filter="),
            (agent, "/incidents/?filter="),
        ):
            answer = sender.judge(
                f"{path} {text:.60}", wire.send("GET", path + quote(text, errors="surrogatepass"))
            )
            assert answer.status in (200, 303, 422), text
    million = quote("title == '" + "x" * 1_000_000 + "'")
    assert sender.judge("a million", token.get(f"/api/v1/incidents?filter={million}")).status == 422
    assert sender.judge("a million", agent.get(f"/incidents/?filter={million}")).status == 422


def test_cursors_and_sizes(sender: Sender, token: Wire, agent: Wire) -> None:
    for after in cursors():
        for order in ("-created_at", "created_at", "priority", "updated_at"):
            text = quote(after)
            answer = sender.judge(
                after[:60], token.get(f"/api/v1/incidents?order={order}&after={text}")
            )
            assert answer.status in (200, 303, 422)
            sender.judge(after[:60], agent.get(f"/incidents/?order={order}&after={text}"))
    for size in ("0", "-1", "201", "1e3", "٣", "9" * 400, "", "1.5", "0x10", " 5", "5 ", "+5"):
        answer = sender.judge(size, token.get(f"/api/v1/incidents?size={quote(size)}"))
        assert answer.status == 422, size
    for after in ("-1", "x", "9" * 400, "٣", "1.5", str(2**63)):
        for what in ("events", "notes"):
            path = f"/api/v1/incidents/{sender.number}/{what}?after={quote(after)}"
            assert sender.judge(path, token.get(path)).status in (200, 303, 422)


def test_numbers_in_any_digits(sender: Sender, token: Wire, agent: Wire) -> None:
    for number in (
        "INC-٣",
        "INC-१",
        "INC-1\u200b",
        "ＩＮＣ-1",
        "INC⁻1",
        "inc-0x1",
        "INC-1e0",
        "INC--1",
        "INC-1.0",
        "INC-0",
        "INC-" + "0" * 400,
    ):
        for path in (
            f"/incidents/{quote(number)}/",
            f"/r/{quote(number)}",
            f"/api/v1/incidents/{quote(number)}",
        ):
            wire = token if "api" in path else agent
            assert sender.judge(path, wire.get(path)).status == 404, number


@pytest.mark.attack("L06")
def test_five_thousand_fields_and_ten_megabytes(sender: Sender, agent: Wire) -> None:
    number, before = sender.number, Event.objects.count()
    fields = b"&".join(b"f%d=x" % n for n in range(5000))
    same = b"&".join(b"sel=INC-1" for _ in range(5000))
    for body in (
        fields,
        same,
        b"text=" + b"x" * 10_000_000,
        b"&" * 3_000_000,
        b"=" * 100_000,
        b"%" * 100_000,
    ):
        for path in (
            f"/incidents/{number}/talk/",
            "/incidents/bulk/",
            "/sign-in",
            "/incidents/new/",
        ):
            for headers in ({"X-CSRFToken": agent.form_token(path)}, {}):
                answer = agent.send("POST", path, body, {"Content-Type": FORM, **headers})
                assert 400 <= sender.judge(f"{path} {body[:20]!r}", answer).status < 500
    assert Event.objects.count() == before


@pytest.mark.attack("L06", "N06")
def test_what_was_refused_left_no_record(sender: Sender, token: Wire) -> None:
    before = Record.objects.count()
    for what, body in BODIES.items():
        answer = token.send("POST", "/api/v1/incidents", body, {"Content-Type": JSON})
        assert (answer.status == 201) == (Record.objects.count() > before), what
        before = Record.objects.count()


def test_methods_nobody_knows(sender: Sender, token: Wire, agent: Wire) -> None:
    for method in ("TRACE", "CONNECT", "PROPFIND", "FOO", "", "GET\x00", "X" * 10_000, "é"):
        for wire, path in (
            (token, "/api/v1/incidents"),
            (agent, "/incidents/"),
            (agent, "/sign-in"),
            (agent, "/static/x"),
        ):
            assert 400 <= sender.judge(f"{method:.20} {path}", wire.send(method, path)).status < 500


def test_paths_that_are_no_text(sender: Sender, agent: Wire, token: Wire) -> None:
    for raw in (
        b"/\xff\xfe/",
        b"/%ff/",
        b"/incidents/%ED%A0%80/",
        b"/" + b"a/" * 5000,
        b"/" + b"x" * 100_000,
        b"//",
        b"/%00",
        b"",
        b"*",
        b"/?%ff=%00",
    ):
        for wire in (agent, token):
            sender.judge(repr(raw[:30]), wire.send("GET", raw))
            sender.judge(repr(raw[:30]), wire.send("GET", b"/api/v1" + raw))
    assert quote_from_bytes(b"\xff") == "%FF"
