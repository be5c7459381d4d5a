"""Markup travels compressed where the browser takes it, and what is asked again is still known."""

from __future__ import annotations

import gzip

from mainstay.config.compressed import PART as PART_LEVEL
from mainstay.config.compressed import WHOLE, compressed
from tests.surfaces.web.conftest import Browse
from tests.world import World

PACKED = {"Accept-Encoding": "gzip, deflate, br"}
PART = {"HX-Request": "true", "HX-Target": "div#queue"}


def test_a_page_is_compressed_for_whoever_takes_it(browse: Browse) -> None:
    agent = browse("adm")
    plain, packed = agent.get("/incidents/"), agent.get("/incidents/", headers=PACKED)
    assert "Content-Encoding" not in plain
    assert packed["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed["Vary"]
    assert b'id="queue"' in gzip.decompress(packed.content)
    assert len(packed.content) < len(plain.content) / 3


def test_a_whole_page_is_packed_closer_than_a_part() -> None:
    text = b"".join(b"<tr id=INC-%d><td>%d</td></tr>" % (n, n * n) for n in range(4000))
    sizes = [len(compressed(text, level)) for level in (PART_LEVEL, WHOLE) for _ in range(3)]
    assert min(sizes[:3]) - max(sizes[3:]) > 100
    assert gzip.decompress(compressed(text, WHOLE)) == text


def test_its_length_is_partly_chance(browse: Browse) -> None:
    agent = browse("adm")
    answers = [agent.get("/incidents/", headers=PACKED | PART) for _ in range(12)]
    assert len({len(answer.content) for answer in answers}) > 1


def test_a_part_that_did_not_change_is_known_by_the_tag_it_came_with(browse: Browse) -> None:
    agent = browse("adm")
    first = agent.get("/incidents/", headers=PACKED | PART)
    assert first["ETag"].startswith("W/")
    again = agent.get("/incidents/", headers=PACKED | PART | {"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_programs_get_it_as_it_is(browse: Browse, world: World) -> None:
    answer = browse("adm").get("/api/v1/incidents", headers=PACKED)
    assert answer.status_code == 200
    assert "Content-Encoding" not in answer
