"""A list of tasks as people write it: one a line, with how long there is for it at the end."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _

MOST = 50
LONGEST_TITLE = 250
# "Order the laptop (+2d)", "Call them back (+4h)"
TIME = re.compile(r"\s*\(\+(\d{1,3})([hd])\)\s*$", re.ASCII)
# What was meant as one and is none.
UNREAD = re.compile(r"\(\+[^()]*\)$")
BULLET = re.compile(r"^\s*(?:(?:[-*•]|\d{1,2}[.)])(?:\s+|$))?")


@dataclass(frozen=True)
class Line:
    title: str
    due_in: timedelta | None = None


def read(text: str) -> list[Line]:
    """The tasks of a text; bullets and numbers before them are no part of them."""
    return [_line(line) for line in text.splitlines() if line.strip()]


def _line(text: str) -> Line:
    due = TIME.search(text)
    title = BULLET.sub("", TIME.sub("", text)).strip()
    if due is None:
        return Line(title)
    amount = int(due[1])
    return Line(title, timedelta(hours=amount) if due[2] == "h" else timedelta(days=amount))


def mistakes(text: str) -> Iterable[str]:
    """What is wrong with a text as a list of tasks, as sentences."""
    found = read(text)
    if not found:
        yield _("Write at least one task.")
    if len(found) > MOST:
        yield _("These are %(n)d tasks; %(most)d fit.") % {"n": len(found), "most": MOST}
    for number, line in enumerate(found, 1):
        if not line.title:
            yield _("Task %(n)d has no words.") % {"n": number}
        if unread := UNREAD.search(line.title):
            yield _("Task %(n)d ends in %(time)s, which is no time such as (+4h) or (+2d).") % {
                "n": number,
                "time": unread[0],
            }
        if len(line.title) > LONGEST_TITLE:
            yield _("Task %(n)d is longer than %(most)d characters.") % {
                "n": number,
                "most": LONGEST_TITLE,
            }
