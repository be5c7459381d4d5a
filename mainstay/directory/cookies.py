"""What a browser keeps for us: what each cookie is called, and whom it is sent to."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

# A browser takes a cookie of such a name over TLS alone and for the whole of this host, so neither a neighbouring host
# nor somebody between can set one of ours.
OVER_TLS = "__Host-"


def called(name: str) -> str:
    """What a cookie is called where the site is reached over TLS, and where it is not."""
    return f"{OVER_TLS}{name}" if settings.CSRF_COOKIE_SECURE else name


def read(request: HttpRequest, name: str) -> str:
    return request.COOKIES.get(called(name), "")


def leave(response: HttpResponse, name: str, value: str, seconds: int) -> None:
    response.set_cookie(
        called(name),
        value,
        max_age=seconds,
        httponly=True,
        samesite="Lax",
        secure=settings.CSRF_COOKIE_SECURE,
    )


def remove(response: HttpResponse, name: str) -> None:
    response.delete_cookie(called(name), samesite="Lax")
