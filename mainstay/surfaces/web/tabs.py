"""The tabs of a list: the views its type declares and those people saved, each with how many it shows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy

from mainstay.pure.conditions import Condition
from mainstay.pure.rules import Actor
from mainstay.records import counting, where
from mainstay.records.errors import Invalid
from mainstay.records.types import RecordType, View
from mainstay.surfaces.web.formats import say

# What a saved view keeps of a list's address, by the names it has there.
KEPT = ("filter", "order", "columns", "group", "density")
# As many as a reader takes in at once; the others stand in a menu.
IN_SIGHT = 7
SAVED_IN_SIGHT = 3
# Nobody counts further; one more is told as "999+".
COUNTED = 999
# A count for which every record would have to be read stops after as many and is told as "37+".
WALK = 500
# Between two declared views is room for saved ones, halved each time one is put there.
ROOM = 1 << 20
EVERYTHING = View("all", gettext_lazy("All"), "")


@dataclass(frozen=True)
class Saved:
    """A view somebody saved: `name` is its number, `keeps` what the address of its list says."""

    name: str
    label: str
    keeps: Mapping[str, str] = field(hash=False)
    place: int
    is_own: bool
    # All of it is in the address, where a declared view has a condition nobody sees.
    where: str = ""
    order: str = ""


AnyView = View | Saved


@dataclass(frozen=True)
class Tab:
    """A view as it stands in the row; `trouble` says why it cannot be shown, `count` is None where it was not asked.

    `stands` says that what its page tells by now is left there.
    """

    view: AnyView
    label: str
    url: str
    is_current: bool
    count: int | None = None
    is_more: bool = False
    trouble: str = ""
    stands: bool = False


@dataclass(frozen=True)
class Keeper:
    """Where saved views come from: `of_list(rtype, actor)`, and whether one may be changed by its reader."""

    of_list: Callable[[RecordType, Actor], Sequence[Saved]]
    may_save: Callable[[Actor], bool]
    may_change: Callable[[Actor, str], bool]


_keeper: list[Keeper] = []


def install(keeper: Keeper) -> None:
    """Called once at startup with what keeps the views of the product."""
    _keeper[:] = [keeper]


def declared(rtype: RecordType) -> tuple[View, ...]:
    return rtype.views or (EVERYTHING,)


def widest(rtype: RecordType) -> View:
    """The one without a condition of its own, where there is one."""
    views = declared(rtype)
    return next((view for view in views if not view.where), views[0])


def row_of(rtype: RecordType, actor: Actor) -> tuple[AnyView, ...]:
    """All views of a list that there are for the reader, in their order. One statement."""
    saved = [view for keeper in _keeper for view in keeper.of_list(rtype, actor)]
    return in_order(rtype, saved)


def in_order(rtype: RecordType, saved: Sequence[Saved]) -> tuple[AnyView, ...]:
    if not saved:
        return declared(rtype)
    placed: list[tuple[int, bool, str, AnyView]] = [
        (_place(n), False, "", view) for n, view in enumerate(declared(rtype))
    ]
    placed += [(view.place, True, view.name, view) for view in saved]
    return tuple(view for *_place, view in sorted(placed, key=lambda p: p[:3]))


def _place(n: int) -> int:
    return (n + 1) * ROOM


def place_at(rtype: RecordType, row: Sequence[AnyView], at: int) -> int:
    """The place a view gets that is to stand before the one at `at` of a row it is not in."""
    places = {view.name: _place(n) for n, view in enumerate(declared(rtype))}
    found = [view.place if isinstance(view, Saved) else places[view.name] for view in row]
    if at <= 0:
        return found[0] - ROOM
    if at >= len(found):
        return found[-1] + ROOM
    return (found[at - 1] + found[at]) // 2


def may_save(actor: Actor) -> bool:
    return any(keeper.may_save(actor) for keeper in _keeper)


def may_change(actor: Actor, view: AnyView) -> bool:
    """Asks for one, the view one looks at; of the others nobody needs to know."""
    return isinstance(view, Saved) and any(k.may_change(actor, view.name) for k in _keeper)


def split(row: Sequence[AnyView], current: AnyView) -> tuple[list[AnyView], list[AnyView]]:
    """Those in sight and those in the menu, both in the row's order.

    The one that is looked at is in sight always, and a few that were saved, one's own first: a type that declares many
    would else leave none of them any room.
    """
    saved = sorted((v for v in row if isinstance(v, Saved)), key=lambda v: not v.is_own)
    seen = {v.name: v for v in (current, *saved[:SAVED_IN_SIGHT])}
    for view in row:
        if len(seen) < IN_SIGHT:
            seen[view.name] = view
    return [v for v in row if v.name in seen], [v for v in row if v.name not in seen]


def condition(rtype: RecordType, actor: Actor, view: AnyView) -> Condition | None:
    """What a view shows before anybody adds to it. Raises Invalid where the reader cannot read it."""
    text = view.keeps["filter"] if isinstance(view, Saved) else view.where
    return where.parse(rtype, actor, text)


def counted(
    state: Any,
    actor: Actor,
    views: Sequence[AnyView],
    own: Sequence[Condition | None] = (),
    *,
    stands: bool = False,
    known: int | None = None,
) -> tuple[list[Tab], list[tuple[int, bool]]]:
    """The tabs of some views, and how many meet the reader's own conditions. One statement for all of it, at most.

    How many meet the first of these may be `known`, and is not counted. Where the numbers of the tabs stand in the
    page already, only those conditions are counted, and the tab that shows no more and no less.
    """
    rtype, asked, troubles = state.rtype, list(own), {}
    places: dict[str, int] = {}
    for view in views:
        try:
            found = condition(rtype, actor, view)
        except Invalid as refusal:
            troubles[view.name] = sentence(refusal)
            continue
        if stands and found not in asked:
            continue
        places[view.name] = asked.index(found) if found in asked else len(asked)
        if places[view.name] == len(asked):
            asked.append(found)
    numbers = [(known, True)] if known is not None else []
    numbers += counting.counts(rtype, actor, asked[len(numbers) :], walk=WALK)
    tabs = []
    for view in views:
        count, is_exact = numbers[places[view.name]] if view.name in places else (None, True)
        tabs.append(
            Tab(
                view=view,
                label=view.label if isinstance(view, Saved) else say(view.label),
                url=state.tab_url(view),
                is_current=view is state.view,
                # That there may be more than none says nothing.
                count=min(count, COUNTED) if count or (count == 0 and is_exact) else None,
                is_more=count is not None and (count > COUNTED or not is_exact),
                trouble=troubles.get(view.name, ""),
                stands=stands and view.name not in places,
            )
        )
    return tabs, numbers[: len(own)]


def plain(state: Any, views: Sequence[AnyView]) -> list[Tab]:
    """The same without a count, for the menu before it is opened."""
    return [
        Tab(
            v, v.label if isinstance(v, Saved) else say(v.label), state.tab_url(v), is_current=False
        )
        for v in views
    ]


def sentence(refusal: Invalid) -> str:
    """What is wrong with a filter, without the name of the field it stands in."""
    return " ".join(say(text) for messages in refusal.fields.values() for text in messages)
