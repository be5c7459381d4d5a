"""A client that speaks JSON with a token, and holds every answer against the published schema."""

from __future__ import annotations

from functools import cache
from typing import Any

import orjson
from django.http import HttpResponse
from django.test import Client
from django.urls import resolve
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from mainstay.directory.signin import tokens
from mainstay.surfaces.api import openapi

ROOT = "/api/v1"


class Api:
    """One person's token. Every answer is checked against the schema of its operation or problem."""

    def __init__(self, secret: str | None = None) -> None:
        self.client = Client(enforce_csrf_checks=True)
        self.secret = secret

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> HttpResponse:
        data = body if isinstance(body, bytes) else b"" if body is None else orjson.dumps(body)
        return self.raw(method, path, data, "application/json", **headers)

    def raw(
        self, method: str, path: str, data: bytes, content_type: str, **headers: str
    ) -> HttpResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.secret is not None:
            named.setdefault("Authorization", f"Bearer {self.secret}")
        answer = self.client.generic(
            method, ROOT + path, data, content_type=content_type, headers=named
        )
        check(method, path, answer)
        return answer

    def get(self, path: str, **headers: str) -> HttpResponse:
        return self("GET", path, **headers)

    def post(self, path: str, body: Any, **headers: str) -> HttpResponse:
        return self("POST", path, body, **headers)

    def upload(
        self, path: str, name: str, content: bytes, boundary: str = "b0undary", **texts: str
    ) -> HttpResponse:
        headers = {"Idempotency_Key": texts.pop("key")} if "key" in texts else {}
        body = form(name, content, boundary, texts)
        kind = f"multipart/form-data; boundary={boundary}"
        return self.raw("POST", path, body, kind, **headers)


def form(name: str, content: bytes, boundary: str, texts: dict[str, str]) -> bytes:
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n'.encode()
        for n, v in texts.items()
    ]
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
    parts.append(head.encode() + b"Content-Type: text/html\r\n\r\n" + content + b"\r\n")
    return b"".join(parts) + f"--{boundary}--\r\n".encode()


def api_of(person: Any, *scopes: str) -> Api:
    return Api(tokens.issue(person.id, "test", scopes))


def check(method: str, path: str, answer: HttpResponse) -> None:
    """Never 5xx, always in the published shape."""
    assert answer.status_code < 500, answer.content
    if answer.status_code >= 400:
        assert answer["Content-Type"] == "application/problem+json"
        told = answer.json()
        validate({"$ref": "#/components/schemas/ProblemDetails"}, told)
        assert told["status"] == answer.status_code
        return
    operations = getattr(resolve(ROOT + path.partition("?")[0]).func, "operations", ())
    operation = next((o for o in operations if o.method == method), None)
    if operation is None or answer.status_code in (204, 304):
        return
    assert answer.status_code == operation.status
    if answer["Content-Type"] == "application/json":
        validate(operation.gives, answer.json())


def validate(schema: Any, value: Any) -> None:
    if "$ref" in schema:
        schema = {"$ref": f"urn:api{schema['$ref']}"}
    else:
        schema = orjson.loads(orjson.dumps(schema, default=str).replace(b'"#/', b'"urn:api#/'))
    Draft202012Validator(schema, registry=registry()).validate(value)


@cache
def registry() -> Registry[Any]:
    resource: Resource[Any] = Resource(openapi.document(), DRAFT202012)
    return Registry().with_resource("urn:api", resource)
