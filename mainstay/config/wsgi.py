"""What a WSGI server loads: the product, and its compiled style sheets, scripts and fonts."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any
from wsgiref.headers import Headers

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from whitenoise import WhiteNoise

import mainstay
from mainstay.config.bodies import Bodies
from mainstay.config.headers import of_a_file

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mainstay.config.settings.base")

COMPILED = Path(mainstay.__file__).parent / "surfaces" / "web" / "static" / "dist"
KEPT = "/dist/assets/"
AN_HOUR = 3600
THREADS = 4  # of each web process; one of them never waits for a body


def with_static_files(pages: Callable[..., Any]) -> WhiteNoise:
    """Files below assets/ carry a hash of their content in their name, so browsers keep them."""
    files = WhiteNoise(
        pages,
        autorefresh=settings.DEBUG,
        max_age=AN_HOUR,
        allow_all_origins=False,
        immutable_file_test=lambda _path, url: KEPT in url,
        add_headers_function=guard,
    )
    if COMPILED.is_dir():
        files.add_files(COMPILED, prefix="/static/dist/")
        # What the build left for us to read is nobody else's to fetch.
        files.files = {url: file for url, file in files.files.items() if "/." not in url}
        for url, file in files.files.items():
            if KEPT in url:
                file.alternatives = [(*way, _unasked(told)) for *way, told in file.alternatives]
    return files


def _unasked(headers: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Without what a browser would ask again by: it never does, and a first view fetches ten of them."""
    return [(name, value) for name, value in headers if name not in ("Last-Modified", "ETag")]


def guard(headers: Headers, _path: str, _url: str) -> None:
    """The files are sent before any middleware is asked."""
    for name, value in of_a_file().items():
        headers[name] = value


application = with_static_files(Bodies(get_wsgi_application(), places=THREADS - 1))
