"""Stands before every view: who asks, and what no answer may be without."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, ngettext

from mainstay.config import patience
from mainstay.config.headers import always
from mainstay.config.live import place
from mainstay.config.plain import in_words
from mainstay.directory import languages
from mainstay.directory.actors import actor_of
from mainstay.directory.signin import sessions
from mainstay.directory.signin.password import DOOR
from mainstay.pure.rules import By
from mainstay.records import turnstile
from mainstay.surfaces.api import errors as api
from mainstay.surfaces.api import limits
from mainstay.surfaces.web import errors, formats
from mainstay.surfaces.web.answers import is_fragment
from mainstay.surfaces.web.readable import is_readable

# Several files at once, each with a limit of its own.
LARGEST_FORM = 100 * 1024 * 1024


class Guard:
    """Sets `request.actor` lazily and the security headers always."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with formats.read_by(languages.asked_for(request), None), patience.limited():
            response = self._at_home(request) or self.get_response(request)
        nonce = getattr(response, "nonce", "")
        for name, value in self._always(request, nonce).items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    def _always(self, request: HttpRequest, nonce: str) -> dict[str, str]:
        """A page that hears of changes from another origin may speak to exactly that one."""
        live = ""
        with contextlib.suppress(DisallowedHost):
            address = place.of(request)
            live = address if address and place.is_elsewhere(request, address) else ""
        return always(live, nonce)

    def _at_home(self, request: HttpRequest) -> HttpResponse | None:
        """A refusal where the request names a host that MAINSTAY_HOSTS does not."""
        try:
            request.get_host()
        except DisallowedHost:
            text = gettext("This site does not answer to that name.")
            content, body = in_words(request.path, "Bad Request", 400, text)
            return HttpResponse(body, status=400, content_type=content)
        return None

    def process_view(self, request: HttpRequest, *_: object) -> HttpResponse | None:
        try:
            return self._unfit(request)
        except Exception as error:
            if (answer := self.process_exception(request, error)) is None:
                raise
            return answer

    def _unfit(self, request: HttpRequest) -> HttpResponse | None:
        request.actor = actor_of(request)  # type: ignore[attr-defined]
        if request.actor is not None and request.actor.is_new_here:  # type: ignore[attr-defined]
            sessions.saw(request.actor)  # type: ignore[attr-defined]
        request.kept_before = turnstile.committed()  # type: ignore[attr-defined]
        if is_too_large(request):
            return errors.too_large(request)
        if refusal := too_often(request):
            return refusal
        # The API counts requests, and reads their bodies, after it has asked who sends them.
        if request.path.startswith("/api/") or is_readable(request):
            return None
        return errors.unreadable(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A database that is away and a full disk, wherever they were met, are said as what they are."""
        if request.path.startswith("/api/"):
            return api.answer(error)
        return errors.in_trouble(request, error)


def is_too_large(request: HttpRequest) -> bool:
    """Whether a form brings more than its sender may put on the disk; told before any of it is read.

    The API asks who sends, and what, before it reads a body.
    """
    length = str(request.META.get("CONTENT_LENGTH") or "0")
    if request.path.startswith("/api/") or not length.isdecimal():
        return False
    is_stranger = request.actor is None  # type: ignore[attr-defined]
    largest = settings.DATA_UPLOAD_MAX_MEMORY_SIZE if is_stranger else LARGEST_FORM
    return int(length[:18]) > largest


def too_often(request: HttpRequest) -> HttpResponse | None:
    """A refusal where somebody asks for more pages a minute than anybody reads, drawn without asking the database."""
    actor = request.actor  # type: ignore[attr-defined]
    if actor is None or request.path.startswith("/api/"):
        return None
    seconds = limits.seconds_to_wait(request, By(actor, DOOR))
    if not seconds:
        return None
    words = ngettext(
        "You asked for more than this site answers in a minute. Try again in %(n)d second.",
        "You asked for more than this site answers in a minute. Try again in %(n)d seconds.",
        seconds,
    ) % {"n": seconds}
    if is_fragment(request):
        response = errors.error(request, 429, words)
    else:
        content, body = in_words(request.path, "Too Many Requests", 429, words)
        response = HttpResponse(body, status=429, content_type=content)
    response["Retry-After"] = str(seconds)
    return response
