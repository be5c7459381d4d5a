"""The language of conditions, and values that mean something to a database: refused by name, or taken literally."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from mainstay.records.models import Record
from tests.safety.ground import Ground
from tests.safety.wire import Wire, program

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(ground: Ground) -> Wire:
    return program(ground.world.people["agn"].id, "read", "write")


ESCAPES = (
    "().__class__", "title.__class__ == 'x'", "title.__class__.__mro__[1].__subclasses__()", '"{0.__class__}".format(title)',
    'f"{title}" == "x"', "lambda: 1", "[x for x in [1]] == []", "(x := 1) == 1", "getattr(title, 'x') == 1",
    "title['__globals__'] == 'x'", "constructor.constructor('return 1')() == 1", "__ｃlass__ == 'x'", "title.format('x') == 'x'",
    "(i for i in [1]).gi_frame.f_back == null", "title.__init__.__globals__ == 'x'", "__import__('os').system('id') == 0",
    "eval('1') == 1", "exec('1') == 1", "open('/etc/passwd') == 1", "me.__dict__ == 'x'", "now.__class__ == 'x'",
    "[1].map(x, x) == [1]", "[1].all(x, true)", "has(title.x)", "type(title) == string", "title.matches('(a+)+$')",
    "title ~ '(a+)+$'", "{'a': 1}.a == 1", "settings.SECRET_KEY == 'x'", "config == 'x'", "self == 1", "record.delete()",
)  # fmt: skip
TOO_MUCH = (
    "9**9**9 == 1", "priority == 9 * 9", "title == 'a' * 1000000000", "1 << 100000 == 1", "'%1000000000d' % 1 == 'x'",
    "(" * 300 + "true" + ")" * 300, " || ".join(["is_open"] * 5000), "created_at > timestamp('9999999-01-01T00:00:00Z')",
    "number in [" + "'x'," * 5000 + "'y']", "!" * 5000 + "is_open", "title.contains('" + "x" * 100_000 + "')",
)  # fmt: skip


@pytest.mark.attack("I06", "I07", "I08", "L07", "N05")
def test_a_condition_stays_in_its_language(ground: Ground, agent: Wire) -> None:
    browser = ground.browser("agn")
    for text in (*ESCAPES, *TOO_MUCH):
        answer = agent.get(f"/api/v1/incidents?count=true&filter={quote(text)}")
        assert answer.status == 422, text
        assert list(answer.json["errors"]) == ["filter"] and answer.json["errors"]["filter"][0], (
            text
        )
        assert browser.get(f"/incidents/?filter={quote(text)}").status in (200, 303, 422), text
    known = agent.get(
        f"/api/v1/incidents?count=true&filter={quote('is_open && title.contains(`CNRY`)'.replace('`', chr(34)))}"
    )
    assert known.status == 200 and known.json["count"] > 0


@pytest.mark.attack("I01")
def test_no_parameter_is_evaluated(ground: Ground) -> None:
    """Pages for strangers, refused pages and found ones: what was asked comes back as it was written, or not at all."""
    sums = (
        "{{9091*9091}}",
        "${9091*9091}",
        "<%=9091*9091%>",
        "#{9091*9091}",
        "[[9091*9091]]",
        "{%debug%}",
        "{{config}}",
    )
    agent, found = ground.browser("agn"), ""
    for text in sums:
        asked = quote(text)
        answers = [wire.get(path) for wire in (Wire(), agent) for path in (
            f"/sign-in?next={asked}", f"/welcome/{asked}", f"/{asked}", f"/incidents/?filter={asked}", f"/search/?q={asked}",
            f"/portal/ask/?title={asked}", f"/incidents/{asked}/", f"/api/v1/{asked}",
        )]  # fmt: skip
        answers.append(Wire().post("/sign-in", {"username": text, "password": "x"}))
        answers.append(
            agent.send(
                "GET",
                "/incidents/",
                headers={"User-Agent": text, "Referer": text, "Accept-Language": text},
            )
        )
        for answer in answers:
            assert (
                answer.status < 500
                and "82646281" not in answer.text
                and "SECRET" not in answer.text
            )
            found += answer.text
    assert "9091*9091" in found


SQL = (
    "' or '1'='1", "x' or 1=1--", '" or ""="', "'; select pg_sleep(5)--", "1); drop table records_record;--", "%' or '%'='",
    "\\' or 1=1--", "' union select password from directory_credential--", "x'||(select 1)||'", "%s", "%(x)s", "?", "{}", "$1",
)  # fmt: skip
SIGNS = (
    "%",
    "_",
    "\\",
    "'",
    "a & | !",
    "<->",
    "100%",
    "a_b",
    "\\%",
    "*",
    "a*",
    '"',
    "NEAR/2",
    "AND",
    "-x",
    ":*",
    "(x",
)


@pytest.mark.attack("N01", "N02", "N04")
def test_every_sign_means_itself(ground: Ground, agent: Wire) -> None:
    """Found is the record that has it in its title, and no other, wherever it is asked for."""
    browser, records = ground.browser("agn"), Record.objects.count()
    for text in (*SQL, *SIGNS):
        made = agent.api("POST", "/api/v1/incidents", {"title": f"Sign >{text}< here"})
        assert made.status == 201
        number = made.json["number"]
        literal = f">{text}<".replace("\\", "\\\\").replace('"', '\\"')
        answer = agent.get(
            f"/api/v1/incidents?count=true&filter={quote(f'title.contains({chr(34)}{literal}{chr(34)})')}"
        )
        assert [each["number"] for each in answer.json["items"]] == [number], text
        for more in ("order", "fields", "after"):
            assert agent.get(f"/api/v1/incidents?{more}={quote(text)}").status == 422, (more, text)
        for path in (
            "/incidents/?order=",
            "/incidents/?columns=",
            "/incidents/options/?list=o-x&x=",
            "/search/?q=",
        ):
            assert browser.get(path + quote(text)).status == 200, (path, text)
    assert Record.objects.filter(type="incident", title__startswith="Sign >").count() == len(
        SQL
    ) + len(SIGNS)
    assert Record.objects.count() == records + len(SQL) + len(SIGNS)


TWISTED: tuple[Any, ...] = (
    {"title": ["x"]}, {"title": {"$ne": 1}}, {"title": True}, {"title": 1}, {"title[]": "x"}, {"title": []}, {"impact": "1e0"},
    {"impact": True}, {"impact": [1]}, {"service": {"$ne": None}}, {"service": True}, {"requester": [1]}, {"impact": 1.5},
)  # fmt: skip


@pytest.mark.attack("N07", "N06")
def test_a_value_of_another_kind_is_refused_by_name(ground: Ground, agent: Wire) -> None:
    before = Record.objects.count()
    for data in TWISTED:
        answer = agent.api("POST", "/api/v1/incidents", {"title": "x", **data})
        assert answer.status == 422 and set(answer.json["errors"]) & set(data), data
    for body in (
        b'{"title":"a","title":"b"}',
        b'{"title":"a\\u0000"}',
        b'{"title":"\\ud800"}',
        b'{"impact":1e400}',
        b'{"title":NaN}',
    ):
        headers = {"Content-Type": "application/json"}
        assert agent.send("POST", "/api/v1/incidents", body, headers).status in (400, 422), body
    for path in (
        "?size=1&size=2",
        "?filter=is_open&filter=true",
        "?order=title&order=id",
        "?size[]=1",
    ):
        assert agent.get(f"/api/v1/incidents{path}").status == 422, path
    assert (
        Wire().post("/sign-in", {"username": ["agn", "adm"], "password": ["x", "y"]}).status == 422
    )
    assert Wire().post("/sign-in", {"username[]": "agn", "password[$ne]": "1"}).status == 422
    assert Record.objects.count() == before
    assert agent.api("POST", "/api/v1/incidents", {"title": "x", "impact": 1}).status == 201


@pytest.mark.attack("L08")
def test_a_list_is_never_longer_than_the_longest_page(ground: Ground, agent: Wire) -> None:
    for size in ("201", "1000000000", "-1", "0", "1e9"):
        assert agent.get(f"/api/v1/incidents?size={size}").status == 422, size
    assert agent.get("/api/v1/incidents?offset=1000000000000").status == 422
    assert agent.get(f"/api/v1/incidents?expand={'*,' * 20}").status == 422
    assert (
        agent.get(f"/api/v1/incidents?fields={','.join(f'f{n}' for n in range(1000))}").status
        == 422
    )
    assert agent.get(f"/api/v1/incidents?fields={','.join(['title'] * 1000)}").status == 200
    assert len(agent.get("/api/v1/incidents?size=200").json["items"]) > 1


@pytest.mark.attack("L08")
def test_whatever_comes_in_pages_has_a_longest_one(ground: Ground) -> None:
    """Every operation of the schema that takes a size, whichever practice or capability it is of."""
    wire = program(ground.world.people["adm"].id, "read")
    plain, paged = ground.records["plain"].number, 0
    for path, methods in wire.get("/api/v1/openapi.json").json["paths"].items():
        names = {p.get("name") for p in methods.get("get", {}).get("parameters", ())}
        if "size" not in names or ("{key}" in path and not path.startswith("/incidents/")):
            continue
        address = "/api/v1" + path.replace("{key}", plain) + ("?q=x&" if "q" in names else "?")
        paged += 1
        assert wire.get(f"{address}size=200").status == 200, path
        for size in ("201", "1000000000", "-1"):
            assert wire.get(f"{address}size={size}").status == 422, (path, size)
    assert paged > 15
