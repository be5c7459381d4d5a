"""What Django shows when something goes wrong around a view: our pages, in our words."""

import logging
import sys

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import is_valid_path
from django.utils.translation import gettext as _

from mainstay.directory.signin import form_token
from mainstay.records import trouble, turnstile
from mainstay.surfaces.web.answers import (
    error,
    is_fragment,
    page_above,
    page_of,
    tell,
    to_sign_in,
    typed,
)

log = logging.getLogger("mainstay.web")

# How Django's reasons begin when the form was not on a page of ours.
FROM_ELSEWHERE = ("Origin checking failed", "Referer checking failed")
# What a header may hold of one; nobody types more.
LONGEST_ADDRESS = 2_000


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """An address that lacks nothing but its last stroke leads on to the page it means."""
    path, is_read = request.path_info, request.method in ("GET", "HEAD")
    if is_read and not path.startswith("/api/") and is_valid_path(f"{path}/"):
        meant = request.get_full_path(force_append_slash=True)
        if len(meant) <= LONGEST_ADDRESS:
            return HttpResponsePermanentRedirect(meant)
    return error(request, 404)


def denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error(request, 403)


def bad(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error(request, 400, _("The request could not be read."))


def unreadable(request: HttpRequest) -> HttpResponse:
    return error(
        request, 400, _("This holds signs that are no text. Take them out, then send it again.")
    )


def too_large(request: HttpRequest) -> HttpResponse:
    """Nothing of it was read, so nothing typed can be given back; the form it was sent from is one step away."""
    words = _("That is more than can be sent at once. Send fewer or smaller files.")
    return error(request, 413, words, above=page_of(request))


def failed(request: HttpRequest) -> HttpResponse:
    """The number is what somebody can quote to whoever reads the log."""
    number = trouble.logged(log, sys.exc_info()[1])
    words = (
        _(
            "The fault is ours: it is in the log as %(number)s. What you sent was kept, at least in part: look before "
            "you send it again."
        )
        if _has_kept(request)
        else _("The fault is ours: it is in the log as %(number)s. Nothing was changed.")
    )
    response = error(request, 500, words % {"number": number})
    # Django would log it a second time, without the number.
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


def in_trouble(request: HttpRequest, exception: Exception) -> HttpResponse | None:
    """What to say where neither the request nor our code is at fault; None where that is not so.

    The page asks the database for nothing, which may be what is away.
    """
    if trouble.is_full(exception):
        log.error("no room: %s", exception)
        response = error(request, 507, _kept_in_part(request))
    elif trouble.is_passing(exception):
        log.warning("database: %s", exception)
        words = trouble.in_words(exception)
        heading = _("This took too long") if trouble.was_stopped(exception) else ""
        response = error(request, 503, _kept_in_part(request) or words, heading=heading)
        response["Retry-After"] = "1"
    else:
        return None
    # Django would log it a second time, as an error of ours.
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


def _has_kept(request: HttpRequest) -> bool:
    """Whether something was kept in this request before it failed: whoever is told otherwise does it twice."""
    now = turnstile.committed()
    return bool(now > getattr(request, "kept_before", now))


def _kept_in_part(request: HttpRequest) -> str:
    if not _has_kept(request):
        return ""
    return _(
        "This failed on the way. What you sent was kept, at least in part: look before you send it again."
    )


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form is somebody else's, older than the sign-in, or from elsewhere; what was typed is given back."""
    owner = None if reason.startswith(FROM_ELSEWHERE) else form_token.owner(request)
    if owner is not None:
        # Or the form's own person is signed in no more.
        return to_sign_in(request) if request.actor is None else _anothers(request, reason)
    words = _("Not saved: this page is older than your sign-in. Reload it, then send it again.")
    if is_fragment(request):
        return tell(HttpResponse(status=403, headers={"HX-Reswap": "none"}), words)
    return error(request, 403, words, kept=_typed(request, reason))


def _anothers(request: HttpRequest, reason: str) -> HttpResponse:
    """A page stands open since the person before; it keeps what was typed and acts in nobody's name."""
    heading = _("Somebody else is signed in now")
    words = _(
        "This page was opened by somebody else, and now %(name)s is signed in. Nothing was saved. Copy what is still "
        "needed, then load the page anew."
    ) % {"name": request.actor.name}
    if is_fragment(request):
        closed = _("This page was opened by somebody else, and now %(name)s is signed in.") % {
            "name": request.actor.name
        }
        told = {"text": words, "head": heading, "closed": closed, "anew": _("Load anew")}
        refusal = HttpResponse(status=403, headers={"HX-Reswap": "none"})
        return tell(refusal, "", **{"not-yours": told})
    above, kept = page_above(request.path_info), _typed(request, reason)
    return error(request, 403, words, kept, above, heading)


def _typed(request: HttpRequest, reason: str) -> list[str]:
    """The texts of the form, unless another site sent it: then they would be its words on our page."""
    return [] if reason.startswith(FROM_ELSEWHERE) else typed(request)
