"""Where each of the things that depend on one another stands in a drawing: in layers, so that lines lead one way.

Pure: keys and pairs of keys in, whole pixels out, from the left; a page from the right mirrors the whole. The same
input gives the same drawing, and the order of the input decides wherever nothing else does.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

Edge = tuple[str, str]
# Rounds of putting a layer's things in the order of, and then level with, those they are joined to.
ORDERED, LEVELLED = 8, 6
# How far below both of its ends a line runs that goes back.
BOW = 14


@dataclass(frozen=True)
class Size:
    """In pixels: a node, the room between two layers and between two nodes of one, and what a line takes that passes a
    layer. A layer has at most so many nodes; what else belonged there stands in the next.
    """

    width: int = 208
    height: int = 56
    across: int = 56
    down: int = 18
    lane: int = 8
    most: int = 12


@dataclass(frozen=True)
class Place:
    """The upper left corner of a node, and which layer it stands in."""

    key: str
    layer: int
    x: int
    y: int


@dataclass(frozen=True)
class Line:
    """An edge as two paths of SVG: the line, and the head of its arrow. One that goes back closes a circle."""

    source: str
    target: str
    path: str
    head: str
    is_back: bool = False


@dataclass(frozen=True)
class Plan:
    """Places are in the order one reads them: part by part, layer by layer, each from above."""

    width: int
    height: int
    places: tuple[Place, ...] = ()
    lines: tuple[Line, ...] = ()


@dataclass
class _Part:
    """What hangs together. Items are keys, and numbers for where a line passes a layer."""

    layers: list[list[str | int]]
    chains: list[list[str | int]]
    tops: dict[str | int, int] = field(default_factory=dict)


def layout(keys: Iterable[str], edges: Iterable[Edge], size: Size | None = None) -> Plan:
    """A plan of all keys and of the edges between two of them; what leads to itself has no line.

    Every edge leads to a later layer, but those that close a circle. No two nodes overlap. Parts that nothing joins
    stand below each other, and below them in rows what nothing leads to or from.
    """
    size = size or Size()
    known = list(dict.fromkeys(keys))
    there = set(known)
    joined = [(a, b) for a, b in dict.fromkeys(edges) if a != b and a in there and b in there]
    back = _closing(known, joined)
    places: list[Place] = []
    lines: list[Line] = []
    y = columns = depth = 0
    parts = _parts(known, joined)
    for members in (part for part in parts if len(part) > 1):
        within = [edge for edge in joined if edge[0] in members]
        part = _part(members, [edge for edge in within if edge not in back], size)
        places += _placed(part, y, size)
        at = {place.key: place for place in places}
        lines += [_line(chain, part, at, y, size) for chain in part.chains]
        returning = [_returning(at[a], at[b], size) for a, b in within if (a, b) in back]
        lines += returning
        columns = max(columns, len(part.layers))
        depth = y + max(top + _height(item, size) for item, top in part.tops.items())
        depth += BOW + 2 if returning else 0
        y = depth + size.down
    alone = [next(iter(part)) for part in parts if len(part) == 1]
    columns = max(columns, min(4, len(alone)))
    places += _in_rows(alone, columns, y, size)
    if alone:
        depth = places[-1].y + size.height
    return Plan(
        width=max(0, columns * (size.width + size.across) - size.across),
        height=depth,
        places=tuple(places),
        lines=tuple(lines),
    )


def _closing(keys: Sequence[str], edges: Sequence[Edge]) -> set[Edge]:
    """Edges that lead back to where a walk came from; without them there is no circle."""
    onward = _onward(edges)
    entered = {b for _a, b in edges}
    closing: set[Edge] = set()
    seen: set[str] = set()
    for start in sorted(keys, key=lambda key: key in entered):
        if start in seen:
            continue
        way = {start: iter(onward.get(start, ()))}
        seen.add(start)
        while way:
            here = next(reversed(way))
            following = next(way[here], None)
            if following is None:
                del way[here]
            elif following in way:
                closing.add((here, following))
            elif following not in seen:
                seen.add(following)
                way[following] = iter(onward.get(following, ()))
    return closing


def _onward(edges: Iterable[Edge]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for a, b in edges:
        found[a].append(b)
    return found


def _parts(keys: Sequence[str], edges: Sequence[Edge]) -> list[dict[str, None]]:
    """What hangs together, whichever way; each part, and the parts, in the order of the keys."""
    beside = _onward([*edges, *((b, a) for a, b in edges)])
    of: dict[str, int] = {}
    for number, start in enumerate(keys):
        waiting = deque([start] if start not in of else [])
        while waiting:
            here = waiting.popleft()
            if here not in of:
                of[here] = number
                waiting.extend(beside.get(here, ()))
    found: dict[int, dict[str, None]] = defaultdict(dict)
    for key in keys:
        found[of[key]][key] = None
    return list(found.values())


def _part(keys: Iterable[str], edges: Sequence[Edge], size: Size) -> _Part:
    layer = _layers(list(keys), edges, size.most)
    part = _Part([[] for _ in range(max(layer.values()) + 1)], [])
    for key in layer:
        part.layers[layer[key]].append(key)
    passing = 0
    for a, b in edges:
        chain: list[str | int] = [a]
        for between in range(layer[a] + 1, layer[b]):
            part.layers[between].append(passing)
            chain.append(passing)
            passing += 1
        part.chains.append([*chain, b])
    _order(part)
    _level(part, size)
    return part


def _layers(keys: Sequence[str], edges: Sequence[Edge], most: int) -> dict[str, int]:
    """Each as early as what leads to it allows and its layer has room; where nothing does, as late as it can."""
    onward = _onward(edges)
    missing = dict.fromkeys(keys, 0)
    for _a, b in edges:
        missing[b] += 1
    least = dict.fromkeys(keys, 0)
    filled: dict[int, int] = defaultdict(int)
    layer: dict[str, int] = {}
    first = [key for key in keys if not missing[key]]
    waiting = deque(first)
    while waiting:
        here = waiting.popleft()
        at = least[here]
        while filled[at] >= most:
            at += 1
        layer[here] = at
        filled[at] += 1
        for following in onward.get(here, ()):
            least[following] = max(least[following], at + 1)
            missing[following] -= 1
            if not missing[following]:
                waiting.append(following)
    for key in first:
        later = range(min(layer[b] for b in onward[key]) - 1, layer[key], -1)
        at = next((one for one in later if filled[one] < most), layer[key])
        filled[layer[key]] -= 1
        filled[at] += 1
        layer[key] = at
    dense = {at: n for n, at in enumerate(sorted(set(layer.values())))}
    return {key: dense[layer[key]] for key in keys}


def _order(part: _Part) -> None:
    """Each layer in the order of the middle of what its things are joined to, from one side and then the other."""
    before, after = _joined(part)
    where: dict[str | int, float] = {}

    def note(items: Sequence[str | int]) -> None:
        where.update({item: (n + 0.5) / len(items) for n, item in enumerate(items)})

    for items in part.layers:
        note(items)
    for sweep in range(ORDERED):
        beside = after if sweep % 2 else before
        for items in part.layers[:: -1 if sweep % 2 else 1]:
            middle = {item: _mean(where, beside.get(item, ()), where[item]) for item in items}
            items.sort(key=middle.__getitem__)
            note(items)


def _level(part: _Part, size: Size) -> None:
    """Each thing as level with what it is joined to as the others of its layer let it; sets the upper edges."""
    before, after = _joined(part)
    apart = {id(items): _apart(items, size) for items in part.layers}
    middle: dict[str | int, float] = {}
    for items in part.layers:
        middle.update(zip(items, apart[id(items)], strict=True))
    for sweep in range(LEVELLED):
        beside = after if sweep % 2 else before
        for items in part.layers[:: -1 if sweep % 2 else 1]:
            wanted = [_mean(middle, beside.get(item, ()), middle[item]) for item in items]
            offsets = apart[id(items)]
            level = _rising([w - o for w, o in zip(wanted, offsets, strict=True)])
            middle.update({i: x + o for i, x, o in zip(items, level, offsets, strict=True)})
    for items in part.layers:
        least = None
        for item in items:
            top = round(middle[item] - _height(item, size) / 2)
            part.tops[item] = top if least is None else max(top, least)
            least = part.tops[item] + _height(item, size) + size.down
    highest = min(part.tops.values())
    part.tops = {item: top - highest for item, top in part.tops.items()}


def _joined(
    part: _Part,
) -> tuple[Mapping[str | int, list[str | int]], Mapping[str | int, list[str | int]]]:
    """What stands one layer before and one layer after each thing and is joined to it."""
    before: dict[str | int, list[str | int]] = defaultdict(list)
    after: dict[str | int, list[str | int]] = defaultdict(list)
    for chain in part.chains:
        for a, b in pairwise(chain):
            before[b].append(a)
            after[a].append(b)
    return before, after


def _mean(of: Mapping[str | int, float], items: Sequence[str | int], otherwise: float) -> float:
    return sum(of[item] for item in items) / len(items) if items else otherwise


def _height(item: str | int, size: Size) -> int:
    return size.height if isinstance(item, str) else size.lane


def _apart(items: Sequence[str | int], size: Size) -> list[float]:
    """The middles of a layer's things where they stand as close as they may, from above."""
    found, y = [], 0.0
    for item in items:
        found.append(y + _height(item, size) / 2)
        y += _height(item, size) + size.down
    return found


def _rising(wanted: Sequence[float]) -> list[float]:
    """The numbers nearest to these of which none is less than the one before it."""
    pools: list[tuple[float, int]] = []
    for value in wanted:
        total, many = value, 1
        while pools and pools[-1][0] / pools[-1][1] > total / many:
            more, count = pools.pop()
            total, many = total + more, many + count
        pools.append((total, many))
    return [total / many for total, many in pools for _ in range(many)]


def _placed(part: _Part, y: int, size: Size) -> Iterator[Place]:
    for layer, items in enumerate(part.layers):
        x = layer * (size.width + size.across)
        for key in items:
            if isinstance(key, str):
                yield Place(key, layer, x, y + part.tops[key])


def _in_rows(keys: Sequence[str], columns: int, y: int, size: Size) -> Iterator[Place]:
    for n, key in enumerate(keys):
        row, layer = divmod(n, columns)
        x = layer * (size.width + size.across)
        yield Place(key, layer, x, y + row * (size.height + size.down))


def _line(
    chain: Sequence[str | int], part: _Part, at: Mapping[str, Place], y: int, size: Size
) -> Line:
    """From the end of one node to the beginning of the other, level where it passes a layer."""
    source, target = at[str(chain[0])], at[str(chain[-1])]
    step = size.width + size.across
    x, height = source.x + size.width, source.y + size.height / 2
    path = f"M{x} {height:g}"
    for n, item in enumerate(chain[1:], 1):
        to = (source.layer + n) * step - (0 if isinstance(item, int) else 3)
        level = y + part.tops[item] + _height(item, size) / 2
        turn = x + size.across / 2
        path += f"C{turn:g} {height:g} {turn:g} {level:g} {to} {level:g}"
        x, height = to, level
        if isinstance(item, int):
            x = to + size.width
            path += f"H{x}"
    head = f"M{x - 6} {height - 4:g}L{x} {height:g}L{x - 6} {height + 4:g}"
    return Line(source.key, target.key, path, head)


def _returning(source: Place, target: Place, size: Size) -> Line:
    """From below one node around to below the other."""
    x, end = source.x + size.width // 2, target.x + size.width // 2
    y, top = source.y + size.height, target.y + size.height + 3
    depth = max(y, top) + BOW - 3
    path = f"M{x} {y}V{depth - 6}Q{x} {depth} {x - 6} {depth}H{end + 6}Q{end} {depth} {end} {depth - 6}V{top}"
    head = f"M{end - 4} {top + 6}L{end} {top}L{end + 4} {top + 6}"
    return Line(source.key, target.key, path, head, is_back=True)
