"""Speaks to the product's own WSGI application as a server does: raw paths, raw headers, raw bodies."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from io import BytesIO
from typing import Any
from urllib.parse import unquote_to_bytes, urlencode

import orjson
from django.conf import settings

from mainstay.config.wsgi import application
from mainstay.directory import cookies
from mainstay.directory.actors import SESSION_COOKIE, by_session
from mainstay.directory.signin import form_token, sessions, tokens

CSRF_COOKIE = "mainstay_csrf"
# The secret of a browser; any 32 letters and digits will do.
CSRF = "0123456789abcdefABCDEF0123456789"
ANEW = re.compile(r'[A-Za-z0-9]{64}|"request_id":\s*"[^"]*"|(?<=nonce)[-=]"?[\w-]{22}')
FORM = "application/x-www-form-urlencoded"


@dataclass
class Answer:
    """What came back, and the processor time it took."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes
    seconds: float

    def __getitem__(self, name: str) -> str:
        return self.get(name) or ""

    def get(self, name: str) -> str | None:
        return next((v for n, v in self.headers if n.lower() == name.lower()), None)

    def all(self, name: str) -> list[str]:
        return [v for n, v in self.headers if n.lower() == name.lower()]

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    @property
    def plain(self) -> str:
        """The text without what is drawn anew for every answer: form tokens, request ids and nonces."""
        return ANEW.sub("", self.text)

    @property
    def json(self) -> Any:
        return orjson.loads(self.body)


@dataclass
class Wire:
    """A browser or a program: its cookies and the headers it always sends."""

    cookies: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    address: str = "192.0.2.7"

    def send(
        self,
        method: str,
        target: str | bytes,
        body: bytes = b"",
        headers: Mapping[str, str | bytes] | None = None,
        **environ: Any,
    ) -> Answer:
        """`target` is what stands in the request line, percent signs and all."""
        raw = target.encode() if isinstance(target, str) else target
        path, _, query = raw.partition(b"?")
        values: dict[str, Any] = {
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "QUERY_STRING": query.decode("latin-1"),
            "SERVER_NAME": "testserver",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": self.address,
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(body),
            "wsgi.errors": BytesIO(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
            "HTTP_HOST": "testserver",
        }
        sent: dict[str, str | bytes] = {**self.headers, **(headers or {})}
        if self.cookies and "Cookie" not in sent:
            sent["Cookie"] = "; ".join(f"{n}={v}" for n, v in self.cookies.items())
        for name, value in sent.items():
            # Servers hand over the bytes of a header as Latin-1, whatever they mean.
            raw_value = (
                value if isinstance(value, bytes) else value.encode("utf-8", "surrogatepass")
            )
            text = raw_value.decode("latin-1")
            key = name.upper().replace("-", "_")
            values[key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"] = text
        return self._call(values | environ)

    def _call(self, environ: dict[str, Any]) -> Answer:
        got: dict[str, Any] = {}

        def start(status: str, headers: list[tuple[str, str]], _exc: Any = None) -> None:
            got.update(status=int(status.split()[0]), headers=list(headers))

        begun = time.thread_time()
        chunks: Iterable[bytes] = application(environ, start)
        try:
            body = b"".join(chunks)
        finally:
            close = getattr(chunks, "close", None)
            if close:
                close()
        headers = [(name, value.strip()) for name, value in got["headers"]]
        answer = Answer(got["status"], headers, body, time.thread_time() - begun)
        for line in answer.all("Set-Cookie"):
            for name, morsel in SimpleCookie(line).items():
                if morsel["max-age"] == 0 or not morsel.value:
                    self.cookies.pop(name, None)
                else:
                    self.cookies[name] = morsel.value
        return answer

    def get(self, target: str | bytes, **headers: str) -> Answer:
        return self.send(
            "GET", target, headers={n.replace("_", "-"): v for n, v in headers.items()}
        )

    def post(self, target: str, data: Mapping[str, Any] | None = None, **headers: str) -> Answer:
        """A form with its token, as our own pages send it."""
        pairs = {"csrfmiddlewaretoken": self.form_token(target)} | dict(data or {})
        body = urlencode(pairs, doseq=True).encode()
        named = {n.replace("_", "-"): v for n, v in headers.items()}
        return self.send("POST", target, body, {"Content-Type": FORM, **named})

    def upload(
        self,
        target: str,
        files: Iterable[tuple[str, str, bytes]],
        data: Mapping[str, str] | None = None,
    ) -> Answer:
        """A form with files: (field, name, content)."""
        fields = {"csrfmiddlewaretoken": self.form_token(target)} | dict(data or {})
        body, kind = multipart(fields, files)
        return self.send("POST", target, body, {"Content-Type": kind})

    def form_token(self, target: str | bytes = "") -> str:
        """As a page holds it that was drawn for whoever is signed in, here unmasked; the way in is nobody's."""
        secret = self.cookies.setdefault(settings.CSRF_COOKIE_NAME, CSRF)
        session = self.cookies.get(cookies.called(SESSION_COOKIE), "")
        actor = by_session(session) if session and target != "/sign-in" else None
        return form_token.of_person(secret, actor.id) if actor else secret

    def api(self, method: str, target: str, data: Any = None, **headers: str) -> Answer:
        """JSON, with the form token where the cookie is what proves who asks."""
        named = {n.replace("_", "-"): v for n, v in headers.items()}
        if cookies.called(SESSION_COOKIE) in self.cookies:
            named.setdefault("X-CSRFToken", self.form_token())
        body = b"" if data is None else data if isinstance(data, bytes) else orjson.dumps(data)
        if body:
            named.setdefault("Content-Type", "application/json")
        return self.send(method, target, body, named)


def multipart(
    fields: Mapping[str, str], files: Iterable[tuple[str, str, bytes]], boundary: str = "bOuNdArY"
) -> tuple[bytes, str]:
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n'.encode()
        for n, v in fields.items()
    ]
    for name, file_name, content in files:
        head = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="{file_name}"'
            "\r\nContent-Type: image/png\r\n\r\n"
        )
        parts.append(head.encode("utf-8", "surrogatepass") + content + b"\r\n")
    parts.append(f"--{boundary}--\r\n".encode())
    return b"".join(parts), f"multipart/form-data; boundary={boundary}"


def signed_in(user_id: int) -> Wire:
    """A browser with a session of its own."""
    session = cookies.called(SESSION_COOKIE)
    return Wire(cookies={session: sessions.begin(user_id), settings.CSRF_COOKIE_NAME: CSRF})


def program(user_id: int, *scopes: str) -> Wire:
    """A program with a token."""
    return Wire(headers={"Authorization": f"Bearer {tokens.issue(user_id, 'test', scopes)}"})
