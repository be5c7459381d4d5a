"""What is ours to mend: a page with a number that stands in the log as well."""

from __future__ import annotations

import logging
import re
from typing import Any

import pytest

from mainstay.records import queries


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
