"""Where what depends on what stands: whatever leads to whatever, nothing lies on another and lines lead one way."""

from __future__ import annotations

import re
from itertools import combinations, pairwise

from hypothesis import given
from hypothesis import strategies as st

from mainstay.surfaces.web.layers import Edge, Line, Place, Plan, Size, layout

SIZE = Size()
KEYS = st.integers(0, 24).map(lambda n: f"k{n}")
GRAPHS = st.tuples(st.lists(KEYS, max_size=25), st.lists(st.tuples(KEYS, KEYS), max_size=60))


def at(plan: Plan) -> dict[str, Place]:
    return {place.key: place for place in plan.places}


def overlapping(plan: Plan, size: Size = SIZE) -> list[tuple[str, str]]:
    return [
        (a.key, b.key)
        for a, b in combinations(plan.places, 2)
        if abs(a.x - b.x) < size.width and abs(a.y - b.y) < size.height
    ]


def reached(start: str, edges: list[Edge]) -> set[str]:
    found: set[str] = set()
    waiting = [start]
    while waiting:
        here = waiting.pop()
        for a, b in edges:
            if a == here and b not in found:
                found.add(b)
                waiting.append(b)
    return found


@given(GRAPHS)
def test_nothing_overlaps_and_lines_lead_forward_but_those_of_a_circle(
    graph: tuple[list[str], list[Edge]],
) -> None:
    keys, edges = graph
    plan = layout(keys, edges)
    places = at(plan)
    assert len(places) == len(plan.places) and set(places) == set(keys)
    assert overlapping(plan) == []
    wanted = {(a, b) for a, b in edges if a != b and a in places and b in places}
    assert {(line.source, line.target) for line in plan.lines} == wanted
    assert len(plan.lines) == len(wanted)
    for line in plan.lines:
        source, target = places[line.source], places[line.target]
        if line.is_back:
            assert line.source in reached(line.target, edges), "no circle is closed by it"
            assert target.layer < source.layer
        else:
            assert source.layer < target.layer and source.x + SIZE.width < target.x
    for place in plan.places:
        assert 0 <= place.x <= plan.width - SIZE.width
        assert 0 <= place.y <= plan.height - SIZE.height


@given(GRAPHS)
def test_the_same_is_always_drawn_alike(graph: tuple[list[str], list[Edge]]) -> None:
    keys, edges = graph
    assert layout(keys, edges) == layout(list(keys), list(edges))
    assert layout(keys, edges) == layout([*keys, *keys], [*edges, *edges])


@given(GRAPHS)
def test_a_line_begins_at_one_node_and_ends_at_the_other(
    graph: tuple[list[str], list[Edge]],
) -> None:
    plan = layout(*graph)
    places = at(plan)
    for line in plan.lines:
        first, last = ends(line)
        source, target = places[line.source], places[line.target]
        if line.is_back:
            assert first == (source.x + SIZE.width / 2, source.y + SIZE.height)
            assert last == (target.x + SIZE.width / 2, target.y + SIZE.height + 3)
        else:
            assert first == (source.x + SIZE.width, source.y + SIZE.height / 2)
            assert last == (target.x - 3, target.y + SIZE.height / 2)
        assert all(0 <= level <= plan.height for level in levels(line))
        assert f"L{last[0]:g} {last[1]:g}L" in line.head


def levels(line: Line) -> list[float]:
    """The heights at which it runs level."""
    return [float(level) for level in re.findall(r"([\d.]+)H", line.path)]


def ends(line: Line) -> tuple[tuple[float, float], tuple[float, float]]:
    numbers = [float(n) for n in re.findall(r"[\d.]+", line.path)]
    # What goes back arrives straight from below: "Q… end depth-6 V top".
    return (numbers[0], numbers[1]), (numbers[-3 if line.is_back else -2], numbers[-1])


def test_nothing_is_drawn_of_nothing() -> None:
    assert layout([], []) == Plan(0, 0)


def test_what_leads_to_itself_or_to_what_is_not_there_has_no_line() -> None:
    plan = layout(["a", "b"], [("a", "a"), ("a", "gone"), ("gone", "b")])
    assert plan.lines == ()
    assert [place.key for place in plan.places] == ["a", "b"]


def test_a_line_past_a_layer_keeps_a_way_of_its_own() -> None:
    """From a to d directly, past b and c: level there, above or below them both."""
    plan = layout("abcd", [("a", "b"), ("b", "c"), ("c", "d"), ("a", "d")])
    places = at(plan)
    assert [places[key].layer for key in "abcd"] == [0, 1, 2, 3]
    past = next(line for line in plan.lines if (line.source, line.target) == ("a", "d"))
    levels = re.findall(r"([\d.]+)H", past.path)
    assert len(levels) == 2
    for key, level in zip("bc", levels, strict=True):
        y = places[key].y
        assert not y <= float(level) <= y + SIZE.height


def test_two_that_need_each_other_are_joined_there_and_back() -> None:
    plan = layout("ab", [("a", "b"), ("b", "a")])
    assert [(line.source, line.is_back) for line in plan.lines] == [("a", False), ("b", True)]
    # The way back runs below both, within the drawing.
    level = re.search(r" ([\d.]+)H", plan.lines[1].path)
    assert level is not None
    assert SIZE.height + 8 < float(level[1]) < plan.height


def test_who_leads_only_to_what_is_late_stands_just_before_it() -> None:
    plan = layout("abcx", [("a", "b"), ("b", "c"), ("x", "c")])
    assert [at(plan)[key].layer for key in "abcx"] == [0, 1, 2, 1]


def test_what_nothing_joins_stands_below_and_what_is_alone_in_rows_below_that() -> None:
    alone = [f"n{i}" for i in range(9)]
    plan = layout([*alone, *"abcd"], [("a", "b"), ("c", "d")])
    places = at(plan)
    assert places["a"].y == places["b"].y < places["c"].y == places["d"].y < places["n0"].y
    assert [places[key].layer for key in alone] == [0, 1, 2, 3, 0, 1, 2, 3, 0]
    assert [place.key for place in plan.places] == [*"abcd", *alone]


def test_a_wide_layer_goes_on_in_the_next() -> None:
    """Two hundred that lead to one thing: no column is higher than is looked over at once."""
    keys = [f"k{i}" for i in range(200)]
    plan = layout(["hub", *keys], [(key, "hub") for key in keys])
    columns = [place.layer for place in plan.places]
    assert max(columns.count(layer) for layer in set(columns)) <= SIZE.most
    assert at(plan)["hub"].layer == max(columns)
    assert overlapping(plan) == []


def test_hundreds_have_each_a_place() -> None:
    """A chain, a tree and a circle, all in one; nothing recurses."""
    chain = [(f"c{i}", f"c{i + 1}") for i in range(600)]
    tree = [(f"t{i // 3}", f"t{i}") for i in range(1, 300)]
    circle = [*pairwise(f"o{i}" for i in range(100)), ("o99", "o0")]
    edges = [*chain, *tree, *circle]
    keys = list(dict.fromkeys(key for edge in edges for key in edge))
    plan = layout(keys, edges)
    assert len(plan.places) == len(keys) > 900
    assert [line.source for line in plan.lines if line.is_back] == ["o99"]
    assert overlapping(plan) == []


def test_lines_do_not_cross_where_they_need_not() -> None:
    """Two ladders whose rungs are named in the other order: the second layer follows the first."""
    plan = layout(["a", "b", "z", "y"], [("a", "y"), ("b", "z"), ("a", "z")])
    places = at(plan)
    assert places["a"].y < places["b"].y
    assert places["y"].y < places["z"].y


def test_another_size_is_kept_to() -> None:
    size = Size(width=100, height=40, across=20, down=10, lane=4, most=2)
    plan = layout("abcde", [("a", key) for key in "bcde"], size)
    assert overlapping(plan, size) == []
    assert max(place.layer for place in plan.places) == 2
    assert plan.width == 3 * 120 - 20
