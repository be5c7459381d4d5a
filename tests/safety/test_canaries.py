"""No secret is on any page its reader may not see: each page of each person is fetched and searched."""

from __future__ import annotations

import re
from collections import deque
from html import unescape
from urllib.parse import urldefrag, urljoin

import pytest

from mainstay.pure.rules import SYSTEM
from mainstay.records import queries
from mainstay.records.types import shelf
from tests.safety.ground import ALL_OF_THEM, Ground
from tests.safety.wire import Answer, Wire, program

pytestmark = pytest.mark.django_db
ADDRESS = re.compile(r'(?:href|src|action|hx-get)="([^"]+)"')
# Addresses of a list that only sort it, widen it or lay it out anew; one that is both narrowed and in groups has
# nothing that is not on two others, and what a list leads to is the same for each of its groups.
AGAIN = re.compile(
    r"[?&](?:order|add|columns|seen|density)="
    r"|[?&]filter=.*&group=|[?&]group=.*&filter="
    r"|/(?:export\.csv|view/new/|bulk/)\?.*group="
)
# What stands for a password or a key anywhere in an answer.
SECRETS = ("md5$", "argon2", "mst_", "SECRET_KEY")


def numbers() -> list[str]:
    return [
        row["number"]
        for rtype in shelf
        for row in queries.page(rtype, SYSTEM, names=(), size=200).items
    ]


def crawled(wire: Wire) -> dict[str, Answer]:
    """Every page that a link, a form or a fragment of another page leads to, starting from the two fronts."""
    todo, seen = deque(["/", "/portal/", *(f"/r/{number}" for number in numbers())]), {}
    for rtype in shelf:
        todo += [
            f"/{rtype.plural}/?view=all",
            f"/{rtype.plural}/options/?list=o-x&x=CNRY",
            f"/{rtype.plural}/?view=all&filter=title.contains(%22CNRY%22)",
        ]
    while todo:
        address = todo.popleft()
        if address in seen or address.startswith(("/static/", "/sign-out")):
            continue
        answer = seen[address] = wire.get(address)
        if answer["Location"]:
            todo.append(answer["Location"])
        if "html" in answer["Content-Type"]:
            for found in ADDRESS.findall(answer.text):
                there = urldefrag(urljoin(address, unescape(found)))[0]
                if there.startswith("/") and not AGAIN.search(there):
                    todo.append(there)
    return seen


def leaks(answer: Answer, forbidden: set[str]) -> set[str]:
    told = answer.text + "".join(f"{n}: {v}\n" for n, v in answer.headers)
    return {text for text in (*forbidden, *SECRETS) if text in told}


@pytest.mark.attack("I1", "B09")
@pytest.mark.parametrize("name", ALL_OF_THEM)
def test_no_page_shows_what_is_not_its_readers(ground: Ground, name: str) -> None:
    pages = crawled(ground.browser(name))
    forbidden = ground.forbidden(name)
    found = {
        text: address for address, answer in pages.items() for text in leaks(answer, forbidden)
    }
    assert found == {}, "\n".join(f"{text} on {address}" for text, address in sorted(found.items()))
    assert not [a for a, answer in pages.items() if answer.status >= 500]


@pytest.mark.attack("I1")
def test_the_crawl_finds_what_may_be_seen(ground: Ground) -> None:
    """Else the test above would prove nothing: whoever may read a secret does find it on some page."""
    for name in ("ra1", "agh", "agb"):
        told = "".join(answer.text for answer in crawled(ground.browser(name)).values())
        mine = {text for text, readers in ground.canaries.items() if name in readers}
        # Categories and codes are on no page of the portal.
        missed = {text for text in mine if text not in told}
        assert len(missed) <= len(mine) // 3, sorted(missed)


def fetched(wire: Wire) -> dict[str, Answer]:
    """Every GET of the published schema, for every record there is, with everything it can be asked."""
    paths = wire.get("/api/v1/openapi.json").json["paths"]
    found = {}
    for path, methods in paths.items():
        if "get" not in methods:
            continue
        kind = path.split("/")[1] if "{key}" in path else ""
        keys = [n for n in numbers() if n.startswith(f"{_prefix(kind)}-")] if kind else [""]
        for key in keys:
            address = "/api/v1" + path.replace("{key}", key)
            if "{part}" in address:
                continue
            found[address] = wire.get(address)
        if not kind and "filter" in str(methods["get"].get("parameters")):
            asked = "?size=200&count=true&filter=title.contains(%22CNRY%22)"
            found[address + asked] = wire.get(address + asked)
    return found


def _prefix(plural: str) -> str:
    rtype = shelf.by_plural(plural)
    return rtype.prefix if rtype else ""


@pytest.mark.attack("I1")
@pytest.mark.parametrize("name", ALL_OF_THEM)
def test_no_answer_of_the_api_tells_what_is_not_its_readers(ground: Ground, name: str) -> None:
    person = ground.world.people[name]
    forbidden = ground.forbidden(name)
    for wire in (program(person.id, "read"), ground.browser(name)):
        answers = fetched(wire)
        found = {t: a for a, answer in answers.items() for t in leaks(answer, forbidden)}
        assert found == {}, "\n".join(f"{text} on {a}" for text, a in sorted(found.items()))
        assert not [a for a, answer in answers.items() if answer.status >= 500]


@pytest.mark.attack("I1")
def test_the_schema_and_the_files_lead_to_every_secret_of_their_reader(ground: Ground) -> None:
    told = "".join(a.text for a in fetched(program(ground.world.people["agh"].id, "read")).values())
    mine = {text for text, readers in ground.canaries.items() if "agh" in readers}
    assert {text for text in mine if text not in told and "-content-" not in text} == set()
