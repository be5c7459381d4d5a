"""Signing in and out, and the one-time link for the first administrator."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from mainstay.directory import cookies, own
from mainstay.directory.actors import SESSION_COOKIE, by_session
from mainstay.directory.signin import password, sessions, throttle, welcome
from mainstay.directory.signin.form_token import of_nobody
from mainstay.directory.signin.password import DOOR
from mainstay.pure.rules import Actor, By
from mainstay.records.errors import Invalid, Missing
from mainstay.surfaces.web import shell
from mainstay.surfaces.web.answers import error, is_fragment, local, only, redirect, tell
from mainstay.surfaces.web.formats import say
from mainstay.surfaces.web.jinja import page

A_YEAR = 365 * 24 * 3600


@of_nobody
@only("GET", "HEAD", "POST")
def sign_in(request: HttpRequest) -> HttpResponse:
    """An unknown login and a wrong password are answered alike."""
    target = local(request.POST.get("next") or request.GET.get("next"))
    if request.method != "POST":
        # Somebody did meanwhile, in another tab.
        is_in = request.actor is not None
        return _entered(request, target, request.actor) if is_in else _form(request, target)
    login = request.POST.get("username", "")
    try:
        secret = password.sign_in(
            login,
            request.POST.get("password", ""),
            throttle.address_of(request),
            request.headers.get("User-Agent", ""),
        )
    except password.TooMany as closed:
        response = _form(request, target, login, str(closed), status=429)
        response["Retry-After"] = str(closed.seconds)
        return response
    if secret is None:
        return _form(
            request, target, login, _("This login and password do not belong together."), status=422
        )
    actor = by_session(secret)
    return with_habits(with_session(_entered(request, target, actor), secret), actor)


def _entered(request: HttpRequest, target: str, actor: Actor | None) -> HttpResponse:
    """Over a page that is still open one stays where one is; whose page it was is for that page to compare."""
    if not is_fragment(request):
        return redirect(target)
    person = actor.number if actor else ""
    return tell(HttpResponse(status=204), "", **{"signed-in": {"person": person}})


def _form(
    request: HttpRequest, target: str, login: str = "", complaint: str = "", status: int = 200
) -> HttpResponse:
    context = {"title": _("Sign in"), "next": target, "login": login, "complaint": complaint}
    return page(request, "web/signin.html", context, status=status)


@only("POST")
def sign_out(request: HttpRequest) -> HttpResponse:
    secret = cookies.read(request, SESSION_COOKIE)
    if secret and request.actor is not None:
        sessions.end(secret, By(request.actor, DOOR), throttle.address_of(request))
    # What is kept in this browser goes, and with it what shows the portal without a connection: the way back to the
    # portal brings it again.
    has_portal = request.actor is not None and not shell.works_here(request.actor)
    response = redirect("/sign-in?next=/portal/" if has_portal else "/sign-in")
    cookies.remove(response, SESSION_COOKIE)
    # What was typed and kept in this browser is nobody's business after the person has left.
    response["Clear-Site-Data"] = '"storage"'
    return response


@only("GET", "HEAD", "POST")
def first_visit(request: HttpRequest, secret: str) -> HttpResponse:
    """The first administrator of a new site makes their account."""
    if not welcome.is_open(secret):
        return error(request, 404)
    values = {name: request.POST.get(name, "") for name in ("name", "username")}
    context = {"title": _("Welcome"), "values": values, "errors": {}}
    if request.method != "POST":
        return page(request, "web/welcome.html", context)
    try:
        person = welcome.accept(
            secret,
            values["name"],
            values["username"],
            request.POST.get("password", ""),
        )
    except Invalid as refusal:
        context["errors"] = {
            _FIELD.get(n, n): [say(m) for m in messages] for n, messages in refusal.fields.items()
        }
        return page(request, "web/welcome.html", context, status=422)
    except Missing:
        return error(request, 404)
    return with_session(redirect("/"), begun(request, person))


# What the welcome page calls the fields of a person.
_FIELD = {"title": "name"}


def with_session(response: HttpResponse, secret: str) -> HttpResponse:
    cookies.leave(response, SESSION_COOKIE, secret, int(sessions.LASTS.total_seconds()))
    return response


def begun(request: HttpRequest, person: int) -> str:
    """The secret of a new session of this browser."""
    return sessions.begin(
        person, throttle.address_of(request), request.headers.get("User-Agent", "")
    )


def with_habits(response: HttpResponse, actor: Actor | None) -> HttpResponse:
    """What the person chose elsewhere holds in this browser as well."""
    return wear(response, own.habits(actor.id)) if actor else response


def wear(response: HttpResponse, habits: own.Habits) -> HttpResponse:
    """Both are plain cookies: they are no secret, and the theme is also set by a script."""
    for name, value in (("theme", habits.theme), ("letters", "" if habits.has_letters else "off")):
        if value:
            response.set_cookie(
                name, value, max_age=A_YEAR, samesite="Lax", secure=settings.CSRF_COOKIE_SECURE
            )
        else:
            response.delete_cookie(name, samesite="Lax")
    return response
