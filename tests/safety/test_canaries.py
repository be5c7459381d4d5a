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
from tests.safety.ground import PERSONAS, Ground
from tests.safety.wire import Answer, Wire

pytestmark = pytest.mark.django_db
ADDRESS = re.compile(r'(?:href|src|action|hx-get)="([^"]+)"')
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
                if there.startswith("/") and there.count("&") < 2:
                    todo.append(there)
    return seen


def leaks(answer: Answer, forbidden: set[str]) -> set[str]:
    told = answer.text + "".join(f"{n}: {v}\n" for n, v in answer.headers)
    return {text for text in (*forbidden, *SECRETS) if text in told}


@pytest.mark.parametrize("name", PERSONAS)
def test_no_page_shows_what_is_not_its_readers(ground: Ground, name: str) -> None:
    pages = crawled(ground.browser(name))
    forbidden = ground.forbidden(name)
    found = {text: address for address, answer in pages.items() for text in leaks(answer, forbidden)}
    assert found == {}, "\n".join(f"{text} on {address}" for text, address in sorted(found.items()))
    assert not [a for a, answer in pages.items() if answer.status >= 500]


def test_the_crawl_finds_what_may_be_seen(ground: Ground) -> None:
    """Else the test above would prove nothing: whoever may read a secret does find it on some page."""
    for name in ("ra1", "agh", "agb"):
        told = "".join(answer.text for answer in crawled(ground.browser(name)).values())
        mine = {text for text, readers in ground.canaries.items() if name in readers}
        # Categories and codes are on no page of the portal.
        missed = {text for text in mine if text not in told}
        assert len(missed) <= len(mine) // 3, sorted(missed)
