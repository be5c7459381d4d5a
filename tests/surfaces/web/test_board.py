"""Lanes of cards: how many are too many, and where a card may go."""

from __future__ import annotations

import pytest
from markupsafe import Markup

from mainstay.surfaces.web import jinja
from mainstay.surfaces.web.board import Board, Card, Lane

CARDS = tuple(
    Card(f"CSI-{n}", "Skills matrix", f"/improvements/CSI-{n}/", move="/move/") for n in range(3)
)


@pytest.mark.parametrize(
    ("lane", "count", "over", "is_full"),
    [
        (Lane("doing", "Doing", CARDS), 3, 0, False),
        (Lane("doing", "Doing", CARDS, limit=4), 3, 0, False),
        (Lane("doing", "Doing", CARDS, limit=3), 3, 0, True),
        (Lane("doing", "Doing", CARDS, limit=1), 3, 2, True),
        (Lane("doing", "Doing", limit=0), 0, 0, True),
        # What is not shown counts too.
        (Lane("doing", "Doing", CARDS, limit=20, total=42), 42, 22, True),
    ],
)
def test_how_many_are_too_many(lane: Lane, count: int, over: int, is_full: bool) -> None:
    assert (lane.count, lane.over, lane.is_full) == (count, over, is_full)


def test_a_card_goes_to_any_other_lane_or_to_those_it_may() -> None:
    one, other = Card("CSI-7", "Any", "/"), Card("CSI-8", "Few", "/", to=("done", "idea"))
    lanes = (Lane("idea", "Ideas", (one, other)), Lane("doing", "Doing"), Lane("done", "Proven"))
    board = Board("Improvements", lanes)
    assert [lane.key for lane in board.ways(one)] == ["doing", "done"]
    assert [lane.key for lane in board.ways(other)] == ["done"]
    assert not board.is_empty
    assert Board("Improvements", (Lane("idea", "Ideas"),)).is_empty


def drawn(board: Board) -> str:
    return str(jinja.environment().globals["plans"].board(board, Markup(""), "b"))  # type: ignore[attr-defined]


def test_a_menu_names_the_lanes_and_sends_the_one_that_is_chosen() -> None:
    """By a form with an address, so that it works by keys, by a thumb and without a script."""
    lanes = (
        Lane("idea", "Ideas", CARDS[:1]),
        Lane("doing", "Doing", limit=0),
        Lane("done", "Proven"),
    )
    text = drawn(Board("Improvements", lanes))
    assert '<form method="post" action="/move/"' in text
    assert text.count('<button class="opt" name="to"') == 2
    assert 'name="to" value="doing"' in text and 'name="to" value="done"' in text
    assert 'aria-label="Move CSI-0"' in text


def test_what_is_too_much_is_said_in_words() -> None:
    text = drawn(
        Board("Improvements", (Lane("doing", "Doing", CARDS, limit=2), Lane("done", "Proven")))
    )
    assert "1 more than its limit of 2." in text
    text = drawn(
        Board("Improvements", (Lane("doing", "Doing", CARDS, limit=1), Lane("done", "Proven")))
    )
    assert "2 more than its limit of 1." in text
    text = drawn(
        Board("Improvements", (Lane("doing", "Doing", CARDS, limit=3), Lane("done", "Proven")))
    )
    assert "more than its limit" not in text


def test_what_may_not_be_moved_has_no_menu_and_says_why() -> None:
    card = Card("CSI-9", "Skills matrix", "/", stays="Only its team may move it.")
    text = drawn(Board("Improvements", (Lane("idea", "Ideas", (card,)), Lane("done", "Proven"))))
    assert "<form" not in text and " disabled" in text
    assert "Only its team may move it." in text


def test_titles_are_escaped() -> None:
    card = Card("CSI-9", "<b>bold</b>", "/", move="/move/", refused="<i>no</i>")
    text = drawn(Board("Improvements", (Lane("idea", "Ideas", (card,)), Lane("done", "Proven"))))
    assert "<b>bold" not in text and "<i>no" not in text
