"""How a view ends: a redirect with a sentence, a refusal in words, or the way to the sign-in."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import lru_cache, wraps
from http import HTTPStatus
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
from mainstay.pure.kinds import FieldKind
from mainstay.pure.numbers import SPELLING
from mainstay.pure.rules import Actor, By
from mainstay.records import fields
from mainstay.records.errors import Denied, Illegal, Invalid, Missing, NoRoom, Refused, Stale
from mainstay.records.types import shelf
from mainstay.surfaces.web import flash, formats, shell
from mainstay.surfaces.web.jinja import page

View = Callable[..., HttpResponse]
# What is typed into a form beside the fields of a record: what is said with a step, and what something is called.
WORDS = ("title", "text", "message", "reason", "name")
WRITTEN = (FieldKind.TEXT, FieldKind.LONG, FieldKind.REF)
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
                answer = view(request, *args, **kwargs)
                return _portal(request) if _is_anothers_desk(request, answer) else answer
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


def _portal(request: HttpRequest) -> HttpResponse:
    """Where the portal has a page at the same address below its own that one, else where it begins."""
    there = f"/portal{request.path_info}"
    with suppress(Resolver404):
        # Else it is read as an address of the workspace, which has lists of any name.
        if resolve(there).route.startswith("portal/") and "GET" in _methods(there):
            return redirect(there)
    return redirect("/portal/")


def _is_anothers_desk(request: HttpRequest, answer: HttpResponse) -> bool:
    """Whether it is a page of the workspace, for somebody who has no desk there."""
    is_asked = request.method in ("GET", "HEAD") and not is_fragment(request)
    if not is_asked or door(request) == "portal" or shell.works_here(request.actor):
        return False
    return answer.status_code == 200 and not answer.streaming and is_whole_page(answer)


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
        if "GET" in _methods(path):
            return path
    return path


def _methods(path: str) -> Sequence[str]:
    """What may be done at an address; nothing where there is none."""
    with suppress(Resolver404):
        return getattr(resolve(path).func, "methods", ())
    return ()


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """And from there back to the page; what was typed into a form of it is given back before."""
    if is_fragment(request):
        return HttpResponse(status=401)
    here = page_of(request)
    door = f"/sign-in?next={quote(here)}" if here != "/" else "/sign-in"
    if request.method == "POST" and (kept := typed(request)):
        return error(request, 401, kept=kept, above=door)
    return redirect(door)


def page_of(request: HttpRequest) -> str:
    """The page that is asked for, or that the form which was sent stands on: nothing is sent by going there."""
    if request.method in ("GET", "HEAD") or "GET" in _methods(request.path_info):
        return request.get_full_path()
    return page_above(request.path_info)


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
        return error(request, status, "" if status in (403, 404) else str(refusal), typed(request))
    # A fragment's place in the page stays as it is; the sentence comes as a toast.
    response = HttpResponse(status=status, headers={"HX-Reswap": "none"})
    return tell(response, _("There is nothing here.") if status == 404 else str(refusal))


def typed(request: HttpRequest) -> list[str]:
    """What somebody wrote into a form that is refused on no page of its own, and would have to write again.

    Only of what is known to be written by hand: a password is never shown, and what was chosen or is hidden in the
    form says nothing to a person.
    """
    asked, written = request.POST, dict.fromkeys(WORDS, FieldKind.LONG) | _written(request)
    return [
        text.strip()
        for name in asked
        if name in written
        for text in asked.getlist(name)
        # Of another record only a name was written; a number is what was chosen.
        if text.strip() and not (written[name] is FieldKind.REF and _is_number(text))
    ]


def _written(request: HttpRequest) -> dict[str, FieldKind]:
    """The fields that are written, of the type a form is for, or of all where its address names none."""
    there = request.resolver_match.kwargs if request.resolver_match else {}
    types = [rtype for rtype in shelf if there.get("plural", rtype.plural) == rtype.plural]
    found = {f.name: f.kind for rtype in types for f in fields.of(rtype).values() if _is_written(f)}
    # A field that is changed where it stands is sent as its value.
    return found | ({"value": found[there["name"]]} if there.get("name") in found else {})


def _is_number(text: str) -> bool:
    spelled = SPELLING.fullmatch(text)
    return spelled is not None and any(spelled[1].upper() == rtype.prefix for rtype in shelf)


def _is_written(field: fields.Field) -> bool:
    return field.kind in WRITTEN and not field.choices


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


def is_whole_page(answer: HttpResponse) -> bool:
    """Of what was asked for without a script, what is no file and no part of a page."""
    return answer.content.lstrip()[:9].lower() == b"<!doctype"


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
        if response.status_code >= HTTPStatus.BAD_REQUEST:
            told["toast"]["lasts"] = True
    if told:
        response["HX-Trigger"] = json.dumps(told)
    return response


def taken_back(
    request: HttpRequest, url: str, toast: str, named: Sequence[str] = ()
) -> HttpResponse:
    """After an Undo: to `url`; from a toast or a dialog the page in sight looks anew itself, and the dialog closes."""
    if not is_fragment(request):
        return redirect(url, toast, named=named)
    return tell(
        HttpResponse(status=204), toast, named=named, **{"taken-back": {}, "close-dialog": {}}
    )


def is_fragment(request: HttpRequest) -> bool:
    return "HX-Request" in request.headers


def target_of(request: HttpRequest) -> str:
    """The id of the part of a page that is asked for; htmx names its tag before."""
    return request.headers.get("HX-Target", "").partition("#")[2]
