"""What is longer than it may be is refused in words, with all of it still there; no form cuts it off."""

from __future__ import annotations

import pytest

from tests.surfaces.web.conftest import Browse
from tests.surfaces.web.conftest import browse as browse
from tests.world import World

pytestmark = pytest.mark.django_db
LONG = "long " * 60


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["page", "fragment"])
@pytest.mark.parametrize(
    ("path", "more"),
    [
        ("tasks/", {}),
        ("notices/", {"text": "We know."}),
        ("edit/", {"impact": "2", "urgency": "2"}),
    ],
)
def test_a_title_is_refused_and_not_cut(
    browse: Browse, world: World, path: str, more: dict[str, str], headers: dict[str, str]
) -> None:
    number = world.incident().number
    answer = browse("agn").post(
        f"/incidents/{number}/{path}", {"title": LONG, **more}, headers=headers
    )
    said = answer.content.decode() + answer.headers.get("HX-Trigger", "")
    assert answer.status_code == 422, said[:300]
    assert "299 characters long; 250 fit" in said
    if path != "tasks/" or not headers:
        assert LONG.strip() in said


def test_neither_is_what_a_view_is_called_nor_what_the_portal_is_told(
    browse: Browse, world: World
) -> None:
    view = browse("agn").post("/incidents/view/new/", {"title": LONG, "scope": "personal"})
    assert view.status_code == 422 and LONG.strip() in view.content.decode()
    asked = browse("ra1").get("/portal/ask/", {"title": LONG}, follow=True)
    assert LONG.strip() in asked.content.decode()
    assert 'maxlength="250"' not in browse("ra1").get("/portal/").content.decode()
