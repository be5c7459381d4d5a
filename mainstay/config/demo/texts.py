"""Reads the demonstration's texts, which lie beside the code as TOML."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

UNITS = {"d": "days", "h": "hours", "m": "minutes"}


@dataclass(frozen=True)
class Story:
    """Something that goes wrong now and then, in wordings that fit each other, and what is done.

    `fixes` are (close code, resolution, reply); `stuck` is what it waits for, and the reply that
    says so, and `sticks` how many of ten get there. `callers` are the departments that report it,
    else those that use the service; only people of a customer report what `customer` marks. What
    names a `wave` of the quarter happens there alone.
    """

    service: str
    filed: tuple[str, str]
    level: tuple[int, int]
    titles: list[str]
    bodies: list[str]
    notes: list[str]
    fixes: list[list[str]]
    item: str = ""
    ask: str = ""
    answers: tuple[str, ...] = ()
    stuck: tuple[str, str] | None = None
    customer: bool = False
    callers: tuple[str, ...] = ()
    wave: str = ""
    sticks: float = 3.5


def read(name: str) -> dict[str, Any]:
    """One file of this folder."""
    return tomllib.loads(files(__package__).joinpath(name).read_text("utf-8"))


@cache
def stories() -> tuple[Story, ...]:
    """All that can go wrong, in the order of the files' names."""
    folder = files(__package__).joinpath("stories")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".toml"))
    told = [story for name in names for story in read(f"stories/{name}")["story"]]
    return tuple(Story(**kind, **story) for story in told for kind in story.pop("kinds"))


def span(text: str) -> timedelta:
    """`2d 3h 10m` as a span of time."""
    parts = re.findall(r"(\d+)([dhm])", text)
    return timedelta(**{UNITS[unit]: int(count) for count, unit in parts})


def moment(told: Mapping[str, Any], now: datetime, begin: datetime) -> datetime:
    """When a step is: `ago` counts back from the moment of seeding, `after` on from a beginning."""
    return begin + span(told["after"]) if "after" in told else now - span(told["ago"])


def fill(text: str, slots: Mapping[str, Any]) -> str:
    return text.format_map(slots)
