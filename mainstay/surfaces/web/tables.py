"""The table of a list: its columns, its rows, and any value in it."""

import html
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.translation import pgettext
from markupsafe import Markup, escape

from mainstay.pure.kinds import FieldKind
from mainstay.pure.language import retold
from mainstay.pure.lifecycle import Kind
from mainstay.pure.rules import Actor
from mainstay.records import access, fields, grouping
from mainstay.records.fields import Field
from mainstay.records.types import RecordType
from mainstay.surfaces.web import ui
from mainstay.surfaces.web.addresses import NOT_SHOWN, ListState, usual_columns
from mainstay.surfaces.web.formats import ago, day, due, nb, reader, say
from mainstay.surfaces.web.formats import gettext as _

# Told by its word, and not by the member it names: a list asks for each of its rows.
OPEN = {kind.value for kind in Kind if kind.is_open}
# Stand first in every table, whatever order the columns were chosen in.
FIRST = ("priority", "number", "title")
# How wide a column is by what stands in it; a choice is one or two words.
WIDE = {"email": "mail"}
WIDTHS = {FieldKind.TIME: "time", FieldKind.DATE: "time", FieldKind.TEXT: "text"}
# A mouse's and a thumb's way to what Space does; whoever works by keys is not stopped in each row. It stands in the
# head of its row, which says of what it is: the number once more in each would be 200 B of a page, compressed.
PEEK = '/" data-peek tabindex="-1" aria-label="%s">%s</a>'


# What gives way to the title as a table gets narrower, step by step; `frontend/css/pages.css` says where each begins.
STEPS = ("c-o3", "c-o2", "c-o1", "c-number", "c-state")
# What a row of a phone shows, whatever gives way elsewhere; when it was changed it says in any case.
ON_A_PHONE = {"c-priority", "c-number", "c-title", "c-state", "c-o1", "c-up"}


@dataclass(frozen=True)
class Column:
    """A column's heading, its class, and how a row's value is shown in it."""

    name: str
    label: str
    css: str
    show: Callable[[Mapping[str, Any]], Any]
    order: str = ""


def choosable(rtype: RecordType, actor: Actor) -> list[Field]:
    """The fields a table can show; long texts have a page for that."""
    unfit = (FieldKind.LONG, FieldKind.DATA)
    return [
        f
        for f in fields.visible(rtype, actor).values()
        if f.name not in NOT_SHOWN and f.kind not in unfit
    ]


def columns_of(state: ListState, actor: Actor) -> tuple[list[Column], Field | None]:
    """The columns after the title, and the reference that stands as a second line below it."""
    names = state.columns or usual_columns(state.rtype, actor)
    below = _second_line(state.rtype, names)
    ordered = [n for n in FIRST if n in names or n == "title"]
    ordered += [n for n in names if n not in FIRST and (below is None or n != below.name)]
    language, may_assign = reader()[0], may_change(state.rtype, actor)
    found = [
        _column(state.rtype, field, language, may_assign=may_assign)
        for field in fields.named(state.rtype, ordered)
    ]
    return found, below


def gives_way(columns: Sequence[Column]) -> list[tuple[str, list[str]]]:
    """What a table of usual columns leaves out at each step, by its names; the first of it is what a phone does.

    Columns somebody chose are all there: such a table scrolls.
    """
    off = [c.label for c in columns if not ON_A_PHONE & set(c.css.split())]
    found = [("l0", off)] if off else []
    for n in range(1, len(STEPS) + 1):
        off = [c.label for c in columns if set(STEPS[:n]) & set(c.css.split())]
        found += [(f"l{n}", off)] if off else []
    return found


def may_change(rtype: RecordType, actor: Actor) -> bool:
    """Whether some record of this type may ever be changed by this actor; each row is asked when it is."""
    return access.may_ever(rtype.access.change, actor)


def names_of(columns: list[Column], below: Field | None) -> list[str]:
    """What has to be read for such a table."""
    names = [column.name for column in columns] + ([below.name] if below else [])
    return list(dict.fromkeys(names))


def _second_line(rtype: RecordType, names: tuple[str, ...]) -> Field | None:
    """The first thing a record is about that is neither a person nor a team."""
    about = (
        f for f in fields.named(rtype, names) if f.is_reference and f.target not in ("user", "team")
    )
    return next(about, None)


@lru_cache(maxsize=2048)
def _column(rtype: RecordType, field: Field, _language: str, *, may_assign: bool) -> Column:
    """In the language that is active now, which is part of the cache's key."""
    order = next((o for o in (field.name, f"-{field.name}") if o in rtype.orders), "")
    show = _shower(rtype, field)
    if may_assign and field.attribute == "assignee" and field.writable:
        show = _assignable(rtype, field)
    if field.name in ("priority", "number", "title", "state"):
        css = f"c-{field.name}"
    elif field.is_reference:
        css = "c-ref c-person" if field.target == "user" else "c-ref"
        css += " c-o1" if field.attribute == "assignee" else " c-o2" if "person" in css else " c-o3"
    else:
        css = f"c-{WIDE.get(field.name, WIDTHS.get(field.kind, 'choice'))} c-o2"
        css += " c-up" if field.name == "updated_at" else ""
    label = {"priority": _("Pri"), "number": _("Number"), "updated_at": _("Updated")}.get(
        field.name, ""
    )
    return Column(field.name, label or say(field.label), css, show, order)


def _shower(rtype: RecordType, field: Field) -> Callable[[Mapping[str, Any]], Any]:
    """How a field's value is shown in a row, decided once for the whole column."""
    name = field.name
    if name == "state":
        states = {s.name: ui.status(s.kind.value, s.label) for s in rtype.lifecycle.states}
        return lambda row: states[row["state"]]
    if name == "priority":
        marks = {number: ui.prio(number) for number in (None, 1, 2, 3, 4, 5)}
        return lambda row: marks[row["priority"]]
    if name == "number":
        return lambda row: _numbered(row["number"])
    if name == "due_at":
        return lambda row: due(row[name], is_open=row["kind"] in OPEN)
    if field.is_reference:
        return (
            (lambda row: ui.person(row[name]))
            if field.target == "user"
            else lambda row: titled(row[name])
        )
    if field.kind in (FieldKind.TEXT, FieldKind.LONG) and field.writable and not field.choices:
        return lambda row: _worded(row[name]) if row[name] else ""
    return lambda row: shown(field, row[name])


@lru_cache(maxsize=4096)
def _worded(text: str) -> Markup:
    """What somebody wrote runs its own way, and is cut at its own end."""
    return Markup('<span class="trunc" dir="auto">%s</span>') % text


def _assignable(rtype: RecordType, field: Field) -> Callable[[Mapping[str, Any]], Any]:
    """Whose a record is; where it is nobody's yet, the way to give it to somebody."""
    name, word = field.name, Markup('<span class="clip-s">%s</span>') % pgettext("to do", "Assign")
    way = Markup('<a class="row assign" tabindex="-1" data-edits href="/%s/%%s/set/%s/">%s%s</a>')
    offer = way % (rtype.plural, name, ui.icon("user-plus", 15), word)

    def show(row: Mapping[str, Any]) -> Markup:
        is_over = row["kind"] not in OPEN
        return ui.person(row[name]) if row[name] or is_over else offer % row["number"]

    return show


def body(
    rtype: RecordType,
    columns: list[Column],
    below: Field | None,
    rows: list[dict[str, Any]],
    *,
    can_choose: bool,
    are_named: bool = False,
) -> Markup:
    """The rows of a table: a template's loops would cost a long list half its time.

    `are_named` gives each value the name of its column, for a phone, where columns have no heads.
    """
    preview = PEEK % (escape(_("Preview")), ui.icon("eye", 15))
    names = {c.name: f' data-l="{_html(c.label)}"' if are_named else "" for c in columns}
    choose = str(escape(_("Select %(number)s"))).split("%(number)s")
    page = f"/{rtype.plural}/"
    # On a phone each row says when it was changed, whether that is one of the columns or not.
    tells_when = any(column.name == "updated_at" for column in columns)
    drawn: list[str] = []
    for row in rows:
        number = _html(row["number"])
        # Its own name, or a choice that was made would stay at its place when other rows come there.
        drawn.append(f'<tr id="{number}">')
        if can_choose:
            drawn.append(
                f'<td class="c-cb"><input class="cb" type="checkbox" name="sel" value="{number}"'
                f' aria-label="{number.join(choose)}"></td>'
            )
        for column in columns:
            if column.name == "title":
                drawn.append(
                    f'<th class="c-title" scope="row"><a href="{page}{number}/"'
                    f' class="trunc" dir="auto">{_html(row["title"])}</a>{_about(row, below)}'
                    f'<a class="ib peek" href="{page}{number}{preview}</th>'
                )
            else:
                drawn.append(
                    f'<td class="{column.css}"{names[column.name]}>{_html(column.show(row))}</td>'
                )
        drawn.append(
            "</tr>\n" if tells_when else f'<td class="c-sub">{ago(row["updated_at"])}</td></tr>\n'
        )
    return Markup("".join(drawn))  # noqa: S704 - every value in it was escaped above


def group_head(
    rtype: RecordType, by: Field, group: grouping.Group, alike: Collection[str] = ()
) -> Markup:
    """What a group's rows have in common, and how many there are on all pages; one of `alike` by its number, too."""
    name = (
        titled(group.value) + _number_of(group.value, alike) if by.is_reference and group.value else
        ui.status(str(rtype.lifecycle.state(group.value).kind), rtype.lifecycle.state(group.value).label)
        if by.name == "state" else
        ui.prio(group.value, with_word=True) if by.name == "priority" else shown(by, group.value)
    )  # fmt: skip
    drawn = Markup(
        '<tr class="g-h"><th scope="rowgroup">%s <span class="count num">%s</span></th></tr>\n'
    )
    many = nb(group.count) + "+" * group.is_more
    return drawn % (name or _("%(field)s: not set") % {"field": say(by.label)}, many)


def _number_of(reference: Mapping[str, Any], alike: Collection[str]) -> Markup:
    number = reference["number"]
    return Markup(' <span class="ref">%s</span>') % number if number in alike else Markup("")


def _html(value: Any) -> str:
    """Escaped unless it is markup already; `escape` would wrap and copy each, 500 times a page."""
    if type(value) is Markup:
        return value
    return html.escape(value) if type(value) is str else str(escape(value))


def _about(row: dict[str, Any], below: Field | None) -> str:
    about = row[below.name] if below else None
    if not about:
        return ""
    return f'<span class="c-about trunc muted" dir="auto">{_html(about["title"])}</span>'


@lru_cache(maxsize=4096)
def _numbered(number: str) -> Markup:
    return Markup('<span class="ref">%s</span>') % number


def titled(reference: Mapping[str, Any] | None) -> Markup:
    return Markup("") if reference is None else _titled(reference["title"])


@lru_cache(maxsize=4096)
def _titled(title: str) -> Markup:
    """Cut at its own end, as what somebody wrote is."""
    return Markup('<span class="trunc" dir="auto">%s</span>') % title


def plain(field: Field, value: Any) -> str:
    """Any value as words, without markup: times as ISO in the reader's zone, a reference by its name."""
    if value is None or value == "":
        return ""
    if field.is_reference:
        return str(value["title"] or value["number"])
    if field.kind is FieldKind.TIME:
        return str(value.astimezone(reader()[1]).isoformat(timespec="seconds"))
    if field.name == "priority":
        return f"P{value} {ui.priority_word(value)}"
    if field.kind is FieldKind.DATE:
        return str(value.isoformat())
    return (
        str(value)
        if field.kind is FieldKind.NUMBER and not field.choices
        else str(shown(field, value))
    )


def shown(field: Field, value: Any) -> Any:
    """Any value but a reference, as text or markup."""
    if value is None or value == "":
        return ""
    if field.kind is FieldKind.TIME:
        return ago(value)
    if field.kind is FieldKind.DATE:
        return day(value)
    if field.kind is FieldKind.BOOL:
        return _("Yes") if value else _("No")
    if field.choices:
        return say(field.label_of(value))
    if field.kind is FieldKind.NUMBER:
        return nb(value)
    return value if field.writable else retold(value)
