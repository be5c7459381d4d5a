"""Collects operations and their schemas; a capability is handed the one of its record type."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http.response import HttpResponseBase

from mainstay.records.types import RecordType
from mainstay.surfaces.api.operation import Call, Operation, Schema

USUAL_STATUS = {"GET": 200, "PATCH": 200, "POST": 201, "DELETE": 204}
# What stands before a type's words in an operation's title, by the last part of its name.
WORDS = {
    "list": "List",
    "create": "Create",
    "see": "See",
    "change": "Change",
    "remove": "Remove",
    "restore": "Bring back after a removal",
    "move": "Move",
    "add": "Add",
    "undo": "Take back",
}


class Router:
    """Paths begin below the type's plural, or below the API's root for what belongs to no type."""

    def __init__(self, rtype: RecordType | None = None) -> None:
        self.rtype = rtype
        self.operations: list[Operation] = []
        # As they came, a name once for each time it was given.
        self.components: list[tuple[str, Schema]] = []

    def add(
        self,
        method: str,
        path: str,
        name: str,
        run: Callable[[Call], HttpResponseBase],
        **about: Any,
    ) -> None:
        rtype = self.rtype
        usual: dict[str, Any] = {
            "status": USUAL_STATUS[method],
            "summary": about.get("summary") or self._summary(name),
            "scope": rtype.plural if rtype else "",
        }
        operation = Operation(
            method=method,
            path=f"{rtype.plural}{path}" if rtype else path,
            name=f"{rtype.plural}.{name}" if rtype else name,
            run=run,
            rtype=rtype,
            **(usual | about),
        )
        self.operations.append(operation)

    def component(self, name: str, schema: Schema) -> None:
        """A schema others refer to by `#/components/schemas/{name}`."""
        self.components.append((name, schema))

    def _summary(self, name: str) -> str:
        if self.rtype is None:
            return name.capitalize()
        what, _, verb = name.rpartition(".")
        label = str(self.rtype.label_plural if name == "list" else self.rtype.label).lower()
        if not what:
            return f"{WORDS[verb]}: {label}"
        what = what if verb == "list" else what.removesuffix("s")
        return f"{WORDS[verb]} {what} of: {label}"
