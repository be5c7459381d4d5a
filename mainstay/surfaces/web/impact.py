"""A map of what depends on what, as a practice fills it, and where its parts stand: what `maps.impact` draws."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from unicodedata import east_asian_width

from mainstay.surfaces.web.layers import Line, Size, layout

# How something is: the glyph, by which it is told without colours. What it is called is the practice's word.
HEALTH = {"ok": "s-ok", "watch": "s-watch", "act": "s-act", "": "circle-dashed"}
# How the line of one kind of edge differs from that of another.
PATTERNS = ("", "dashed", "dotted")
# Around the drawing, for the ring of what is in focus.
MARGIN = 6
# Letters of usual width that a node has room for: of its title, and of the line below.
TITLE, LINE = 20, 24
REM = 16


@dataclass(frozen=True)
class Node:
    """One thing. `kind` is a word and `icon` its glyph, `health` a key of HEALTH and `state` the word for it; `behind`
    are as many more as hang on it and are not on the map. Without an address it is only read.
    """

    key: str
    title: str
    kind: str
    icon: str
    href: str = ""
    health: str = ""
    state: str = ""
    note: str = ""
    behind: int = 0
    is_selected: bool = False
    is_dimmed: bool = False

    @property
    def glyph(self) -> str:
        return HEALTH[self.health]

    @property
    def heading(self) -> str:
        return fitting(self.title, TITLE)

    @property
    def line(self) -> str:
        """How it is, and what there is to say about it."""
        said = " · ".join(filter(None, (self.state, self.note)))
        taken = len(str(self.behind)) + 4 if self.behind else 0
        return fitting(said or self.kind, LINE - taken)


@dataclass(frozen=True)
class Edge:
    """The first needs the second. `kind` is the word for how, `pattern` one of PATTERNS; a hot one is on the way of
    what is wrong.
    """

    source: str
    target: str
    kind: str = ""
    pattern: str = ""
    is_hot: bool = False
    is_dimmed: bool = False


@dataclass(frozen=True)
class Placed:
    """A node and where its corner is, in pixels; with what it needs, and how."""

    node: Node
    x: int
    y: int
    needs: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Map:
    """`name` says what is shown. Nodes in the order that decides where nothing else does."""

    name: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...] = ()
    size: Size = field(default_factory=Size)


@dataclass(frozen=True)
class Drawn:
    """Width and height are in pixels and, for who has larger letters, in rem. Lines that matter lie on the others."""

    name: str
    size: Size
    width: int
    height: int
    nodes: tuple[Placed, ...]
    lines: tuple[tuple[Edge, Line], ...]

    @property
    def box(self) -> str:
        return f"{-MARGIN} {-MARGIN} {self.width} {self.height}"

    @property
    def rem(self) -> tuple[str, str]:
        return f"{self.width / REM:g}rem", f"{self.height / REM:g}rem"

    def states(self) -> list[tuple[str, str]]:
        """Glyph and word of each way to be that is on the map, what is worst first."""
        there = {(p.node.health, p.node.state) for p in self.nodes if p.node.state}
        ranks = {health: rank for rank, health in enumerate(reversed(HEALTH))}
        order = sorted(there, key=lambda each: (each[0] == "", ranks[each[0]], each[1]))
        return [(HEALTH[health], state) for health, state in order]

    def kinds(self) -> list[tuple[str, str]]:
        """Pattern and word of each kind of edge that is on the map."""
        return sorted({(edge.pattern, edge.kind) for edge, _line in self.lines if edge.kind})


def drawn(told: Map) -> Drawn:
    by_key = {node.key: node for node in told.nodes}
    by_ends = {(edge.source, edge.target): edge for edge in told.edges}
    plan = layout(by_key, by_ends, told.size)
    lines = [(by_ends[line.source, line.target], line) for line in plan.lines]
    nodes = [
        Placed(by_key[place.key], place.x, place.y, tuple(_needs(place.key, told, by_key)))
        for place in plan.places
    ]
    return Drawn(
        name=told.name,
        size=told.size,
        width=plan.width + 2 * MARGIN,
        height=plan.height + 2 * MARGIN,
        nodes=tuple(nodes),
        lines=tuple(sorted(lines, key=lambda each: (each[0].is_hot, not each[0].is_dimmed))),
    )


def _needs(key: str, told: Map, by_key: dict[str, Node]) -> Iterator[tuple[str, str]]:
    """Title and kind, as the list says it."""
    for edge in told.edges:
        if edge.source == key and edge.target in by_key:
            yield by_key[edge.target].title, edge.kind


def fitting(text: str, room: int) -> str:
    """As much of it as has room, with an ellipsis; letters of the east take two places, and so do wide capitals."""
    wide = ("W", "F")
    taken = 0
    for n, letter in enumerate(text):
        taken += 2 if east_asian_width(letter) in wide or letter in "MWmw@—…" else 1
        if taken > room:
            return text[: max(0, n - 1)].rstrip() + "…"
    return text
