"""One method on one path, what is published about it, and one request to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from mainstay.directory.audit import noting
from mainstay.pure.rules import Actor, By
from mainstay.records import queries
from mainstay.records.rows import Row
from mainstay.records.types import RecordType

DOOR = "api"
Schema = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Param:
    """A query parameter; what is not declared is refused by name."""

    name: str
    schema: Schema
    says: str
    is_required: bool = False


@dataclass(frozen=True, kw_only=True)
class Operation:
    """What a path answers to a method.

    `name` is its operationId and `scope` the plural a token's scope must reach ("" for none).
    `takes` and `gives` are schemas of the bodies; `is_versioned` says that the
    answer carries the record's entity tag, and `may_lack` that what is asked for may be missing
    though no key in the path names it. `largest` is how many bytes of files a form may
    bring; where it is set the body is a form, and JSON otherwise. `prepare` does what takes long
    before `run` may find itself in a transaction.
    """

    method: str
    path: str
    name: str
    summary: str
    run: Callable[[Call], HttpResponseBase]
    rtype: RecordType | None = None
    scope: str = ""
    params: tuple[Param, ...] = ()
    takes: Schema | None = None
    gives: Schema | None = None
    media: str = "application/json"
    status: int = 200
    is_versioned: bool = False
    may_lack: bool = False
    largest: int = 0
    prepare: Callable[[Call], None] | None = None

    @cached_property
    def asked(self) -> frozenset[str]:
        return frozenset(param.name for param in self.params)

    @property
    def is_conditional(self) -> bool:
        """Whether If-Match may hold it back: everything that is done to one record."""
        return self.writes and self.rtype is not None and "{key}" in self.path

    @property
    def writes(self) -> bool:
        return self.method != "GET"


@dataclass
class Call:
    """One request as an operation sees it: who asks for what, with the query and the body read."""

    request: HttpRequest
    operation: Operation
    actor: Actor
    key: str = ""
    part: str = ""
    query: Mapping[str, str] = field(default_factory=dict)
    body: dict[str, Any] = field(default_factory=dict)
    file: UploadedFile | None = None
    prepared: Any = None

    @property
    def by(self) -> By:
        return By(self.actor, DOOR)

    def row(self, **how: Any) -> Row:
        """The record of the path, as `queries.one` gives it; a look at one behind a wall stands in the audit."""
        row = queries.one(self.rtype, self.actor, self.key, **how)
        noting.looked(self.request, self.by, row)
        return row

    @property
    def rtype(self) -> RecordType:
        if self.operation.rtype is None:
            raise TypeError(f"{self.operation.name} is about no record type")
        return self.operation.rtype
