"""One event is one line, whatever it says, and what it says is there to be read."""

from __future__ import annotations

import json
import logging
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.config import logs

FORGED = (
    "/\nINFO mainstay: login ok admin",
    "\r\n\r\n{\"level\": \"INFO\"}",
    "\x1b[2J\x1b]0;mine\x07",
    "a\u2028b\u2029c\x85d\x0b\x0c",
    "\u202egpj.exe",
    "\x7f\x00\udcff",
    '","level":"DEBUG","x":"',
)  # fmt: skip


def record(text: str, *, failed: bool = False) -> logging.LogRecord:
    error = None
    if failed:
        try:
            raise ValueError(text)
        except ValueError:
            error = sys.exc_info()
    return logging.LogRecord("mainstay.test", logging.WARNING, "", 1, "said: %s", (text,), error)


@pytest.mark.attack("U02")
@given(st.one_of(st.sampled_from(FORGED), st.text(alphabet=st.characters(codec=None))))
def test_in_json_an_event_is_one_line_of_plain_signs(text: str) -> None:
    for failed in (False, True):
        line = logs.AsJson().format(record(text, failed=failed))
        assert line.isascii() and line.isprintable()
        told = json.loads(line)
        assert told["message"] == f"said: {text}" and told["level"] == "WARNING"
        assert ("trace" in told) is failed
        assert {"time", "logger", "process"} < set(told)


@pytest.mark.attack("U02")
@given(st.one_of(st.sampled_from(FORGED), st.text(alphabet=st.characters(codec=None))))
def test_at_a_terminal_only_its_own_lines_begin_at_the_margin(text: str) -> None:
    for failed in (False, True):
        first, *rest = logs.AsText().format(record(text, failed=failed)).split("\n")
        assert " WARNING mainstay.test: said: " in first
        assert all(line.isprintable() for line in (first, *rest))
        assert all(line.startswith(logs.INDENT) for line in rest) and bool(rest) is failed
    plain = logs.AsText().format(record("Grüße, 你好"))
    assert plain.endswith("said: Grüße, 你好")


def test_who_reads_decides_what_it_looks_like(monkeypatch: pytest.MonkeyPatch) -> None:
    for is_terminal, form in ((True, logs.AsText), (False, logs.AsJson)):
        monkeypatch.setattr(sys.stderr, "isatty", lambda is_terminal=is_terminal: is_terminal)
        assert logs.form("auto") is form
        assert (logs.form("json"), logs.form("text")) == (logs.AsJson, logs.AsText)
