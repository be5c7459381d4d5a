"""A list as a table for a spreadsheet is in the language its reader sees on the page."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from tests.surfaces.web.conftest import Browse
from tests.surfaces.web.test_languages import GERMAN, speaks
from tests.world import World

pytestmark = pytest.mark.django_db


def rows(answer: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))


def test_the_browsers_language_counts_and_ones_own_more(browse: Browse, world: World) -> None:
    world.incident()
    client, address = browse("agn"), "/incidents/export.csv?columns=number,priority,title,state"
    head, first = rows(client.get(address, **GERMAN))[:2]
    assert {"Nummer", "Priorität", "Titel", "Status"} <= set(head) and "Neu" in first
    head, first = rows(client.get(address))[:2]
    assert {"Number", "Priority", "Title", "State"} <= set(head) and "New" in first
    speaks(world, "agn", "en-gb")
    assert "Priority" in rows(client.get(address, **GERMAN))[0]
