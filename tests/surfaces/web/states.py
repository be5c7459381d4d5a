"""Which states each component has, and why it lacks the others: what `/-/parts/` must show, no more and no less.

The states are those the design asks of every component. Of its sixteen, right to left, dark, compact, touch, print and
forced colours are ways to look at the whole page; pointed at, pressed and in focus belong to whatever can be pressed.
The seven that are drawn stand here. The default is the first of the kinds a component comes in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

SHOWN = "shown"
# Why a state is lacking, where more than one component says the same.
READ = "only read"
ABSENT = "then absent"
SMALL = "no text"
OWN = "short words"
NONE = "no choice"
BAR = "busy bar"
TOAST = "toast says"
FIELD = "its field"


@dataclass(frozen=True)
class Component:
    """A state is shown under its own name, or as one of the kinds (`= kind`), or is not (two words say why)."""

    kinds: tuple[str, ...]
    states: Mapping[str, str]
    # Why nothing of it can be pointed at, pressed or in focus.
    still: str = ""

    @property
    def shown(self) -> set[str]:
        own = {state for state, cell in self.states.items() if cell == SHOWN}
        return {*self.kinds, *own}


def component(
    *kinds: str,
    selected: str = NONE,
    disabled: str = ABSENT,
    busy: str = BAR,
    error: str = TOAST,
    empty: str = ABSENT,
    long: str = SHOWN,
    still: str = "",
) -> Component:
    states = {
        "Selected": selected,
        "Disabled": disabled,
        "Busy": busy,
        "Error": error,
        "Empty": empty,
        "Long text": long,
    }
    return Component(kinds, states, still)


def mark(*kinds: str, empty: str = ABSENT, long: str = SHOWN) -> Component:
    """Something one only reads."""
    return component(
        *kinds,
        selected=READ,
        disabled=READ,
        busy=READ,
        error=READ,
        empty=empty,
        long=long,
        still=READ,
    )


COMPONENTS = {
    # Marks
    "Priority": mark("P1", "P2", "P3", "P4", "P5", "In a row", long=OWN),
    "Status": mark("new", "active", "waiting", "resolved", "closed", "cancelled"),
    "Tag": mark("Default", "line", "acc", "ok", "info", "plan", "note", "warn", "bad", "With a glyph"),
    "Avatar": mark("s", "m", "l", "With the name", "Twelve hues", empty=SHOWN),
    "Reference and time": mark("Reference", "Count", "Time", "Moment", "Key", long="fixed width"),
    "Bar of work": mark("Default", "Over", "In words", empty=SHOWN, long=SMALL),
    "Target clock": mark("Time left", "At risk", "Missed", "Paused", "Met", long=OWN),
    # Buttons and choices
    "Button": component(
        "Default", "pri", "quiet", "danger", "s", "big pri", "With a glyph", "As a link",
        selected="segmented control", disabled=SHOWN, busy=SHOWN, empty="a verb",
    ),
    "Glyph button": component(
        "Default", "With a number", "Very many", "For information",
        disabled=SHOWN, busy=SHOWN, empty=SHOWN, long=SMALL,
    ),
    "Segmented control": component(selected=SHOWN, empty="always several"),
    "Tabs": component(selected=SHOWN, empty=SHOWN, error="other row"),
    "Chip": component("Default", "Add", error="filter bar"),
    "Breadcrumb": component("Default", "A list", selected="= Default", error=READ, empty="top page"),
    # Fields
    "Field": component("Default", disabled=SHOWN, busy="its button", error=SHOWN, empty=SHOWN),
    "Kinds of field": component(
        "Choice", "Reference", "Number", "Day", "Moment", "Text", "Yes or no",
        selected="= Yes or no", disabled=SHOWN, busy="its button", error=SHOWN, empty=SHOWN,
    ),
    "Checkbox": component(
        "Default", "Some", "One of several",
        selected=SHOWN, disabled=SHOWN, busy="its button", error=SHOWN, empty="= Default",
    ),
    "Pick card": component(
        "Default", "Several",
        selected=SHOWN, disabled=SHOWN, busy="its button", error=SHOWN, empty="= Default",
    ),
    "Message": component("With a hint", busy="its button", error=SHOWN, empty=SHOWN),
    "Files": component("Default", "With a hint", "Dragged over", busy=SHOWN, error=SHOWN, empty="= Default"),
    "Picker": component(
        "Default", "Need not be said", busy="its button", empty="= Default",
    ),
    "Error summary": component("One", "Several", busy=READ, error="= One"),
    # Cards and lists
    "Card": component("One and many", busy=READ, error=READ, empty=SHOWN),
    "Empty": component(
        "Nothing yet", "Nothing left", "Nothing found", busy="skeleton", error=SHOWN, empty="= Nothing yet"
    ),
    "Progress": component(
        "Stopped", "Done", selected=READ, busy=SHOWN, error=SHOWN, long=OWN, still=READ
    ),
    "Busy bar": component(
        selected=READ, disabled=READ, busy=SHOWN, error=READ, long=SMALL, still=READ
    ),
    # Lists
    "Row of views": component(
        "Default", "Unsaved, more views", selected="= Default", error="= Default", empty="always one"
    ),
    "Filter bar": component(
        "Default", "Open", "Choice", "Several names", "As a text", selected="= Default", error=SHOWN, empty=SHOWN
    ),
    "Table": component("Default", "In groups, compact", selected=SHOWN, error=SHOWN, empty=SHOWN),
    "Foot of a list": component(
        "Default", "Last page", "Too narrow for all columns", "Count gave up", error="the table", empty=SHOWN, long=OWN
    ),
    "Bar for many": component(selected=SHOWN, error="its dialog"),
    "Preview": component("Open", busy=SHOWN, error=TOAST, empty=SHOWN),
    "Skeleton": component(
        selected=READ, disabled=READ, busy=SHOWN, error=READ, long=SMALL, still=READ
    ),
    # Record
    "Record head": component(
        "Default", disabled=READ, busy=READ, error=READ, empty="always titled"
    ),
    "Steps": component(
        "Default", "On hold", "All done", "Cancelled",
        selected="= Default", disabled=READ, busy=READ, error=READ, still=READ,
    ),
    "Clock strip": mark("Default", "Missed", "Paused", empty=SHOWN),
    "Property": component(
        "Default", selected=SHOWN, disabled="= Default", error=SHOWN, empty=SHOWN
    ),
    "Linked": component("Default", "Open", busy=SHOWN, error=SHOWN, empty="a button"),
    "Timeline": component(
        "event", "alert", "alert over", "change", "imported", "link", "refused", "undone", "With undo", "note",
        "reply", "inbound",
        selected="segmented control", disabled=SHOWN, busy=SHOWN, error="= refused", empty=SHOWN,
    ),
    "Composer": component(
        "Internal note", "Reply", selected="= Internal note", busy=SHOWN, error=SHOWN, empty=SHOWN
    ),
    # Plans
    "Day lane": component("Default", "Beyond the day", selected=SHOWN, error=READ, empty=SHOWN),
    "Week lanes": component("Default", "Two weeks", selected=SHOWN, error="= Default", empty=SHOWN),
    "Kanban": component(
        "Default", selected=SHOWN, disabled=SHOWN, busy=SHOWN, error=SHOWN, empty=SHOWN
    ),
    # Maps
    "Cause chain": component(
        "Default", "By way of others", "Led to others", selected="= Default", busy=READ, error=READ, empty=SHOWN
    ),
    "Impact map": component(
        "Default", "Kinds of edge", "Dimmed", "More behind it", "In a circle, and apart", "Only read",
        selected=SHOWN, error="its page", empty=SHOWN,
    ),
    # Documents
    "Document page": component(
        "Default", selected=READ, disabled=READ, busy="its page", error=SHOWN, empty=SHOWN
    ),
    # Inbox
    "Inbox": component("One and many", selected="= One and many", busy=SHOWN, empty=SHOWN),
    "What one is told": component(
        "Default", selected="= Default", busy="its button", empty="always some"
    ),
    # Tasks, search, notices
    "Task list": component(
        "Default", "Done", "Only read", selected="= Done", disabled="= Only read", busy=SHOWN, empty=SHOWN
    ),
    "Search result": component("Default", empty="an empty"),
    "Facets": component("Default", selected="= Default", error="the search", empty="always ordered"),
    "Notice": component("Default", "Said", selected="its word", busy=SHOWN, empty="always text"),
    # What floats
    "Menu": component("Open", "Closed", selected=SHOWN, empty=SHOWN),
    "Dialog": component("Open", disabled=SHOWN, busy=SHOWN, error=SHOWN, empty="= Open"),
    "Toast": component("Default", "With undo", "Done", busy=SHOWN, error=SHOWN),
    "Command palette": component("Open", selected=SHOWN, busy=SHOWN, error=SHOWN, empty=SHOWN),
    "Bottom sheet": component("Open", "Closed", selected="= Open", busy=SHOWN, empty=SHOWN),
    # Around the page
    "Sidebar": component("Default", selected="= Default", error=READ, empty="always some"),
    "Top bar": component("Default", selected="= Default", error=READ, empty="always some"),
    "Tab bar": component("Default", selected="= Default", error=READ, empty="always five"),
    "On paper": mark("Default"),
    "Page head": component("Default", error=READ, empty="always titled"),
    "Presence": component("Viewing", "Several", "In a row", "Unread", selected=READ, busy=READ, error=READ),
    # Charts
    "Gauge tile": component("Default", "Only a number", error=SHOWN, empty=SHOWN),
    "Spark": mark(
        "Line", "ok", "warn", "bad", "With a target", "Columns", "Below nothing", "One value", "All the same",
        "In words", empty=SHOWN, long=SMALL,
    ),
    "Day bars": component("Default", "In a row", "In words", error="not known", empty=SHOWN, long=SMALL),
    "Flow chart": component(
        "Default", "One day", "Large numbers", "Not counted", error="not drawn", empty=SHOWN, long=SMALL
    ),
    # Portal
    "Tile": component("Default", error=READ, empty="always text"),
    "Request": component("Needs the person", "On its way", error=READ, empty="an empty"),
    "Callout": component("Default", "Asks", "Done", disabled=READ, busy=READ, error=FIELD, still="its form"),
}  # fmt: skip

# What the design names, and what it is called here.
INVENTORY = {
    "shell": "Sidebar",
    "breadcrumb": "Breadcrumb",
    "page head": "Page head",
    "tab row of saved views": "Row of views",
    "filter bar with chips": "Filter bar",
    "grouped table": "Table",
    "row preview": "Preview",
    "bulk bar": "Bar for many",
    "pagination footer": "Foot of a list",
    "record head": "Record head",
    "progress steps": "Steps",
    "clock strip": "Clock strip",
    "timeline": "Timeline",
    "composer": "Composer",
    "property list with inline menus": "Property",
    "linked list": "Linked",
    "task list": "Task list",
    "cause chain": "Cause chain",
    "card": "Card",
    "gauge tile": "Gauge tile",
    "spark line/columns": "Spark",
    "day bars": "Day bars",
    "flow chart": "Flow chart",
    "meter with capacity mark": "Bar of work",
    "day lane": "Day lane",
    "week lanes with freeze band and conflict card": "Week lanes",
    "impact node/edge": "Impact map",
    "kanban lane/card": "Kanban",
    "priority": "Priority",
    "status": "Status",
    "target clock": "Target clock",
    "tag": "Tag",
    "count": "Reference and time",
    "reference": "Reference and time",
    "avatar": "Avatar",
    "avatar stack": "Presence",
    "live dot": "Presence",
    "button": "Button",
    "segmented control": "Segmented control",
    "checkbox": "Checkbox",
    "field": "Field",
    "error": "Field",
    "error summary": "Error summary",
    "pick card": "Pick card",
    "drop zone": "Files",
    "popover menu": "Menu",
    "dialog": "Dialog",
    "palette": "Command palette",
    "toast with undo": "Toast",
    "inbox": "Inbox",
    "preview drawer": "Preview",
    "bottom sheet": "Bottom sheet",
    "empty": "Empty",
    "skeleton": "Skeleton",
    "busy bar": "Busy bar",
    "document page": "Document page",
}
