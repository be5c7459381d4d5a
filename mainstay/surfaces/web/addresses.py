"""The address of a list: below which view and filter, in what order, with which columns; all of it is read here."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache, partial
from typing import Any
from urllib.parse import quote_plus

from django.http import QueryDict

from mainstay.pure.conditions import Condition, text_of
from mainstay.pure.numbers import SPELLING, normal
from mainstay.pure.rules import Actor
from mainstay.records import fields, grouping
from mainstay.records.types import RecordType, View
from mainstay.surfaces.web import tabs
from mainstay.surfaces.web.tabs import KEPT, AnyView, Saved

# The address of a list stands in some eighty links of its page: one of 1 MB would make a page of 75.
# What is cut here is longer than any filter or cursor may be, so it is refused all the same.
TOO_LONG = 5_000
# What is longer is not kept at hand.
LONG = 300
COMPACT = "compact"
NOT_SHOWN = ("id", "type", "kind", "is_open", "version")


@dataclass(frozen=True)
class ListState:
    """What one looks at; `url` gives the address of the same with some of it changed.

    `row` are the views there are for the reader, `is_changed` says that this is not as the view keeps it, `unmet` names
    what its address asks for and there is not, or not for this reader.
    """

    rtype: RecordType
    view: AnyView
    filter: str = ""
    order: str = ""
    group: str = ""
    columns: tuple[str, ...] = ()
    density: str = ""
    after: str = ""
    before: str = ""
    peek: str = ""
    row: tuple[AnyView, ...] = ()
    is_changed: bool = False
    unmet: tuple[str, ...] = ()

    def url(self, **changes: Any) -> str:
        if "view" in changes or isinstance(self.view, Saved):
            parts = [f"{name}={_quoted(text)}" for name, text in self.said(**changes).items()]
        else:
            parts = self._parts(changes)
        return f"{self._list}?{'&'.join(parts)}" if parts else self._list

    def _parts(self, changes: Mapping[str, Any]) -> list[str]:
        """`said` below the view one looks at: most links of a page change one thing, the rest is quoted once."""
        told = dict(self._here)
        for name, value in changes.items():
            told[name] = _part(name, value if isinstance(value, str) else ",".join(value))
        parts = [part for part in told.values() if part]
        if self.view is self._first and (parts or not self.row or self.row[0] is self.view):
            return parts
        return [_part("view", self.view.name), *parts]

    @cached_property
    def _here(self) -> dict[str, str]:
        return {name: _part(name, text) for name, text in self._told.items()}

    @cached_property
    def _list(self) -> str:
        return f"/{self.rtype.plural}/"

    def said(self, **changes: Any) -> dict[str, str]:
        """The parameters of an address; of a saved view also what is emptied of what it keeps."""
        asked = {**self._told, **changes}
        view = asked.pop("view", self.view)
        if "columns" in changes:
            asked["columns"] = ",".join(changes["columns"])
        keeps = view.keeps if isinstance(view, Saved) else {}
        said = {name: value for name, value in asked.items() if value or keeps.get(name)}
        # Who has a first tab of their own sees it where an address says nothing at all.
        is_told = view is self._first and (said or not self.row or self.row[0] is view)
        return said if is_told else {"view": view.name, **said}

    @cached_property
    def _first(self) -> AnyView:
        return views_of(self.rtype)[0]

    def named(self) -> dict[str, str]:
        """The same for a form, which names its view always: what is typed into it is meant for that."""
        return {"view": self.view.name} | self.said()

    def tab_url(self, view: AnyView) -> str:
        """Where a tab leads: columns stay as they are between declared views, a saved one has its own."""
        if isinstance(view, Saved) or isinstance(self.view, Saved):
            return self.kept_url(view)
        return self.url(view=view, filter="", order="")

    def kept_url(self, view: AnyView) -> str:
        """The address of a view as it is kept."""
        keeps = view.keeps if isinstance(view, Saved) else {}
        given: dict[str, Any] = {name: keeps.get(name, "") for name in KNOWN}
        given["columns"] = tuple(filter(None, given["columns"].split(",")))
        return self.url(view=view, **given)

    def kept(self) -> dict[str, str]:
        """What a view would keep of this, as it stands in an address."""
        return {name: self._text(name) for name in KNOWN}

    @cached_property
    def _told(self) -> dict[str, str]:
        """What its own address says, asked for by each of some fifty links; no page or preview is part of it."""
        return {**self.kept(), "after": "", "before": "", "peek": ""}

    def _text(self, name: str) -> str:
        value = getattr(self, name)
        return value if isinstance(value, str) else ",".join(value)

    @property
    def place(self) -> dict[str, str]:
        """Which page of the list it is; the first says nothing."""
        return {"after": self.after, "before": self.before}

    @property
    def bulk_url(self) -> str:
        """Where a step for many is sent: it knows the list one looks at."""
        return self.below("bulk")

    def below(self, word: str) -> str:
        """An address below the list that knows what one looks at."""
        here = f"/{self.rtype.plural}/"
        return self.url(**self.place).replace(here, f"{here}{word}/", 1)

    @property
    def export_url(self) -> str:
        """Where all that match are sent as a table."""
        here = f"/{self.rtype.plural}/"
        return self.url().replace(here, f"{here}export.csv", 1)

    @property
    def ordered_by(self) -> str:
        return self.order or self.view.order or self.rtype.order


def _part(name: str, text: str) -> str:
    """One parameter of an address; "" where it says nothing."""
    return f"{name}={_quoted(text)}" if text else ""


def _quoted(text: str) -> str:
    """As `urlencode` does it, but for commas; what is asked stands in most of the eighty links of a page.

    A comma between columns may stand as it is (RFC 3986, section 3.4), and is a third as long.
    """
    return _kept_quoted(text) if len(text) < LONG else quote_plus(text, safe=",")


_kept_quoted = lru_cache(maxsize=4096)(partial(quote_plus, safe=","))


# What a list's address can say by now of what views keep.
KNOWN = tuple(name for name in KEPT if name in ListState.__dataclass_fields__)


def state_of(rtype: RecordType, query: QueryDict, actor: Actor) -> ListState:
    """Reads an address; what is unknown in it falls back to what is usual, and is named in `unmet`."""
    row = tabs.row_of(rtype, actor)
    view = _view_of(rtype, query, row)
    keeps = view.keeps if isinstance(view, Saved) else {}
    given = {
        name: ",".join(query.getlist(name)) if name in query else keeps.get(name, "")
        for name in KNOWN
    }
    read = _read(rtype, given, actor)
    unmet = tuple(name for name in ("order", "group") if given[name] and not read[name])
    unmet += ("columns",) if not _are_there(rtype, given["columns"], actor) else ()
    unmet += ("view",) if query.get("view") not in (None, "", view.name) else ()
    view = _shown_view(rtype, view, read["filter"])
    peek = SPELLING.fullmatch(query.get("peek", ""))
    return ListState(
        rtype=rtype,
        view=view,
        **read,
        after=(after := query.get("after", "")[:TOO_LONG]),
        before="" if after else query.get("before", "")[:TOO_LONG],
        peek=normal(peek[0]) if peek and peek[1].upper() == rtype.prefix else "",
        row=row,
        is_changed=read != _read(rtype, keeps, actor),
        unmet=unmet,
    )


def narrowed(state: ListState, actor: Actor, text: str) -> ListState:
    """The same list from its start, below another filter."""
    anew = replace(state, filter=text, after="", before="")
    keeps = state.view.keeps if isinstance(state.view, Saved) else {}
    says = {name: getattr(anew, name) for name in KNOWN}
    return replace(anew, is_changed=says != _read(state.rtype, keeps, actor))


def view_of(rtype: RecordType, query: QueryDict, row: tuple[AnyView, ...]) -> AnyView:
    """The view that an address shows, of those there are for its reader."""
    view = _view_of(rtype, query, row)
    kept = view.keeps["filter"] if isinstance(view, Saved) else ""
    return _shown_view(rtype, view, query.get("filter", kept).strip())


def _shown_view(rtype: RecordType, view: AnyView, text: str) -> AnyView:
    """Whoever types a number means that record, wherever it stands."""
    return tabs.widest(rtype) if SPELLING.fullmatch(text) and view.where else view


def _view_of(rtype: RecordType, query: QueryDict, row: tuple[AnyView, ...]) -> AnyView:
    """The one that is named; where there is none for this reader, one that shows what else the address says."""
    name = query.get("view", "")
    if found := next((view for view in row if view.name == name), None):
        return found
    says_more = any(query.get(word) for word in KNOWN)
    if SPELLING.fullmatch(name):
        return tabs.widest(rtype) if says_more else views_of(rtype)[0]
    return views_of(rtype)[0] if name or says_more else row[0]


def _read(rtype: RecordType, given: Mapping[str, str], actor: Actor) -> dict[str, Any]:
    """What of an address, or of what a view keeps, there is for this reader."""
    seen = fields.visible(rtype, actor)
    wanted = given.get("columns", "").split(",")
    columns = tuple(dict.fromkeys(n for n in wanted if n in seen and n not in NOT_SHOWN))
    order, group = given.get("order", ""), given.get("group", "")
    return {
        "filter": given.get("filter", "").strip()[:TOO_LONG],
        "order": order if order in rtype.orders else "",
        "group": group if group in grouping.groupable(rtype, actor) else "",
        "density": COMPACT if given.get("density") == COMPACT else "",
        "columns": columns if columns != usual_columns(rtype, actor) else (),
    }


def _are_there(rtype: RecordType, columns: str, actor: Actor) -> bool:
    seen = fields.visible(rtype, actor)
    return all(not n or (n in seen and n not in NOT_SHOWN) for n in columns.split(","))


def url_as_kept(rtype: RecordType, name: str, keeps: Mapping[str, Any]) -> str:
    """Where a saved view is seen, with all it keeps: whoever may not see the view sees the same list."""
    view = Saved(name, "", {word: str(keeps[word] or "") for word in KEPT}, 0, is_own=False)
    return ListState(rtype, view).kept_url(view)


def url_of(rtype: RecordType, condition: Condition) -> str:
    """The address of the list of all that meet a condition, whatever view one usually sees."""
    return ListState(rtype, tabs.widest(rtype), text_of(condition)).url()


def views_of(rtype: RecordType) -> tuple[View, ...]:
    """Those it declares."""
    return tabs.declared(rtype)


def usual_columns(rtype: RecordType, actor: Actor) -> tuple[str, ...]:
    seen = fields.visible(rtype, actor)
    return tuple(name for name in rtype.columns if name in seen)
