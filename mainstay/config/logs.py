"""What the log looks like: one event a line, whatever somebody has put into an address, a name or a title.

For programs each line is JSON; for a person at a terminal it is text, with the trace of a failure below its line.
"""

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Any

# How many spaces tell a line that goes on with an event from one that begins another.
INDENT = " " * 4


class Refusals(logging.Filter):
    """Lets everything through; refused requests without their trace, which helps nobody and anybody can ask for."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.startswith("django.security"):
            record.exc_info = record.exc_text = None
        return True


class AsJson(logging.Formatter):
    """In ASCII alone: separators of lines, colours of terminals and signs that turn writing round are escaped."""

    def format(self, record: logging.LogRecord) -> str:
        told = {
            "time": moment(record).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "process": record.process,
            "message": record.getMessage(),
        }
        if trace := trace_of(self, record):
            told["trace"] = trace
        # DEL is ASCII and moves cursors.
        return json.dumps(told).replace("\x7f", "\\u007f")


class AsText(logging.Formatter):
    """What is no letter or sign is written as Python writes it."""

    def format(self, record: logging.LogRecord) -> str:
        head = f"{moment(record):%Y-%m-%d %H:%M:%S} {record.levelname} {record.name}"
        lines = [f"{head}: {visible(record.getMessage())}"]
        lines += [INDENT + visible(line) for line in trace_of(self, record).split("\n") if line]
        return "\n".join(lines)


def moment(record: logging.LogRecord) -> datetime:
    return datetime.fromtimestamp(record.created, UTC)


def trace_of(formatter: logging.Formatter, record: logging.LogRecord) -> str:
    if record.exc_info and not record.exc_text:
        record.exc_text = formatter.formatException(record.exc_info)
    return record.exc_text or ""


def visible(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


FORMS = {"json": AsJson, "text": AsText}
CHOICES = ("auto", *FORMS)


def form(choice: str) -> type[logging.Formatter]:
    """`auto` is text where a person reads along, and JSON where a program does."""
    is_read_along = sys.stderr is not None and sys.stderr.isatty()
    return FORMS.get(choice) or (AsText if is_read_along else AsJson)


# The server's own words go the way of ours; it would print them as they are.
OF_THE_SERVER: dict[str, Any] = {
    "incremental": True,
    "handlers": {},
    "loggers": {"_granian": {"propagate": True}},
}
