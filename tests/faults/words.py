"""F19: every text field of the published schema is given what breaks programs: given back as it was, or refused."""

from __future__ import annotations

import unicodedata
from collections import Counter
from typing import Any
from urllib.parse import quote

from tests.faults.clients import Program, ask, in_words
from tests.faults.ground import Ground, all_is_heard

TEXTS = {
    "10,000 characters": "x" * 10_000,
    "family emoji": "👩‍👩‍👧‍👦 at home",
    "right to left": "\u202eabc\u202c שלום",
    "isolates": "\u2067abc\u2069",
    "1,000 combining marks": "Z" + "\u0301" * 1000,
    "zalgo": "Z̷̨͝a̵͎̓l̶̰͠g̸̜̈́o̷",
    "NUL": "a\x00b",
    "control": "a\x07b",
    "escape": "a\x1b[31mb",
    "markup": "<b onclick=x>&amp;\"'</b><script>alert(1)</script>",
    "template": "{{ 7*7 }}{% raw %}${x}",
    "line ends": "a\r\nb\nc\rd",
    "formula": "=1+1",
    "null": "null",
    "None": "None",
    "one letter": "Ñ",
    "decomposed": "N\u0303o",
    "wide": "ＡＢＣ",
    "spaces": "a  b\u00a0c\u3000d",
    "spaces around": "  around  ",
    "no character": "a\ufffeb",
    "last of all planes": "\U0010ffff",
    "quote and percent": "'; drop table x; -- % %s %(x)s _ \\",
    "digits of others": "٣٤٥",
    "bom": "\ufeffbegin",
    "line separator": "a\u2028b\u2029c",
}
BYTES = {
    "lone surrogate": b'{"%s":"\\ud800"}',
    "pair the wrong way": b'{"%s":"\\udc00\\ud800"}',
    "no UTF-8": b'{"%s":"\xff\xfe"}',
    "encoded surrogate": b'{"%s":"\xed\xa0\x80"}',
}
NO_TEXTS = {"parent", "reason"}
FINE = {200, 201, 400, 409, 412, 422}


def f19(here: Ground) -> None:
    here.prepare()
    site, ledger = here.serve(), here.ledger()
    program = Program(site, here.world["administrator"])
    schema = ask(site, "GET", "/api/v1/openapi.json").json
    statuses: Counter[int] = Counter()
    changed: list[str] = []
    fields = kept = tidied = 0
    numbers: list[str] = []
    for path, number, names in things(program, schema):
        numbers.append(f"{path}/{number}")
        for name in names:
            fields += 1
            for what, text in TEXTS.items():
                answer = program.call("PATCH", f"{path}/{number}", {name: text})
                statuses[answer.status] += 1
                if answer.status != 200:
                    continue
                back = program.call("GET", f"{path}/{number}").json[name]
                kept += back == text
                tidied += back != text and back == tidy(name, text)
                if back not in (text, tidy(name, text)):
                    changed.append(f"{path[1:]}.{name}: {what}")
            for pattern in BYTES.values():
                body = pattern.replace(b"%s", name.encode())
                statuses[program.call("PATCH", f"{path}/{number}", body).status] += 1
    said(here, program, statuses, changed)
    all_is_heard(ledger)
    seen = everywhere(here, program, numbers)
    here.report.did(
        f"{fields} text fields of {len(numbers)} types, {len(TEXTS) + len(BYTES)} texts each, over REST"
    )
    strange = {status: n for status, n in statuses.items() if status not in FINE}
    here.report.hold(f"answers {in_words(statuses)}", not strange)
    here.report.hold(
        f"{kept} kept and given back identical, {tidied} tidied as documented"
        " (spaces around a line, ends of lines, logins)",
        kept > 10 * tidied,
    )
    here.report.hold(
        f"{len(changed)} given back changed" + (f": {', '.join(changed[:4])}" if changed else ""),
        not changed,
    )
    here.report.hold(
        f"pages, lists and search of them: {in_words(seen)}", set(seen) <= {200, 303, 400, 403, 422}
    )


def tidy(name: str, text: str) -> str:
    """What docs/guides/api.md says becomes of a text: no spaces around a line, one kind of line end, logins folded."""
    if name == "username":
        return unicodedata.normalize("NFKC", text).casefold().strip()
    return text.strip() if len(text.splitlines()) < 2 else text.replace("\r\n", "\n")


def things(program: Program, schema: dict[str, Any]) -> list[tuple[str, str, list[str]]]:
    """A record of every type one can make with a title and little else, with the names of its free texts."""
    found = []
    for path, operations in schema["paths"].items():
        if (
            "post" not in operations
            or path.count("/") != 1
            or f"{path}/{{key}}" not in schema["paths"]
        ):
            continue
        body = operations["post"]["requestBody"]["content"]["application/json"]["schema"]
        body = (
            schema["components"]["schemas"][body["$ref"].rpartition("/")[2]]
            if "$ref" in body
            else body
        )
        given = dict.fromkeys(body.get("required", ()), "x") | {"title": f"{path[1:]} of words"}
        if "parent" in given:
            given["parent"] = program.call("POST", "/incidents", {"title": "parent"}).json["number"]
        made = program.call("POST", path, given)
        if made.status != 201:
            raise RuntimeError(f"{path} {given}: {made.status} {made.text}")
        names = [
            name
            for name, told in body["properties"].items()
            if "string" in told.get("type", ()) and not {"enum", "format"} & set(told)
            and name not in NO_TEXTS and told.get("maxLength") != 60
        ]  # fmt: skip
        found.append((path, made.json["number"], names))
    return found


def said(here: Ground, program: Program, statuses: Counter[int], changed: list[str]) -> None:
    """The same in a conversation, and as the name of a file."""
    number = program.call("POST", "/incidents", {"title": "said"}).json["number"]
    for what, text in TEXTS.items():
        answer = program.call(
            "POST", f"/incidents/{number}/notes", {"text": text, "visibility": "public"}
        )
        statuses[answer.status] += 1
        if answer.status == 201 and answer.json["text"] != text:
            changed.append(f"notes.text: {what}")
        if (
            len(text) < 200
            and "\x00" not in text
            and "\r" not in text
            and "\n" not in text
            and '"' not in text
        ):
            statuses[program.upload(number, text, b"content").status] += 1
    page = program.call("GET", f"/incidents/{number}/notes?size=100")
    statuses[page.status] += 1


def everywhere(here: Ground, program: Program, numbers: list[str]) -> Counter[int]:
    """What was kept is drawn: as a page, in lists, in the portal, in search."""

    session = {"Cookie": f"mainstay_session={here.world['session']}"}
    seen: Counter[int] = Counter()
    for where in numbers:
        plural = where.split("/")[1]
        seen[program.call("GET", where).status] += 1
        seen[program.call("GET", f"/{plural}?size=50").status] += 1
        for address in (f"{where}/", f"/{plural}/", f"{where}/edit/"):
            seen[ask(program.site, "GET", address, headers=session).status] += 1
    for text in TEXTS.values():
        if len(text) <= 1000:
            seen[program.call("GET", f"/search?q={quote(text.encode())}").status] += 1
            seen[
                ask(
                    program.site, "GET", f"/search/?q={quote(text.encode())}", headers=session
                ).status
            ] += 1
    seen[ask(program.site, "GET", "/portal/", headers=session).status] += 1
    return seen
