"""What Django shows when something goes wrong around a view: our pages, in our words."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from mainstay.surfaces.web.answers import error, is_fragment, tell


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error(request, 404)


def denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error(request, 403)


def bad(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error(request, 400, _("The request could not be read."))


def failed(request: HttpRequest) -> HttpResponse:
    return error(request, 500)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form is older than the sign-in, or from elsewhere; an open page keeps what was typed."""
    words = _("Not saved: this page is older than your sign-in. Reload it, then send it again.")
    if is_fragment(request):
        return tell(HttpResponse(status=403, headers={"HX-Reswap": "none"}), words)
    return error(request, 403, words)
