"""A refusal reads as a sentence: before it stands the label of a field, and never a name that only programs use."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mainstay.records import bulk, commands
from mainstay.records.errors import Invalid, Misplaced, Stale
from mainstay.records.fields import of
from mainstay.records.types import shelf
from tests.surfaces.web.conftest import Browse
from tests.surfaces.web.test_languages import speaks
from tests.world import SETUP, World

incident = shelf.type("incident")
FRAGMENT = {"HX-Request": "true"}
AWAY = {"kind": "relates", "record": "INC-99999", "away": "1"}
ASKED = (
    ("talk/", {"text": "", "visibility": "internal"}, "Write something first.", "Bitte zuerst"),
    ("link/", AWAY, "There is no record INC-99999", "Einen Datensatz INC-99999"),
    ("watch/", {"person": "Nobody At All"}, "There is no such person.", "Diese Person gibt es nicht."),
)  # fmt: skip
NEEDED = [("en-gb", "Title: This is needed."), ("de", "Titel: Das wird gebraucht.")]


def toast(answer: Any) -> str:
    told: str = json.loads(answer["HX-Trigger"])["toast"]["text"]
    return told


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en-gb", "de"])
@pytest.mark.parametrize(("path", "form", "english", "german"), ASKED)
def test_a_toast_is_the_sentence(
    world: World,
    browse: Browse,
    language: str,
    path: str,
    form: dict[str, str],
    english: str,
    german: str,
) -> None:
    speaks(world, "agn", language)
    number = world.incident().number
    answer = browse("agn").post(f"/incidents/{number}/{path}", form, headers=FRAGMENT)
    assert answer.status_code == 422
    assert toast(answer).startswith(german if language == "de" else english)


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "told"), NEEDED)
def test_a_page_names_a_field_by_its_label(
    world: World, browse: Browse, language: str, told: str
) -> None:
    speaks(world, "agn", language)
    answer = browse("agn").post(f"/incidents/{world.incident().number}/tasks/", {"title": ""})
    assert answer.status_code == 422 and told in answer.content.decode()


@pytest.mark.django_db
def test_the_reasons_of_a_step_for_many_have_no_names(world: World) -> None:
    number = world.incident().number
    commands.change(incident, number, {"impact": 1, "urgency": 1}, SETUP)

    def lowered(key: str) -> Any:
        return commands.change(incident, key, {"impact": 3}, world.by("agn")).last_event

    def emptied(key: str) -> Any:
        return commands.change(incident, key, {"title": ""}, world.by("agn")).last_event

    (reason,) = bulk.preview([number], lowered).reasons
    assert reason.startswith("Lowering the priority needs a reason")
    assert bulk.run([number], emptied).failed == [(number, "Title: This is needed.")]


def test_places_of_a_file_and_fields_that_moved_on_are_named() -> None:
    assert str(Invalid({"line 3": ["It is cut off."]})) == "It is cut off."
    assert str(Misplaced({"line 3": ["It is cut off."]})) == "line 3: It is cut off."
    moved = Stale(4, {"assignee": (1, 2), "title": ("a", "b")}, of(incident))
    assert str(moved) == "Somebody else changed Assignee, Title meanwhile."
