"""A sentence that survives a redirect, in a cookie that lives until the next page."""

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

COOKIE = "flash"
SALT = "mainstay.flash"
SECONDS = 60
# A cookie holds 4 kB.
LONGEST = 500


def leave(response: HttpResponse, text: str) -> HttpResponse:
    if text:
        response.set_cookie(
            COOKIE,
            signing.dumps(text[:LONGEST], salt=SALT),
            max_age=SECONDS,
            httponly=True,
            samesite="Lax",
            secure=settings.CSRF_COOKIE_SECURE,
        )
    return response


def read(request: HttpRequest) -> str:
    if COOKIE not in request.COOKIES:
        return ""
    try:
        return str(signing.loads(request.COOKIES[COOKIE], salt=SALT, max_age=SECONDS))
    except signing.BadSignature:
        return ""
