"""What hostile callers send: texts, numbers, bodies, headers, filters and cursors that no honest client would."""

from __future__ import annotations

import base64
from typing import Any

import orjson

JSON = "application/json"
# As bytes of a query string or a form: NUL, halves of a pair as somebody's encoder writes them, what is no UTF-8,
# and texts that are numbers, dates or orders to somebody.
RAW = {
    "nul": b"%00", "nul inside": b"a%00b", "surrogate": b"%ED%A0%80", "no utf-8": b"%FF%FE%80",
    "half": b"%C3",
    "overlong": b"%C0%AF", "newline": b"a%0D%0Ab", "percent": b"%", "percent z": b"%zz",
    "unicode digits": "٣".encode(),
    "number": b"9" * 400, "2**63": str(2**63).encode(), "-2**63-1": str(-(2**63) - 1).encode(),
    "2**31": b"2147483648",
    "1e999": b"1e999", "NaN": b"NaN", "-1": b"-1", "0": b"0", "date": b"9999-99-99T99:99:99Z",
    "year": b"0001-01-01",
    "year 10000": b"10000-01-01T00:00", "quote": b"'%22%60;--", "like": b"%25_%5C%25",
    "braces": b"%7B%7B7*7%7D%7D",
    "rtl": "\u202e".encode(), "zalgo": ("z" + "\u0301" * 1000).encode(), "zwj": "👩‍👩‍👧‍👦".encode(),
    "long": b"x" * 20_000,
    "inc": "INC-٣".encode(), "inc long": b"INC-" + b"9" * 300,
    "inc huge": b"INC-99999999999999999999", "uuid": b"0" * 36,
    "empty": b"", "blank": b"%20%09", "null": b"null", "list": b"%5B%5D",
    "path": b"../../etc/passwd", "bom": b"%EF%BB%BF",
    "kelvin": "\u212aIN".encode(), "dotless": "ıİß".encode(), "plane 16": "\U0010ffff".encode(),
    "fffe": "\ufffe".encode(),
}  # fmt: skip
QUERIES = (
    "/incidents/?filter=%s", "/incidents/?view=%s", "/incidents/?order=%s",
    "/incidents/?columns=%s",
    "/incidents/?after=%s", "/incidents/?add=%s", "/incidents/?field=title&op=contains&value=%s",
    "/incidents/?field=title&op=starts&value=%s", "/incidents/?field=priority&op=is&value=%s",
    "/incidents/?field=created_at&op=since&value=%s",
    "/incidents/?field=resume_on&op=until&value=%s",
    "/incidents/?field=assignee&op=is&value=%s", "/incidents/?field=%s&op=is&value=x",
    "/incidents/?field=title&op=%s&value=x", "/incidents/?%s=x",
    "/incidents/?filter=title.contains(%%22%s%%22)",
    "/incidents/?filter=number%%20%%3D%%3D%%20%%22%s%%22",
    "/incidents/?filter=priority%%20%%3C%%20%s",
    "/incidents/?filter=team%%20%%3D%%3D%%20%%22%s%%22",
    "/incidents/?filter=created_at%%20%%3E%%20timestamp(%%22%s%%22)",
    "/incidents/options/?list=o-x&x=%s", "/incidents/options/?list=%s",
    "/users/options/?list=o-a&a=%s",
    "/incidents/NUMBER/?show=%s", "/incidents/NUMBER/set/team/?q=%s",
    "/incidents/NUMBER/set/team/?seen=%s",
    "/incidents/%s/", "/incidents/%s/edit/", "/incidents/NUMBER/set/%s/",
    "/incidents/NUMBER/move/%s/", "/%s/", "/r/%s",
    "/files/%s/x/x", "/files/NUMBER/%s/x", "/portal/requests/%s/", "/portal/ask/%s/",
    "/portal/ask/?title=%s",
    "/welcome/%s", "/sign-in?next=%s", "/?%s", "/static/dist/%s",
    "/api/v1/incidents?filter=%s", "/api/v1/incidents?order=%s", "/api/v1/incidents?fields=%s",
    "/api/v1/incidents?size=%s", "/api/v1/incidents?after=%s", "/api/v1/incidents?count=%s",
    "/api/v1/incidents?%s=1",
    "/api/v1/incidents/%s", "/api/v1/incidents/%s/events",
    "/api/v1/incidents/NUMBER/events?after=%s",
    "/api/v1/incidents/NUMBER/files/%s", "/api/v1/incidents/NUMBER/notes?after=%s", "/api/v1/%s",
    "/api/v1/incidents?filter=title.contains(%%22%s%%22)",
    "/api/v1/incidents?filter=body%%20%%3D%%3D%%20%%22%s%%22",
)  # fmt: skip
FORMS = {
    "/sign-in": ("username", "password", "next"),
    "/incidents/new/": ("title", "body", "impact", "urgency", "service", "team", "assignee", "requester", "category"),
    "/incidents/NUMBER/edit/": ("title", "body", "impact", "seen", "reason", "team", "keep-title"),
    "/incidents/NUMBER/set/title/": ("value", "seen", "reason", "keep"),
    "/incidents/NUMBER/set/impact/": ("value", "seen", "reason"),
    "/incidents/NUMBER/set/team/": ("value", "seen"),
    "/incidents/NUMBER/set/assignee/": ("value", "seen"),
    "/incidents/NUMBER/move/hold/": ("waiting_for", "resume_on", "message", "reason"),
    "/incidents/NUMBER/move/resolve/": ("close_code", "resolution", "message"),
    "/incidents/NUMBER/talk/": ("text", "audience"),
    "/incidents/NUMBER/link/": ("kind", "record", "away"),
    "/incidents/bulk/": ("step", "sel", "apply", "which"),
    "/incidents/bulk/?filter=x": ("step", "sel"),
    "/items/new/": ("title", "service", "environment", "serial", "owner"),
    "/users/new/": ("title", "username", "email", "phone", "language", "time_zone", "site", "is_vip"),
    "/teams/TEAM-1/members/": ("person", "lead", "away"),
    "/users/USER-1/roles/": ("role", "team", "organisation"),
    "/users/USER-1/skills/": ("skill", "level"),
    "/users/USER-1/password/": ("password",),
    "/portal/ask/broken/": ("title", "body", "impact", "service"),
    "/welcome/SECRET": ("name", "username", "password"),
}  # fmt: skip
NASTY: tuple[Any, ...] = (
    None, True, 0, -1, 2**31, 2**63 - 1, -(2**63), 1.5, 1e308, "", " ", "\x00", "a\x00b", "\u202e",
    "x" * 300_000, [], {},
    [[]], ["x"], {"number": "INC-1"}, {"number": None}, {"id": {}}, "INC-٣", "9999-99-99",
    "0001-01-01T00:00:00Z",
    "2026-01-01T00:00:00+99:99", "NaN", "é" * 300, "\ufffe\uffff", "👩‍👩‍👧", "0" * 36,
)  # fmt: skip
BODIES: dict[str, bytes] = {
    "empty": b"", "nothing": b" ", "deep lists": b"[" * 100_000, "deep objects": b'{"a":' * 100_000,
    "deep value": b'{"title":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "nan": b'{"title":NaN}',
    "infinity": b'{"title":-Infinity}', "1e999": b'{"impact":1e999}',
    "huge": b'{"impact":' + b"9" * 400 + b"}",
    "huge digits": b'{"impact":' + b"9" * 100_000 + b"}",
    "2**64": b'{"impact":18446744073709551616}',
    "surrogate": b'{"title":"\\ud800"}', "pair the wrong way": b'{"title":"\\udc00\\ud800"}',
    "nul": b'{"title":"\\u0000"}',
    "no utf-8": b'{"title":"\xff\xfe"}', "surrogate bytes": b'{"title":"\xed\xa0\x80"}',
    "bom": b'\xef\xbb\xbf{"title":"x"}',
    "utf-16": '{"title":"x"}'.encode("utf-16"),
    "twice": b'{"title":"a","title":"b","impact":1,"impact":{}}',
    "half": b'{"title":"x', "comment": b'{"title":"x"} // y', "two": b'{"title":"x"}{"title":"y"}',
    "list": b"[]",
    "text": b'"x"', "number": b"1", "null": b"null",
    "many": orjson.dumps({f"f{n}": n for n in range(50_000)}),
    "long name": orjson.dumps({"x" * 1_000_000: 1}), "nul name": b'{"\\u0000":1}',
    "surrogate name": b'{"\\ud800":1}',
    "form": b"title=x", "large": b'{"title":"' + b"x" * 10_000_000 + b'"}',
    "just too large": b" " * 2_700_000 + b"{}",
}  # fmt: skip
KINDS = (
    JSON, "application/json; charset=utf-16", "application/json; charset=nonsense",
    "application/json;;;", "text/plain", "",
    "application/x-www-form-urlencoded", "multipart/form-data", "multipart/form-data; boundary=",
    "application/xml",
    "multipart/form-data; boundary=" + "x" * 5000, "application/json\x00", "\xff\xfe",
    "a/b; " + "c=d;" * 5000,
    "multipart/form-data; boundary=\xff", "application/x-www-form-urlencoded; charset=utf-7",
    "application/x-www-form-urlencoded; charset=nonsense",
)  # fmt: skip
VALUES: tuple[str | bytes, ...] = (
    "", " ", "x", "\x00", b"\xff\xfe\xed\xa0\x80", "é", "x" * 1_000_000, "9" * 400,
    '"' + "9" * 400 + '"', "*", '""', '"1",' * 5000,
    'W/"1"', "-1", "Bearer", "Bearer ", "Bearer x", "Bearer mst_" + "x" * 100_000,
    "Bearer mst_\x00", b"Bearer mst_\xff", "Basic x",
    "mst_" + "x" * 43, "٣", "0", str(2**63), "a=b; c=d", "=;=;,", "'\"<script>",
    "http://[::1", "div#main",
)  # fmt: skip
# What a page says of itself where it asks for a part: addresses that are none, and more than any is long.
PLACES: tuple[str | bytes, ...] = (
    "http://[::1", "http://[", "//[x]y/", "http://[::1]:x/", "http://testserver:99999999/incidents/",
    "http://testserver/incidents/?peek=%FF%00&view=\x00&filter=(((", "\u2100://\u2100/", "//",
    b"http://\xff\xfe/", "http://testserver/incidents/?" + "&a=b" * 2000, "javascript:alert(1)",
)  # fmt: skip
# Content-Length is the server's: see test_server.py.
HEADERS = (
    "Authorization", "If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since",
    "Idempotency-Key", "Cookie",
    "Content-Type", "Content-Encoding", "Transfer-Encoding", "Accept", "Accept-Language",
    "Accept-Encoding",
    "Range", "Host", "Origin", "Referer", "HX-Request", "HX-Target", "HX-Current-URL",
    "X-CSRFToken", "X-Forwarded-For",
    "X-Forwarded-Proto", "X-Forwarded-Host", "User-Agent", "Expect", "Upgrade",
)  # fmt: skip
FILTERS = (
    "(" * 2000 + "true" + ")" * 2000, "!" * 3900 + "is_open", "[" * 2000,
    "is_open && " * 400 + "is_open", "title == " + '"x" + ' * 700 + '"y"',
    "priority < " + "9" * 3000, "priority < 1e999", "priority == 0x" + "f" * 100,
    "priority < -9223372036854775809", "priority / 0 == 1",
    "title.matches('(a+)+$')", "title.contains('" + "\\u0000" * 100 + "')",
    "title.contains('\\ud800')", "title == '\\x00'", "number in [" + "1," * 1500 + "1]",
    "number in ['INC-1'" + ",'INC-1'" * 480 + "]", "created_at > timestamp('9999-99-99T00:00:00Z')",
    "created_at > now - duration('1e99h')",
    "created_at > now - duration('" + "9" * 300 + "s')",
    "created_at > now + duration('-9223372036s')", "created_at > timestamp(99999999999999999)",
    "[1,2,3].map(x, x * 2) == []", "{'a': 1}.a == 1", "has(title.x)", "title.size() > 9",
    "type(title) == string", "dyn(title) == 1",
    "title == title.title", "me.id == 1", "my_teams == my_teams", "now", "true", "null", "1", "'x'",
    "title", "team == me", "assignee in my_teams",
    "title == b'x'", "title == r'\\'", "priority == 1u", "priority == 1.5",
    "priority in [1.5, 'x', null]", "x" * 3999, "٣ == priority", "priority == ٣",
    "title.contains('%')", "title.contains('" + "\\\\" * 500 + "')", "title.startsWith('')",
    "title.endsWith('\U0010ffff')", "; drop table records_record",
    "title == '''" + "x" * 100 + "'''", "// comment\nis_open", "is_open\n\n&&\r\ntrue",
    "resume_on == '2026-02-30'", "resume_on < now", "reopen_count > " + "1" * 30,
)  # fmt: skip


def cursors() -> list[str]:
    def made(*value: Any) -> str:
        return base64.urlsafe_b64encode(orjson.dumps(list(value))).decode().rstrip("=")

    return [
        made("created_at", "2026-01-01T00:00:00", 2**63 - 1), made("created_at", "x", 1),
        made("created_at", None, 1),
        made("created_at", 1, 1), made("created_at", "9999-12-31T23:59:59+14:00", 1),
        made("created_at", "0001-01-01", 1),
        made("created_at", "2026-01-01T00:00:00", True),
        made("created_at", "2026-01-01T00:00:00", -1),
        made("created_at", "2026-01-01T00:00:00", 1.5), made("created_at", "2026-01-01\u0000", 1),
        made("created_at", ["x"], {}),
        made("priority", 2**63 - 1, 1), made("priority", "x", 1), made("priority", None, 2**63 - 1),
        made("title", "x", 1), made(),
        base64.urlsafe_b64encode(b'["created_at","x",' + b"9" * 400 + b"]").decode(),
        base64.urlsafe_b64encode(b"[" * 9000).decode(),
        base64.urlsafe_b64encode(b"\xff\xfe").decode(), "=", "====", "é", "x" * 100_000, "a" * 5,
        "null", "-" * 40,
    ]  # fmt: skip
