"""Every page somebody can open is one of those that are photographed and judged, or says here why not."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from django.urls import URLPattern, URLResolver, get_resolver, resolve

from tests.browser.shots import PAGES

# Where no pictures are: answers for programs, fragments of other pages, and what only leads elsewhere.
NO_PAGE = {
    "mainstay.config.health.show": "a word for whoever watches the server",
    "mainstay.surfaces.web.files.download": "a file, as it was sent in",
    "mainstay.surfaces.web.pages.find": "leads on to the record",
    "mainstay.surfaces.web.pages.options": "what a field offers: looked at in the fields it belongs to",
    "mainstay.surfaces.web.linking.link": "what a record can be linked to, below the box: tests/browser/test_record.py",
    "mainstay.surfaces.web.signin.first_visit": "is there once for each link: tests/surfaces/web/test_signin.py",
    "mainstay.capabilities.search.pages.lately": "part of the page of search, photographed as `search`",
    "mainstay.capabilities.search.pages.similar": "part of the form for a new record",
    "mainstay.capabilities.search.pages.suggestions": "below the box, photographed as `suggest`",
    "mainstay.capabilities.search.pages.own_suggestions": "below the box, photographed as `portal-suggest`",
    "mainstay.capabilities.conversation.pages.mentions": "below the text: tests/browser/test_writing.py",
    "mainstay.capabilities.views.pages.new": "in the dialog, photographed as `queue-save-view`",
    "mainstay.capabilities.views.pages.name": "in the dialog, as for a new one",
    "mainstay.surfaces.web.palette.show": "over a page, photographed as `palette`",
    "mainstay.surfaces.web.export.csv_file": "a file",
    "mainstay.surfaces.web.rowwise.menu": "at a row, photographed as `queue-cell`",
    "mainstay.capabilities.telling.pages.latest": "below the bell, photographed as `bell`",
    "mainstay.capabilities.telling.pages.latest_own": "below the bell of the portal",
    "mainstay.capabilities.telling.pages.bell": "the bell alone, for a page that is open",
    "mainstay.capabilities.telling.pages.bell_own": "the bell alone, for a page that is open",
    "mainstay.surfaces.portal.app.manifest": "what a phone reads to install the portal",
    "mainstay.surfaces.web.parts.sheet": "a sheet of styles",
    "mainstay.surfaces.portal.app.service_worker": "the script that keeps the page for no connection",
}


def views(patterns: list[URLPattern | URLResolver], above: str = "") -> Iterator[tuple[str, str]]:
    """The route and the name of everything that answers to GET; programs have the API."""
    for pattern in patterns:
        route = f"{above}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            if route != "api/":
                yield from views(pattern.url_patterns, route)
        elif "GET" in getattr(pattern.callback, "methods", ("GET",)):
            yield route, name_of(pattern.callback)


def name_of(view: object) -> str:
    return f"{view.__module__}.{getattr(view, '__name__', view)}"


def test_every_page_is_photographed() -> None:
    seen = {name_of(resolve(urlsplit(url).path).func) for _login, url in PAGES.values()}
    missing = [
        f"{route}: {name}"
        for route, name in views(get_resolver().url_patterns)
        if name not in seen | NO_PAGE.keys()
    ]
    assert missing == []


def test_what_is_no_page_is_still_there() -> None:
    there = {name for _route, name in views(get_resolver().url_patterns)}
    assert NO_PAGE.keys() - there == set()
