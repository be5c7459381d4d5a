"""Every route there is, read from the resolver, and filled with records to ask for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

from mainstay.records.types import shelf

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
# Parameters that name a record, and the ones that name something on it or beside it.
KEYS = ("key", "number")
NO_UUID = "00000000-0000-7000-8000-000000000000"


@dataclass(frozen=True)
class Route:
    """A route as it is declared, such as `<slug:plural>/<str:key>/edit/`."""

    pattern: str

    @property
    def parameters(self) -> list[str]:
        return PARAMETER.findall(self.pattern)

    @property
    def group(self) -> str:
        """Routes walked by one test: those of one surface, and of one type below the API."""
        parts = self.pattern.split("/")
        return "/".join(parts[:3]) if parts[0] == "api" else parts[0] if "/" in self.pattern else ""

    @property
    def names_a_record(self) -> bool:
        return any(name in KEYS for name in self.parameters)

    def filled(self, **values: str) -> str:
        return "/" + PARAMETER.sub(lambda found: values[found[1]], self.pattern)


def every_route() -> list[Route]:
    return [Route(pattern) for pattern in _walk(get_resolver(), "")]


def _walk(resolver: URLResolver, before: str) -> Iterator[str]:
    for entry in resolver.url_patterns:
        here = before + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield here
        else:
            yield from _walk(entry, here)


def plurals(route: Route) -> list[str]:
    """The types a route serves: every one where it says so by a parameter, else the one it begins with."""
    if "plural" in route.parameters:
        return [rtype.plural for rtype in shelf]
    named = [part for part in route.pattern.split("/") if shelf.by_plural(part)]
    return named[:1]


def addresses(route: Route, number: str = "INC-1") -> Iterator[str]:
    """The route with every type, move and field in it, about one record where it asks for a record.

    A new kind of parameter stops the walk here until somebody says what stands for it.
    """
    for plural in plurals(route) or [""]:
        for name in _names(route, plural):
            yield route.filled(
                **{
                    "plural": plural,
                    "key": number,
                    "number": number,
                    "name": name,
                    "address": name,
                    "verb": name,
                    "secret": "no-such-secret",
                    "part": NO_UUID,
                    "event": "1",
                    "path": "nothing/here",
                    "job": NO_UUID,
                    "group": "marks",
                    "way": "pointed",
                    "called": "app",
                }
            )


def _names(route: Route, plural: str) -> list[str]:
    """What may stand for `name`: moves, fields, where one asks, or the name of a file."""
    rtype = shelf.by_plural(plural)
    if "verb" in route.parameters and "/tasks/" in route.pattern:
        return ["finish", "skip", "reopen", "up", "down", "nonsense"]
    if "verb" in route.parameters:
        return ["agree", "object", "nonsense"]
    if "address" in route.parameters:
        return ["broken", "incident", "nonsense"]
    if "name" not in route.parameters:
        return [""]
    if "/move/" in route.pattern and rtype:
        return [*(move.name for move in rtype.lifecycle.moves), "nonsense"]
    if "/set/" in route.pattern and rtype:
        return [*rtype.form, "nonsense"]
    return ["incident", "nonsense"]
