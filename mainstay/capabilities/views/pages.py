"""What is done with the views of a list: save, save as, rename, move, delete, and bring back."""

from collections.abc import Callable, Sequence

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from mainstay.capabilities.views import queries as kept
from mainstay.capabilities.views.record import GLOBAL, PERSONAL, TEAM, view
from mainstay.pure.conditions import text_of
from mainstay.records import commands, where
from mainstay.records.errors import Invalid, Missing
from mainstay.surfaces.web import addresses, filtering, forms, tabs
from mainstay.surfaces.web.addresses import ListState
from mainstay.surfaces.web.answers import done, in_dialog, only, redirect, signed_in
from mainstay.surfaces.web.back import address
from mainstay.surfaces.web.jinja import page
from mainstay.surfaces.web.pages import by, type_named
from mainstay.surfaces.web.tabs import Saved


def _state(request: HttpRequest, plural: str) -> ListState:
    return addresses.state_of(type_named(plural), request.GET, request.actor)


def _gone(request: HttpRequest, state: ListState) -> HttpResponse:
    """To the same list where its view went, or is for others by now, while somebody looked at it. Raises Missing.

    The page says so, and what was changed can be saved as another view.
    """
    if "view" not in state.unmet or not tabs.may_save(request.actor):
        raise Missing(_("saved view"))
    return done(request, f"/{state.rtype.plural}/?{request.GET.urlencode()}")


@signed_in
@only("GET", "HEAD", "POST")
def new(request: HttpRequest, plural: str) -> HttpResponse:
    """Asks for a name and for whom, then keeps what one looks at."""
    state, actor = _state(request, plural), request.actor
    if not tabs.may_save(actor):
        raise Missing
    if request.method != "POST":
        return _form(request, state, "new")
    scope, _colon, team = request.POST.get("for", PERSONAL).partition(":")
    data = _kept(request, state) | {
        "title": request.POST.get("title", "").strip(),
        "record_type": state.rtype.name,
        "scope": scope,
        "team": team or None,
    }
    try:
        made = commands.create(view, data, by(request))
    except Invalid as refusal:
        return _form(request, state, "new", forms.summary(refusal.fields, view))
    toast = _("“%(name)s” is saved") % {"name": made.title}
    return done(request, addresses.url_as_kept(state.rtype, made.number, data), toast)


def _kept(request: HttpRequest, state: ListState) -> dict[str, str]:
    """All that decides what is shown: a declared view's condition and order belong to it. Raises Invalid."""
    rtype, actor = state.rtype, request.actor
    found = state.kept() | {"order": state.order or state.view.order}
    if state.view.where:
        parts = [where.parse(rtype, actor, text) for text in (state.view.where, state.filter)]
        whole = filtering.joined(*parts)
        found["filter"] = text_of(whole) if whole else ""
    return found


@signed_in
@only("GET", "HEAD", "POST")
def name(request: HttpRequest, plural: str) -> HttpResponse:
    """Another name for the view one looks at."""
    state = _state(request, plural)
    if not isinstance(current := state.view, Saved):
        return _gone(request, state)
    if request.method != "POST":
        return _form(request, state, "name")
    title = request.POST.get("title", "").strip()
    try:
        commands.change(view, current.name, {"title": title}, by(request))
    except Invalid as refusal:
        return _form(request, state, "name", forms.summary(refusal.fields, view))
    return done(request, state.url(), _("It is called “%(name)s” now") % {"name": title})


def _form(
    request: HttpRequest, state: ListState, word: str, errors: Sequence[tuple[str, str]] = ()
) -> HttpResponse:
    """The dialog for a name, empty or again with what does not fit."""
    is_new = word == "new"
    typed = request.POST.get("title")
    context = {
        "title": _("Save as a view") if is_new else _("Rename the view"),
        "state": state,
        "rtype": state.rtype,
        "action": state.below(f"view/{word}"),
        "readers": _readers(request) if is_new else [],
        "chosen": request.POST.get("for", PERSONAL),
        "typed": typed if typed is not None else "" if is_new else state.view.label,
        "errors": errors,
    }
    response = page(
        request,
        "views/name.html",
        context,
        status=422 if errors else 200,
        block="dialog" if errors else None,
    )
    return in_dialog(response) if errors else response


def _readers(request: HttpRequest) -> list[tuple[str, str]]:
    """For whom it may be kept, as a form sends it and as people read it."""
    words: dict[str, Callable[[kept.Reader], tuple[str, str]]] = {
        PERSONAL: lambda _reader: (PERSONAL, _("For me")),
        TEAM: lambda r: (f"{TEAM}:{r.team}", _("For the team %(name)s") % {"name": r.title}),
        GLOBAL: lambda _reader: (GLOBAL, _("For everybody who works here")),
    }
    return [words[reader.scope](reader) for reader in kept.readers(request.actor)]


@signed_in
@only("POST")
def keep(request: HttpRequest, plural: str) -> HttpResponse:
    """The view as one looks at it now."""
    state = _state(request, plural)
    if not isinstance(current := state.view, Saved):
        return _gone(request, state)
    try:
        made = commands.change(view, current.name, state.kept(), by(request))
    except Invalid as refusal:
        return redirect(state.url(), tabs.sentence(refusal))
    # Somebody else may have saved it meanwhile: what was theirs is not gone.
    undo = address(view, current.name, made.last_event)
    return redirect(state.url(), _("“%(name)s” is saved") % {"name": current.label}, undo)


@signed_in
@only("POST")
def place(request: HttpRequest, plural: str) -> HttpResponse:
    """One tab to the left, to the right, or to the front."""
    state = _state(request, plural)
    if not isinstance(current := state.view, Saved):
        return _gone(request, state)
    others = [each for each in state.row if each is not current]
    at = state.row.index(current)
    ways = {"left": at - 1, "right": at + 1, "first": 0}
    to = request.POST.get("to", "")
    if to not in ways:
        raise Missing
    position = tabs.place_at(state.rtype, others, max(0, ways[to]))
    commands.change(view, current.name, {"position": position}, by(request))
    return redirect(state.url())


@signed_in
@only("POST")
def delete(request: HttpRequest, plural: str) -> HttpResponse:
    state = _state(request, plural)
    if not isinstance(current := state.view, Saved):
        return _gone(request, state)
    commands.remove(view, current.name, by(request))
    toast = _("“%(name)s” is deleted") % {"name": current.label}
    return redirect(f"/{plural}/", toast, f"/{plural}/view/{current.name}/back/")


@signed_in
@only("POST")
def back(request: HttpRequest, plural: str, key: str) -> HttpResponse:
    """Undo of that: to the list, with the view where it was."""
    rtype = type_named(plural)
    restored = commands.restore(view, key, by(request))
    toast = _("“%(name)s” is back") % {"name": restored.title}
    keeps = {word: getattr(restored, word) for word in tabs.KEPT}
    return done(request, addresses.url_as_kept(rtype, restored.number, keeps), toast)
