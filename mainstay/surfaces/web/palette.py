"""The command palette: where one may go, what there is, and what can be done, for what was typed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from mainstay.pure import text
from mainstay.pure.language import within
from mainstay.pure.numbers import SPELLING
from mainstay.pure.rules import Actor
from mainstay.records import by_title, fields, queries
from mainstay.records.errors import Missing
from mainstay.records.rows import Row
from mainstay.records.types import RecordType, shelf
from mainstay.surfaces.web import keys, record, shell
from mainstay.surfaces.web.answers import is_fragment, only, redirect, signed_in
from mainstay.surfaces.web.formats import say
from mainstay.surfaces.web.jinja import page
from mainstay.surfaces.web.ui import STATE_GLYPHS

LONGEST = 200
# So many of one kind are shown once something was typed.
MOST = 8
RECENT = 6
# From so many letters on a word for creating means all that can be created, not what happens to begin so.
MEANT = 3
# The page of a record, or of a list: what is done there comes first.
PLACE = re.compile(r"/([a-z-]{1,40})/(?:([A-Za-z]{1,12}-\d{1,18})/)?", re.ASCII)


@dataclass(frozen=True)
class Option:
    """One line. `opens` says how: "" goes to `href`, "dialog" fetches it into the dialog, "post" sends it.

    Where the page has what `click` selects, that is pressed instead. The answer to what is sent goes to `place`, where
    one stays in a list. `words` find it as well as its label does.
    """

    label: str
    href: str
    icon: str
    note: str = ""
    opens: str = ""
    click: str = ""
    place: str = ""
    words: str = ""


@dataclass(frozen=True)
class Section:
    """Lines of one kind under their name; of the `page` is what a script finds there that can be done."""

    label: str
    options: Sequence[Option]
    of_page: bool = False


@dataclass(frozen=True)
class Finder:
    """What finds records: by words, and the ones of some numbers, each as far as the actor sees them."""

    words: Callable[[Actor, str], Sequence[Option]]
    numbers: Callable[[Actor, Sequence[str]], Sequence[Option]]


Places = Callable[[Actor], Iterable[Option]]
_finders: list[Finder] = []
_places: list[Places] = []


def install(finder: Finder, *places: Places) -> None:
    """Called once at startup; `places` are more pages a person may open, such as views of their own."""
    _finders[:] = [finder]
    _places[:] = places


@signed_in
@only("GET", "HEAD")
def show(request: HttpRequest) -> HttpResponse:
    """The lines for what was typed (`q`) on a page (`at`); without a script, the search."""
    typed = request.GET.get("q", "").strip()[:LONGEST]
    if not is_fragment(request):
        return redirect("/search/")
    actor, at, row = (
        request.actor,
        *(request.GET.get(name, "")[:LONGEST] for name in ("at", "row")),
    )
    here = [*_here(actor, at, row), Section(_("On this page"), (), of_page=True)]
    if typed:
        sections = _for(actor, typed, at, here)
    else:
        recent = request.GET.get("recent", "")[:LONGEST].split(",")[:RECENT]
        sections = _at_first(actor, at, [number for number in recent if number], here)
    shown = [one for one in sections if one.options or one.of_page]
    context = {"sections": shown, "typed": typed}
    return page(request, "web/palette.html", context, block="lines")


def _at_first(
    actor: Actor, at: str, recent: Sequence[str], around: Sequence[Section]
) -> list[Section]:
    here = PLACE.fullmatch(at)
    others = [number for number in recent if not here or number != here[2]]
    shown = [o for finder in _finders for o in (finder.numbers(actor, others) if others else ())]
    return [
        Section(_("Recent"), shown),
        *around,
        Section(_("Go to"), _pages(actor)),
        Section(_("Do"), [*_creations(actor), *_always()]),
    ]


def _for(actor: Actor, typed: str, at: str, around: Sequence[Section]) -> list[Section]:
    if found := _numbered(actor, typed):
        rtype, row, verb = found
        own = Option(row["title"], _address(rtype, row), rtype.icon, row["number"])
        acts = [o for o in _acts(rtype, actor, row, at) if _finds(verb, o)]
        return [
            Section(say(rtype.label_plural), [] if verb else [own]),
            Section(_("On %(number)s") % {"number": row["number"]}, acts),
            Section("", [own] if verb and not acts else []),
        ]
    if acts := _bare_numbered(actor, typed, at):
        return acts
    places = Section(_("Go to"), [*_pages(actor), *_views(actor, at)])
    fitting = [
        replace(one, options=[o for o in one.options if _finds(typed, o)][:MOST])
        for one in (*around, places)
    ]
    always = [option for option in _always() if _finds(typed, option)]
    fitting.append(Section(_("Do"), [*_creations_for(actor, typed), *always]))
    records = [option for finder in _finders for option in finder.words(actor, typed)]
    everything = Option(
        _("Search everything for “%(words)s”") % {"words": typed},
        "/search/?" + urlencode({"q": typed}),
        "search",
    )
    meant_first = sorted(fitting, key=lambda one: _distance(typed, one))
    return [*meant_first, Section(_("Records"), records), Section("", [everything])]


def _distance(typed: str, section: Section) -> int:
    """Lines that are called what was typed stand before those that begin so, whatever page shows the others."""
    said = text.words(typed)
    if len("".join(said)) < MEANT:
        return 2
    if any(text.words(option.label) == said for option in section.options):
        return 0
    return 2 - any(_begins(option, said) for option in section.options)


def _begins(option: Option, said: Sequence[str]) -> bool:
    label, words = text.words(option.label), text.words(option.words)
    is_called_so = len(label) >= len(said) and all(map(str.startswith, label, said))
    return is_called_so or any(word.startswith(said[0]) for word in words)


def _finds(typed: str, option: Option) -> bool:
    return _fits(typed, f"{option.label} {option.words}")


def _fits(typed: str, label: str) -> bool:
    """Whether each word that was typed begins one of the label; what has no letter or digit begins nothing."""
    there, said = text.words(label), text.words(typed)
    begins = all(any(word.startswith(one) for word in there) for one in said)
    return begins and bool(said or not typed)


def _creations_for(actor: Actor, typed: str) -> list[Option]:
    """All that can be created for a word that says so, else those whose label has the words."""
    every, verbs = _creations(actor), _verbs()
    if any(
        verb.startswith(word)
        for word in text.words(typed)
        if len(word) >= MEANT
        for verb in text.words(verbs)
    ):
        return [option for option in every if _fits(typed, f"{option.label} {verbs}")]
    return [option for option in every if _fits(typed, option.label)][:MOST]


def _numbered(actor: Actor, typed: str) -> tuple[RecordType, Row, str] | None:
    """The record whose number begins what was typed, and the words behind it: `INC-3 resolve`, `inc 3`."""
    for parts in (1, 2):
        words = typed.split(None, parts)
        number, verb = " ".join(words[:parts]), " ".join(words[parts:])
        if not SPELLING.fullmatch(number):
            continue
        try:
            return *queries.find(actor, number), verb
        except Missing:
            return None
    return None


def _bare_numbered(actor: Actor, typed: str, at: str) -> list[Section]:
    """What is done with the records of a number without its letters, `1179 assign`; of the list at hand first."""
    number, _blank, verb = typed.partition(" ")
    if not verb.strip() or not SPELLING.fullmatch(f"X{number}"):
        return []
    types = sorted(shell.seen_by(actor), key=lambda rtype: not at.startswith(f"/{rtype.plural}/"))
    named = {rtype: f"{rtype.prefix}-{int(number)}" for rtype in types}
    there = by_title.titles(actor, {(rtype.name, one) for rtype, one in named.items()})
    found = [
        section
        for rtype, one in named.items()
        if (rtype.name, one) in there
        for section in _on_record(rtype, actor, one, at)
    ]
    fitting = [replace(one, options=[o for o in one.options if _finds(verb, o)]) for one in found]
    return [one for one in fitting if one.options]


def _here(actor: Actor, at: str, at_row: str) -> list[Section]:
    """What can be done where one is: to a record, or in a list to the row one stands on."""
    place = PLACE.fullmatch(at)
    rtype = shelf.by_plural(place[1]) if place else None
    if place is None or rtype is None or rtype not in shell.seen_by(actor):
        return []
    if not place[2]:
        views = Section(say(rtype.label_plural), list(_views_of(rtype)))
        return [*_on_record(rtype, actor, at_row, at), views]
    return _on_record(rtype, actor, place[2], at)


def _on_record(rtype: RecordType, actor: Actor, number: str, at: str) -> list[Section]:
    try:
        row = queries.one(rtype, actor, number, names=()) if SPELLING.fullmatch(number) else None
    except Missing:
        row = None
    if row is None:
        return []
    acts = list(_acts(rtype, actor, row, at))
    if at != _address(rtype, row):
        # One stays in the list, and looks on at the row.
        row_of = f"#{row['number']}"
        acts = [replace(o, place=row_of) if o.opens == "post" else o for o in acts]
        own = Option(row["title"], _address(rtype, row), rtype.icon, row["number"])
        acts.insert(0, own)
    return [Section(_("On %(number)s") % {"number": row["number"]}, acts)]


def _address(rtype: RecordType, row: Row) -> str:
    return f"/{rtype.plural}/{row['number']}/"


def _acts(rtype: RecordType, actor: Actor, row: Row, at: str) -> Iterable[Option]:
    """Its legal moves, its fields, and the rest of what this person may do on it."""
    base = _address(rtype, row)
    is_here = at == base
    for move in record.moves(rtype, actor, row):
        asks = move.has_dialog
        yield Option(
            say(move.label),
            f"{base}move/{move.name}/",
            # The shape of the state it leads to; a move that stays where it is wears what its type does.
            STATE_GLYPHS[rtype.lifecycle.state(move.target).kind] if move.target else rtype.icon,
            opens="dialog" if asks else "post",
        )
    if queries.may(rtype, actor, "note", row) and rtype.has("conversation"):
        yield Option(
            _("Write a reply or a note"),
            f"{base}#end",
            "message",
            click=_on("ms-composer textarea", is_here=is_here),
        )
    if queries.may(rtype, actor, "change", row):
        yield Option(_("Edit"), f"{base}edit/", "pencil")
        yield from _fields(rtype, actor, row, is_here=is_here)
        if rtype.links:
            yield Option(
                _("Link a record"),
                f"{base}#links",
                "link",
                click=_on("[popovertarget=add-link]", is_here=is_here),
            )
    if queries.may(rtype, actor, "remove", row):
        yield Option(_("Remove…"), f"{base}remove/", "trash", opens="dialog")


def _on(selector: str, *, is_here: bool) -> str:
    return selector if is_here else ""


def _fields(rtype: RecordType, actor: Actor, row: Row, *, is_here: bool) -> Iterable[Option]:
    """Who has it first: that is changed most."""
    there = fields.readable(rtype, actor, row.facts)
    changed = [
        there[n]
        for n in rtype.form
        if n in there and there[n].writable and n not in record.HEAD_FIELDS
    ]
    changed = [known for known in changed if known.kind not in record.APART]
    weighed = [known.name for known in keys.weights(changed)]
    for known in sorted(changed, key=lambda known: known.attribute not in ("assignee", "team")):
        yield Option(
            _("Change %(field)s") % {"field": say(known.label)},
            f"{_address(rtype, row)}set/{known.name}/",
            "user-plus" if known.attribute == "assignee" else "pencil",
            opens="dialog",
            click=_on(f"#b-{known.name}", is_here=is_here),
            words=say(there["priority"].label)
            if known.name in weighed and "priority" in there
            else "",
        )


def _pages(actor: Actor) -> list[Option]:
    """Every page and list there is for this person."""
    found = []
    if shell.works_here(actor):
        found.append(Option(_("My work"), "/", "check-square"))
    found.append(Option(_("Inbox"), "/inbox/", "bell"))
    found += [Option(say(t.label_plural), f"/{t.plural}/", t.icon) for t in shell.seen_by(actor)]
    found += [Option(str(label), f"/{word}/", "eye") for word, label in shell.pages_of(actor)]
    found += [option for places in _places for option in places(actor)]
    found += [
        Option(_("Search"), "/search/", "search"),
        Option(
            _("Profile"),
            "/profile/",
            "user",
            words=pgettext(
                "words for one's profile, in the palette",
                "settings language time zone password tokens",
            ),
        ),
        Option(_("What I am told"), "/inbox/preferences/", "bell"),
        Option(_("Background work"), "/jobs/", "list-checks"),
        Option(_("Self-service portal"), "/portal/", "life-buoy"),
    ]
    return found


def _views(actor: Actor, at: str) -> list[Option]:
    """Those of every list but the one that is open: they stand under its name."""
    others = [rtype for rtype in shell.seen_by(actor) if at != f"/{rtype.plural}/"]
    return [option for rtype in others for option in _views_of(rtype)]


def _views_of(rtype: RecordType) -> Iterable[Option]:
    for view in rtype.views:
        label = _("%(list)s: %(view)s") % {"list": say(rtype.label_plural), "view": say(view.label)}
        yield Option(label, f"/{rtype.plural}/?view={view.name}", rtype.icon)


def _creations(actor: Actor) -> list[Option]:
    return [
        Option(
            _("New %(type)s") % {"type": within(say(t.label))},
            f"/{t.plural}/new/",
            "plus",
            words=_verbs(),
        )
        for t in shell.creatable(actor)
    ]


def _verbs() -> str:
    return pgettext("words for creating, in the palette", "new create")


def _always() -> list[Option]:
    return [
        Option(
            _("Switch theme"),
            "/profile/",
            "contrast",
            click="[data-theme-toggle]",
            words=pgettext(
                "words for the theme, in the palette", "dark light night day theme colours"
            ),
        ),
        Option(_("Help: all keys"), "/profile/#letters", "menu", click="[data-help]"),
        Option(_("Sign out"), "/profile/", "log-out", click="form[action='/sign-out'] button"),
    ]
