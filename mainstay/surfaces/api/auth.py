"""Who asks: a token, or the browser's session with the form token for whatever writes."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from mainstay.directory import actors
from mainstay.directory.audit import noting
from mainstay.directory.signin import form_token, throttle, tokens
from mainstay.directory.signin.tokens import PREFIX
from mainstay.pure.rules import Actor, By
from mainstay.surfaces.api import limits
from mainstay.surfaces.api.errors import Problem
from mainstay.surfaces.api.operation import DOOR, Operation

CHALLENGE = {"WWW-Authenticate": 'Bearer realm="Mainstay"'}


def actor_of(request: HttpRequest) -> Actor:
    """A token that is sent counts alone, also where it is wrong. Raises Problem (401, 429)."""
    header = request.META.get("HTTP_AUTHORIZATION")
    if header is None:
        actor = actors.actor_of(request)
    else:
        scheme, _space, secret = header.partition(" ")
        is_token = scheme.lower() == "bearer" and secret.startswith(PREFIX) and len(secret) < 200
        actor = actors.by_token(secret) if is_token else None
    if actor is None:
        limits.count_stranger(request, DOOR)
        if header is not None:
            tokens.note_refused(DOOR, throttle.address_of(request), secret if is_token else "")
        raise Problem("unauthenticated", _("Send a valid token, or sign in."), CHALLENGE)
    if actor.is_new_here and actor.scopes is not None:
        tokens.note_first_use(actor, DOOR, throttle.address_of(request))
    return actor


def require_scope(request: HttpRequest, actor: Actor, operation: Operation) -> None:
    """Raises Problem (403) that names the scope a token lacks."""
    verb = "write" if operation.writes else "read"
    if operation.scope and not actor.reaches(verb, operation.scope):
        wanted = f"{verb}:{operation.scope}"
        noting.out_of_scope(request, By(actor, DOOR), wanted)
        challenge = f'Bearer error="insufficient_scope", scope="{wanted}"'
        raise Problem(
            "scope",
            _("This needs the scope %(scope)s.") % {"scope": wanted},
            {"WWW-Authenticate": challenge},
        )


def require_form_token(request: HttpRequest) -> None:
    """A cookie is sent whoever made the browser ask: alone it proves nothing. Raises Problem."""
    if "HTTP_AUTHORIZATION" in request.META:
        return
    if reason := _check.process_view(request, _checked, (), {}):
        raise Problem("csrf", str(reason))


class _Check(form_token.Check):
    """The check of every form, told to say its reason instead of drawing a page."""

    def _reject(self, request: HttpRequest, reason: str) -> str:  # type: ignore[override]
        return reason


def _checked(request: HttpRequest) -> HttpResponse:
    """Stands for a view that is not exempt; it is never called."""
    return HttpResponse()


_check = _Check(_checked)
