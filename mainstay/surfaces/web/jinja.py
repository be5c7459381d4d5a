"""The one template environment, and how a page or a fragment of it becomes a response."""

import hashlib
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from secrets import token_urlsafe
from typing import Any

from django.apps import apps
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from jinja2.ext import Extension
from markupsafe import Markup

from mainstay.directory import cookies
from mainstay.surfaces.web import assets, charts, flash, formats, namesakes, shell, ui

SURFACES = Path(__file__).parent.parent
# The two surfaces' own, and what a practice brings for panels and pages of its own.
FOLDERS = (
    SURFACES / "web" / "templates",
    SURFACES / "portal" / "templates",
    *(Path(app.path) / "templates" for app in apps.get_app_configs()),
)
MACROS = {
    "ui": "parts/ui.html",
    "forms": "parts/forms.html",
    "lists": "parts/lists.html",
    "chrome": "parts/chrome.html",
    "many": "parts/many.html",
    "pal": "parts/palette.html",
    "charts": "parts/charts.html",
    "rec": "parts/record.html",
    "talk": "parts/talk.html",
    "views": "parts/views.html",
    "work": "parts/work.html",
    "plans": "parts/plans.html",
    "maps": "parts/maps.html",
    "document": "parts/document.html",
    # Of the ones above: a macro knows those before it.
    "queue": "parts/queue.html",
}


class Flush(Extension):
    """How deep the markup of a template is indented is for who writes it: of a page it is a fiftieth, compressed."""

    INDENT = re.compile(r"(?<=\n)[ \t]+(?=<|\{\{)")

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        return self.INDENT.sub("", source) if name and name.endswith(".html") else source


@cache
def environment() -> Environment:
    env = Environment(
        loader=FileSystemLoader([str(folder) for folder in FOLDERS]),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", Flush],
    )
    env.install_gettext_callables(  # type: ignore[attr-defined]
        translation.gettext, translation.ngettext, newstyle=True, pgettext=translation.pgettext
    )
    env.globals.update(gettext=gettext, _=gettext)
    env.filters.update(formats.FILTERS, apart=namesakes.apart, sentence=flash.sentence)
    env.globals.update(ui.GLOBALS, assets=assets.built(), chart=charts)
    # Macros are globals so that a block rendered alone finds them too.
    for name, path in MACROS.items():
        env.globals[name] = env.get_template(path).module
    return env


def gettext(message: str, **values: Any) -> Markup:
    """Jinja's own goes three calls and two copies further for every word of a page."""
    text = Markup(formats.gettext(message))  # noqa: S704 - the words of a template or its catalogue
    return text % values if values or "%" in text else text


def page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    status: int = 200,
    block: str | None = None,
) -> HttpResponse:
    """The whole page, or the block that HX-Target names (`div#queue`; `div#menu-team` is menu).

    A template without blocks is a part of a page by itself, and asks for nothing that only whole pages show.
    """
    loaded = environment().get_template(template)
    values = {"nonce": "", **shell.frame(request), **(context or {})}
    block = block if block and "HX-Request" in request.headers else wanted_block(request, loaded)
    is_part = bool(block) or not loaded.blocks
    if is_part:
        text = "".join(fragment(loaded, block, values)) if block else loaded.render(values)
        body = text.encode()
        tag = tag_of(body, values["csrf_token"])
        # What was compressed on its way has come with a weak tag.
        asked = request.headers.get("If-None-Match", "").removeprefix("W/")
        if request.method == "GET" and asked == tag:
            return HttpResponse(status=304, headers={"ETag": tag})
    else:
        values.update(shell.chrome(request, status), nonce=token_urlsafe(16))
        body = loaded.render(values).encode()
    response = HttpResponse(body, status=status)
    # Written into the policy by what stands before every view: only what this page names itself may run in it.
    response.nonce = values["nonce"]  # type: ignore[attr-defined]
    patch_vary_headers(response, ["HX-Request", "HX-Target", "Cookie"])
    if is_part and request.method == "GET":
        response["ETag"] = tag
    if not is_part and cookies.read(request, flash.COOKIE):
        cookies.remove(response, flash.COOKIE)
    return response


def tag_of(body: bytes, token: str) -> str:
    """By which a page that looks again sees that nothing has changed; form tokens are drawn anew each time."""
    return f'"{hashlib.sha256(body.replace(token.encode(), b"")).hexdigest()[:24]}"'


def wanted_block(request: HttpRequest, template: Template) -> str | None:
    headers = request.headers
    if "HX-Request" not in headers or "HX-History-Restore-Request" in headers:
        return None
    name = headers.get("HX-Target", "").partition("#")[2]
    return next((n for n in (name, name.partition("-")[0]) if n in template.blocks), None)


def fragment(template: Template, block: str, values: dict[str, Any]) -> Iterable[str]:
    return template.blocks[block](template.new_context(values))
