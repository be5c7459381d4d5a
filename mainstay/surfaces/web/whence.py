"""What a browser says of the page it asks from, or for: what anybody may have written, read in this one place."""

from urllib.parse import SplitResult, urlsplit

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, QueryDict

NOWHERE = SplitResult("", "", "", "", "")


def page(request: HttpRequest) -> SplitResult:
    """The page that asks for a part of itself, or on which a form stood; nowhere without a script."""
    return _read(request, "HX-Current-URL")


def before(request: HttpRequest) -> SplitResult:
    """The page one comes from, where the browser tells."""
    return _read(request, "Referer")


def asked_by(request: HttpRequest) -> QueryDict:
    """What the address of the page that asks says; nothing where no list of names and values can be made of it."""
    try:
        return QueryDict(page(request).query)
    except SuspiciousOperation:
        return QueryDict("")


def is_ahead(request: HttpRequest) -> bool:
    """Whether a page is only fetched ahead, and nobody looks at it yet."""
    return "prefetch" in request.headers.get("Sec-Purpose", "")


def _read(request: HttpRequest, header: str) -> SplitResult:
    """An unreadable address is none: what was asked for was done, and is answered."""
    try:
        return urlsplit(request.headers.get(header, ""))
    except ValueError:
        return NOWHERE
