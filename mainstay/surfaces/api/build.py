"""One loop over the shelf: every operation there is, and the paths they are served under."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from django.urls import URLPattern, URLResolver, include, path, re_path

from mainstay.records.types import RecordType, shelf
from mainstay.surfaces.api import people, records, schemas, serving
from mainstay.surfaces.api.components import COMPONENTS
from mainstay.surfaces.api.operation import Operation, Schema
from mainstay.surfaces.api.router import Router


@dataclass(frozen=True)
class Api:
    """What is served and what is published about it, from one source.

    `refused` tells what found its name taken, with every other mistake, before anything is served.
    """

    operations: tuple[Operation, ...]
    components: dict[str, Schema]
    refused: tuple[str, ...]


_general: list[Callable[[Router], None]] = []


def install(routes: Iterable[Callable[[Router], None]]) -> None:
    """Called once at startup with the operations that belong to no record type."""
    _general[:] = routes


@cache
def api() -> Api:
    """Built when it is first asked for: by then every declaration stands on the shelf."""
    general = Router()
    for routes in _general:
        routes(general)
    routers = [general, *(router_for(rtype) for rtype in shelf)]
    components, refused = dict(COMPONENTS), list[str]()
    for router in routers:
        for name, schema in router.components:
            if components.setdefault(name, schema) != schema:
                refused.append(_doubled(name))
    operations = tuple(o for router in routers for o in router.operations)
    return Api(operations, components, tuple(dict.fromkeys(refused)))


def _doubled(component: str) -> str:
    """The types whose own schema is called so are the ones that can be called otherwise."""
    named = [rtype.name for rtype in shelf if component in schemas.of(rtype)]
    told = f"two schemas of the API are called '{component}'"
    if not named:
        return told
    types = " or ".join(f"'{name}'" for name in named)
    return f"{told}; call the record type {types} otherwise"


def router_for(rtype: RecordType) -> Router:
    router = Router(rtype)
    for name, schema in schemas.of(rtype).items():
        router.component(name, schema)
    records.routes(rtype, router)
    for capability in rtype.capabilities:
        if capability.routes is not None:
            capability.routes(rtype, router)
    people.routes(rtype, router)
    return router


def patterns() -> list[URLPattern | URLResolver]:
    """A level of its own for each type: finding a path takes hardly longer with every type."""
    found: list[URLPattern | URLResolver] = []
    operations = sorted(api().operations, key=lambda o: o.path)
    for first, of_first in groupby(operations, key=lambda o: o.path.partition("/")[0]):
        below = [
            path(_converted(rest), serving.view(group))
            for rest, group in groupby(of_first, key=lambda o: o.path[len(first) :])
        ]
        found.append(path(first, include(below)))
    return [*found, re_path("", serving.unknown)]


def _converted(rest: str) -> str:
    """`/{key}/files/{part}` as Django writes it."""
    return rest.replace("{", "<str:").replace("}", ">")
