"""What is ours to mend: a page with a number that stands in the log as well."""

from __future__ import annotations

import errno
import logging
import re
from typing import Any

import pytest
from django.db import OperationalError

from mainstay.records import queries
from mainstay.surfaces.web import record
from tests.world import World


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_given: Any, **_named: Any) -> None:
        raise RuntimeError("secret of the house")

    monkeypatch.setattr(queries, "one", fails)


@pytest.mark.usefixtures("broken")
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["page", "fragment"])
def test_the_number_on_the_page_is_the_one_in_the_log(
    browse: Any, caplog: pytest.LogCaptureFixture, headers: dict[str, str]
) -> None:
    client = browse("agn")
    client.raise_request_exception = False
    with caplog.at_level(logging.ERROR):
        answer = client.get("/incidents/INC-1/", headers=headers)
    assert answer.status_code == 500
    told = answer.headers["HX-Trigger"] if headers else answer.content.decode()
    [entry] = caplog.records
    [number] = re.findall(r"\b[0-9a-f]{16}\b", told)
    assert number in entry.getMessage() and entry.exc_info
    assert "secret of the house" not in told


KEPT = "What you sent was kept, at least in part: look before you send it again."
FAULTS = {
    "ours": (RuntimeError("ours"), 500),
    "of the database": (OperationalError("the connection is gone"), 503),
    "of the disk": (OSError(errno.ENOSPC, "no room"), 507),
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_was_kept_before_it_failed_is_not_denied(
    world: World, browse: Any, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Whoever is told that nothing was changed does it a second time."""
    fault, status = FAULTS[name]

    def fails(*_given: Any, **_named: Any) -> None:
        raise fault

    number, client = world.incident().number, browse("agn")
    client.raise_request_exception = False
    path, said = f"/incidents/{number}/talk/", {"text": "Said once", "audience": "internal"}
    monkeypatch.setattr(record, "draw", fails)
    told = client.post(path, said, headers={"HX-Request": "true"})
    assert told.status_code == status
    assert KEPT in told.headers["HX-Trigger"]
    assert "Nothing was" not in told.headers["HX-Trigger"]


@pytest.mark.parametrize("name", FAULTS)
def test_where_nothing_was_kept_it_says_so(
    world: World, browse: Any, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    fault, status = FAULTS[name]

    def fails(*_given: Any, **_named: Any) -> None:
        raise fault

    number, client = world.incident().number, browse("agn")
    client.raise_request_exception = False
    monkeypatch.setattr(queries, "one", fails)
    answer = client.post(f"/incidents/{number}/set/title/", {"value": "Anew"})
    assert answer.status_code == status
    assert re.search("Nothing was (changed|kept)", answer.content.decode())
    assert KEPT not in answer.content.decode()


@pytest.mark.django_db
def test_what_is_too_large_leads_back_to_the_form_it_was_sent_from(
    browse: Any, world: World
) -> None:
    number = world.incident().number
    for login, sent_to, page in (
        ("ra1", f"/portal/requests/{number}/answer/", f"/portal/requests/{number}/"),
        ("ra1", "/portal/ask/broken/", "/portal/ask/broken/"),
        ("agn", f"/incidents/{number}/talk/", f"/incidents/{number}/"),
        ("agn", "/incidents/new/", "/incidents/new/"),
    ):
        answer = browse(login).post(sent_to, {"text": "So"}, CONTENT_LENGTH=str(10**9))
        assert answer.status_code == 413
        assert f'<a class="btn pri" href="{page}">Open that page</a>' in answer.content.decode()
