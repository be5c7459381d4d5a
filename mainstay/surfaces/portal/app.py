"""The portal as an app on a phone: what the browser asks for to install it, and the page without a connection."""

import json
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from mainstay.directory import languages
from mainstay.surfaces.web import assets, formats, shell
from mainstay.surfaces.web.answers import only
from mainstay.surfaces.web.jinja import environment

HOME, OFFLINE = "/portal/", "/portal/offline/"
# As --bg and --accent-fill of the light theme: a manifest knows no style sheet.
PAPER, PETROL = "#f3f1ed", "#006979"
LONGEST = 20  # as a tag of a language is
PUBLIC = "public, max-age=3600"


@only("GET", "HEAD")
def manifest(request: HttpRequest) -> HttpResponse:
    """What an installed portal is called and looks like; the same for everybody who reads this language."""
    built = assets.built()
    pictures = ((built.small, 192, "any"), (built.large, 512, "any"), (built.cut, 512, "maskable"))
    told = {
        "id": HOME,
        "start_url": HOME,
        "scope": HOME,
        "name": _("Help"),
        "short_name": _("Help"),
        "description": _("Ask for help, see where it stands, answer."),
        "lang": get_language() or "en",
        "dir": "rtl" if get_language_bidi() else "ltr",
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": PETROL,
        "icons": [
            {"src": built.mark, "type": "image/svg+xml", "sizes": "any"},
            *(
                {"src": src, "type": "image/png", "sizes": f"{side}x{side}", "purpose": purpose}
                for src, side, purpose in pictures
            ),
        ],
        "shortcuts": [
            {"name": _("New request"), "url": f"{HOME}ask/"},
            {"name": _("My requests"), "url": f"{HOME}requests/"},
        ],
    }
    return _public(json.dumps(told), "application/manifest+json")


@only("GET", "HEAD")
def service_worker(request: HttpRequest) -> HttpResponse:
    """Keeps the page for when nothing can be reached, and what that page is drawn with; nobody's data."""
    built = assets.built()
    page = f"{OFFLINE}?{urlencode({'language': _language(request)})}"
    kept = [page, *built.styles, *filter(None, (built.font, built.mark))]
    script = environment().get_template("portal/service-worker.js")
    return _public(
        script.render(kept=json.dumps(kept), offline=json.dumps(page)), "text/javascript"
    )


@only("GET", "HEAD")
def offline(request: HttpRequest) -> HttpResponse:
    """It stays in the browser, for whoever sits before it next: drawn as for a request that brings nothing along.

    What waits to be told is told by the next page that is read, not by one that is only kept.
    """
    nobody = HttpRequest()
    with formats.read_by(_language(request), None):
        unsigned = {"csrf_token": "", "csrf": "", "nonce": "", "title": _("No connection")}
        values = {**shell.frame(nobody), **shell.chrome(nobody), **unsigned}
        text = environment().get_template("portal/offline.html").render(values)
    return HttpResponse(text, headers={"Vary": "Accept-Language"})


def _language(request: HttpRequest) -> str:
    """The one the page that asks is in: what is asked for ahead tells of no person."""
    return languages.known(request.GET.get("language", "")[:LONGEST]) or get_language() or "en"


def _public(body: str, kind: str) -> HttpResponse:
    headers = {"Cache-Control": PUBLIC, "Vary": "Accept-Language"}
    return HttpResponse(body, content_type=kind, headers=headers)
