"""How a view ends: a redirect with a sentence, a refusal in words, or the way to the sign-in."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import lru_cache, wraps
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.utils.encoding import iri_to_uri
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from mainstay.directory import languages, people
from mainstay.directory.audit import noting
from mainstay.pure.rules import Actor, By
from mainstay.records.errors import Denied, Illegal, Invalid, Missing, NoRoom, Refused, Stale
from mainstay.surfaces.web import flash, formats, shell
from mainstay.surfaces.web.jinja import page

View = Callable[..., HttpResponse]
# Of the forms on a page: what else would have to be typed again.
WORDS = ("title", "text", "message", "reason")
STATUS = {Missing: 404, Denied: 403, Illegal: 409, Stale: 409, Invalid: 422, NoRoom: 507}


def signed_in(view: View) -> View:
    """Sends strangers to the sign-in and turns every refusal of the engine into an answer."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.actor is None:
            return to_sign_in(request)
        if there := _in_the_portal(request):
            return redirect(there)
        with manners(request.actor):
            try:
                return view(request, *args, **kwargs)
            except Refused as refusal:
                noting.refused(request, By(request.actor, door(request)), refusal)
                return refused(request, refusal)

    return guarded


def _in_the_portal(request: HttpRequest) -> str:
    """The portal's own page of what somebody without a desk typed the workspace's address of; "" for all else."""
    if request.method not in ("GET", "HEAD") or is_fragment(request):
        return ""
    there, asked = shell.portal_page(request.actor, request.path_info), request.META["QUERY_STRING"]
    # The same page knows what was asked of it; another one does not.
    is_same = there == f"/portal{request.path_info}"
    return f"{there}?{asked}" if asked and is_same else there


def door(request: HttpRequest) -> str:
    """Which of the two surfaces for people this is."""
    return "portal" if request.path.startswith("/portal/") else "web"


@contextmanager
def manners(actor: Actor) -> Iterator[None]:
    """The person's own language and time zone, for as long as the answer is made."""
    language = languages.known(actor.language) or formats.reader()[0]
    with formats.read_by(language, _zone(actor.time_zone)):
        yield


@lru_cache(maxsize=256)
def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError):
        return None


def only(*methods: str) -> Callable[[View], View]:
    """Refuses every other method with 405, on a page: somebody may have typed where a form is sent."""

    def limit(view: View) -> View:
        @wraps(view)
        def limited(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method not in methods:
                refusal = error(request, 405, above=page_above(request.path_info))
                refusal["Allow"] = ", ".join(methods)
                return refusal
            return view(request, *args, **kwargs)

        limited.methods = methods  # type: ignore[attr-defined]
        return limited

    return limit


def page_above(path: str) -> str:
    """The nearest address above that shows a page: a record's, of what is done to it."""
    while (path := path.rstrip("/").rpartition("/")[0] + "/") != "/":
        with suppress(Resolver404):
            if "GET" in getattr(resolve(path).func, "methods", ()):
                return path
    return path


def to_sign_in(request: HttpRequest) -> HttpResponse:
    if is_fragment(request):
        return HttpResponse(status=401)
    if request.method == "POST" and (typed := _typed(request)):
        return error(request, 401, kept=typed, above="/sign-in")
    here = request.get_full_path() if request.method == "GET" else "/"
    return redirect(f"/sign-in?next={quote(here)}" if here != "/" else "/sign-in")


def redirect(url: str, toast: str = "", undo: str = "", named: Sequence[str] = ()) -> HttpResponse:
    """303, so that a reload never sends a form twice."""
    response = HttpResponse(status=303, headers={"Location": iri_to_uri(url)})
    return flash.leave(response, toast, undo, named)


def done(
    request: HttpRequest, url: str, toast: str = "", undo: str = "", named: Sequence[str] = ()
) -> HttpResponse:
    """The same for a form that was sent by htmx, which would follow a redirect by itself."""
    if not is_fragment(request):
        return redirect(url, toast, undo, named)
    return flash.leave(HttpResponse(headers={"HX-Redirect": url}), toast, undo, named)


def local(url: str | None, otherwise: str = "/") -> str:
    """A path of this site, or `otherwise`: nobody is sent elsewhere by a link they were given."""
    if url and url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None):
        return url
    return otherwise


def refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    status = status_of(refusal)
    if not is_fragment(request):
        return error(request, status, "" if status in (403, 404) else str(refusal), _typed(request))
    # A fragment's place in the page stays as it is; the sentence comes as a toast.
    response = HttpResponse(status=status, headers={"HX-Reswap": "none"})
    return tell(response, _("There is nothing here.") if status == 404 else str(refusal))


def _typed(request: HttpRequest) -> list[str]:
    """The sentences of a form that is refused on no page of its own; one word is typed again soon.

    Only of what is known to be words for others: a password may be a sentence, too, and is never shown.
    """
    texts = (text for name in WORDS for text in request.POST.getlist(name))
    return [text for text in texts if any(map(str.isspace, text.strip()))]


def status_of(refusal: Refused | None) -> int:
    """Of the answer that tells it; 200 where nothing was refused."""
    if refusal is None:
        return 200
    return next(code for kind, code in STATUS.items() if isinstance(refusal, kind))


def error(
    request: HttpRequest,
    status: int,
    reason: str = "",
    kept: Sequence[str] = (),
    above: str = "/",
    heading: str = "",
) -> HttpResponse:
    """A page of its own; where a fragment was asked for, a sentence and the page stays as it is.

    `kept` is what the person had typed and would else have to type again, `above` the page it leads to. Where a
    `heading` says what is the matter, no right is lacking.
    """
    if is_fragment(request):
        response = HttpResponse(status=status, headers={"HX-Reswap": "none"})
        return tell(response, reason or _("This did not work. What you typed is still here."))
    actor = getattr(request, "actor", None)
    lacks_a_right = status == 403 and not heading
    helpers = people.administrators(actor) if lacks_a_right and actor is not None else []
    context = {
        "status": status,
        "reason": reason,
        "kept": kept,
        "above": above,
        "heading": heading,
        "helpers": helpers,
    }
    return page(request, "web/error.html", context, status=status)


def in_dialog(response: HttpResponse) -> HttpResponse:
    """Shows a form that was refused in the dialog, wherever its answer was meant to go."""
    response["HX-Retarget"], response["HX-Reswap"] = "#dialog", "innerHTML"
    return response


def tell(
    response: HttpResponse, toast: str, undo: str = "", *, named: Sequence[str] = (), **events: Any
) -> HttpResponse:
    """A toast, and other events, for the page that is already open; `undo` is where a form undoes it.

    `named` are the numbers in the sentence that lead to their records.
    """
    told: dict[str, Any] = {name: {"target": "body", **detail} for name, detail in events.items()}
    if toast:
        words = flash.sentence(toast)
        told["toast"] = {"text": words, "undo": undo, "named": list(named), "target": "body"}
    if told:
        response["HX-Trigger"] = json.dumps(told)
    return response


def taken_back(
    request: HttpRequest, url: str, toast: str, named: Sequence[str] = ()
) -> HttpResponse:
    """After an Undo: the page in sight looks anew by itself where it was pressed in a toast, else one goes to `url`."""
    if not is_fragment(request):
        return redirect(url, toast, named=named)
    return tell(HttpResponse(status=204), toast, named=named, **{"taken-back": {}})


def is_fragment(request: HttpRequest) -> bool:
    return "HX-Request" in request.headers


def target_of(request: HttpRequest) -> str:
    """The id of the part of a page that is asked for; htmx names its tag before."""
    return request.headers.get("HX-Target", "").partition("#")[2]
