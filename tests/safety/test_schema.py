"""The published schema asked in every way it allows and in every way it forbids, as agent and as administrator.

Each operation has what its schema names at its edges, what is wrong about it in one place, and what chance finds;
`make attack` asks longer. Whatever is written is undone, so that every request meets the same ground.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import schemathesis
from django.db import transaction
from hypothesis import HealthCheck, settings
from schemathesis.config import SchemathesisConfig

from mainstay.config.wsgi import application
from mainstay.records import fields, queries
from mainstay.pure.rules import SYSTEM
from mainstay.records.types import RecordType, shelf
from mainstay.surfaces.api import openapi
from tests.safety.ground import Ground
from tests.safety.wire import program

pytestmark = pytest.mark.django_db
LONG = bool(os.environ.get("MAINSTAY_ATTACK"))
EXAMPLES = int(os.environ.get("MAINSTAY_ATTACK") or 4)

CONFIG = {
    "generation": {
        "deterministic": True,
        "max-examples": EXAMPLES,
        "with-security-parameters": False,
        "database": "none",
    },
    "phases": {"examples": {"enabled": False}},
    "checks": {
        # A schema cannot say which numbers exist, what a state needs first, or which condition can be read.
        "positive_data_acceptance": {"expected-statuses": ["2xx", "3xx", "401", "403", "404", "409", "412", "422"]},
        "negative_data_rejection": {"expected-statuses": ["400", "401", "403", "404", "405", "409", "412", "413", "415", "422"]},
    },
}
schema = schemathesis.openapi.from_dict(
    openapi.document(), config=SchemathesisConfig.from_dict(CONFIG)
)
schema.app = application


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def a_number(rtype: RecordType, dice: int) -> str:
    numbers = [row["number"] for row in queries.page(rtype, SYSTEM, names=(), size=200).items]
    return numbers[dice % len(numbers)] if numbers else f"{rtype.prefix}-1"


def met(case: Any) -> None:
    """Puts records that are there where chance would never find one: into the path, and into references."""
    dice = zlib.crc32(repr((case.body, case.query, case.path_parameters)).encode())
    rtype = shelf.by_plural(case.path.split("/")[1])
    if rtype is None:
        return
    if "key" in (case.path_parameters or {}) and case.meta is not None:
        from schemathesis.core.parameters import ParameterLocation
        if not case.meta.is_negative_at(ParameterLocation.PATH):
            case.path_parameters["key"] = a_number(rtype, dice)
    if case.headers and dice % 8:
        case.headers.pop("If-Match", None)
    if isinstance(case.body, dict):
        for name, known in fields.of(rtype).items():
            if known.is_reference and isinstance(case.body.get(name), str) and dice % 4:
                of = next((t for t in shelf if t.name == known.target), rtype)
                case.body[name] = a_number(of, dice)


@pytest.fixture(params=["agn", "adm"])
def headers(request: pytest.FixtureRequest, ground: Ground) -> dict[str, str]:
    return program(ground.world.people[request.param].id, "read", "write").headers


@schema.parametrize()
@settings(deadline=None, suppress_health_check=list(HealthCheck))
def test_the_schema_is_kept(case: Any, headers: dict[str, str]) -> None:
    met(case)
    with undone():
        if os.environ.get("EXPLORE"):
            try:
                answer = case.call(headers=headers)
                case.validate_response(answer, headers=headers)
            except BaseException as error:
                with open(os.environ["EXPLORE"], "a") as out:
                    for one in getattr(error, "exceptions", [error]):
                        got = getattr(error, "_got", None)
                        out.write(f"{case.method} {case.path} | {type(one).__name__} | {str(one)[:600]!r} | {answer.status_code} {answer.text[:400]} | body={case.body!r:.300} q={case.query} h={dict(case.headers or {})} k={case.path_parameters}\n")
                if isinstance(error, KeyboardInterrupt):
                    raise
        else:
            case.call_and_validate(headers=headers)
