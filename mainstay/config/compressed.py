"""Pages travel compressed: the sheets and scripts are since they were built, and the markup is most of a later view."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.middleware.gzip import GZipMiddleware


class Compressed(GZipMiddleware):
    """Markup alone. Django's adds bytes of chance, so that the length of a page tells nobody what is on it.

    Answers of the API are smaller and many, and files that are fetched are often compressed already.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if not response.headers.get("Content-Type", "").startswith("text/html"):
            return response
        return super().process_response(request, response)
