"""The published schema asked in every way it allows and in ways it forbids, as an agent and as an administrator.

Each operation gets what stands at the edges of its schema, what is wrong about it in one place, and what chance finds;
what is answered must be what the schema says. Whatever is written is undone, so that every request meets the same
ground. Types differ by their declaration alone, so a usual run asks a few of them; `make attack` asks all, and longer.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
import schemathesis
from django.db import transaction
from hypothesis import HealthCheck, settings
from schemathesis.config import SchemathesisConfig
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation.hypothesis.builder import (
    HypothesisTestConfig,
    HypothesisTestMode,
    create_test,
)

from mainstay.config.wsgi import application
from mainstay.pure.rules import SYSTEM, Actor
from mainstay.records import commands, fields, queries
from mainstay.records.types import RecordType, shelf
from mainstay.surfaces.api import openapi
from tests.safety.ground import Ground
from tests.safety.wire import program
from tests.world import SETUP, least

# The schema is the same on both databases, and what they do with odd values has tests of its own; the long run asks both.
LONG = int(os.environ.get("MAINSTAY_ATTACK") or 0)
pytestmark = [pytest.mark.django_db, *([] if LONG else [pytest.mark.sqlite_only])]
# By whom a usual run asks which types; what belongs to none is asked by both.
USUAL = {"incidents": "agn", "users": "adm"}
ALL = "agn adm"
# Which statuses are no violation. A schema cannot say which numbers exist, what a state needs first, or which condition
# can be read (422), nor at which version a record is (412); and who sends too much or a wrong version is refused as well.
ACCEPTED = ["2xx", "3xx", "401", "403", "404", "409", "412", "422"]
REJECTED = ["400", "401", "403", "404", "405", "409", "412", "413", "415", "422"]
CONFIG = {
    "checks": {
        "positive_data_acceptance": {"expected-statuses": ACCEPTED},
        "negative_data_rejection": {"expected-statuses": REJECTED},
    },
}


@cache
def published() -> Any:
    made = schemathesis.openapi.from_dict(
        openapi.document(), config=SchemathesisConfig.from_dict(CONFIG)
    )
    made.app = application
    return made


def asked() -> Iterator[Any]:
    """Every operation by everybody, or those of a usual run."""
    for path, methods in openapi.document()["paths"].items():
        plural = path.split("/")[1]
        usual = USUAL.get(plural, "" if shelf.by_plural(plural) else ALL)
        for who in ALL.split() if LONG else usual.split():
            for method in methods:
                if method != "parameters":
                    yield pytest.param(method.upper(), path, who, id=f"{method} {path} {who}")


@pytest.mark.attack("I7")
@pytest.mark.parametrize(("method", "path", "who"), list(asked()))
def test_every_answer_is_what_the_schema_says(
    ground: Ground, method: str, path: str, who: str
) -> None:
    headers = program(ground.world.people[who].id, "read", "write").headers
    actor = ground.world.actor(who)
    statuses: set[int] = set()
    rtype = shelf.by_plural(path.split("/")[1])
    if rtype and not numbers(rtype, actor):
        commands.create(rtype, least(rtype), SETUP)

    def is_kept(case: Any) -> None:
        meet(case, actor, is_sure=200 not in statuses)
        with transaction.atomic():
            try:
                statuses.add(case.call_and_validate(headers=headers).status_code)
            finally:
                transaction.set_rollback(True)

    # Built here and not when tests are collected: that is done by every process of every run.
    how = HypothesisTestConfig(
        project=published().config,
        modes=[HypothesisTestMode.COVERAGE, HypothesisTestMode.FUZZING],
        settings=settings(
            max_examples=LONG or 4,
            derandomize=True,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    create_test(operation=published()[path][method], test_func=is_kept, config=how)()
    # Else all of it might have been refused at the door.
    hides = "{part}" in path or (path, who) == ("/audit", "agn")
    assert method != "GET" or hides or 200 in statuses, statuses


def meet(case: Any, actor: Actor, *, is_sure: bool) -> None:
    """Names records that are there where chance would find none, and drops what would hold most requests back.

    `is_sure` names one they see, until something was answered.
    """
    rtype = shelf.by_plural(case.path.split("/")[1])
    dice = zlib.crc32(repr((case.body, case.query, case.path_parameters)).encode())
    if rtype is None or case.meta is None:
        return
    if "key" in case.path_parameters and not case.meta.is_negative_at(ParameterLocation.PATH):
        case.path_parameters["key"] = number(rtype, dice | is_sure, actor)
    if case.headers and dice % 8:
        case.headers.pop("If-Match", None)
    if isinstance(case.body, dict) and not case.meta.is_negative_at(ParameterLocation.BODY):
        for name, known in fields.of(rtype).items():
            if known.is_reference and isinstance(case.body.get(name), str) and dice % 4:
                target = shelf.type(known.target) if known.target in shelf else rtype
                case.body[name] = number(target, dice, actor)


def number(rtype: RecordType, dice: int, actor: Actor) -> str:
    """Mostly one of those they see, however many there are that are hidden from them."""
    found = (numbers(rtype, actor) if dice % 4 else []) or numbers(rtype)
    return found[dice % len(found)] if found else f"{rtype.prefix}-1"


def numbers(rtype: RecordType, actor: Actor = SYSTEM) -> list[str]:
    return [row["number"] for row in queries.page(rtype, actor, names=(), size=200).items]
