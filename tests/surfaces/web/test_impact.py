"""A map of what depends on what: what its nodes and lines say, with and without a look at it."""

from __future__ import annotations

import re
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from mainstay.surfaces.web import jinja
from mainstay.surfaces.web.impact import LINE, TITLE, Edge, Map, Node, drawn, fitting

GATEWAY = Node(
    "g", "payment-gateway", "Application", "boxes", "/items/CI-1/", "act", "Down", "TLS errors"
)
STORE = Node("s", "Point of sale", "Service", "store", "/services/SVC-1/", "watch", "At risk")
MODULE = Node("m", "hsm-eu-2", "Hardware", "cpu", "/items/CI-2/", "act", "Down", is_selected=True)
USES, RUNS = (
    Edge("s", "g", "uses", is_hot=True),
    Edge("g", "m", "runs on", "dashed", is_dimmed=True),
)
MAP = Map("What depends on hsm-eu-2", (MODULE, GATEWAY, STORE), (USES, RUNS, Edge("s", "gone")))


def page(told: Map) -> str:
    return str(jinja.environment().globals["maps"].impact(drawn(told)))  # type: ignore[attr-defined]


def test_links_stand_in_the_order_of_the_drawing_and_say_all_in_their_names() -> None:
    nodes = re.findall(
        r'<a class="map-n[^"]*" href="([^"]+)"[^>]*>\s*<title>([^<]+)</title>', page(MAP)
    )
    assert nodes == [
        ("/services/SVC-1/", "Point of sale, Service: At risk"),
        ("/items/CI-1/", "payment-gateway, Application: Down, TLS errors"),
        ("/items/CI-2/", "hsm-eu-2, Hardware: Down"),
    ]


def test_the_table_says_what_the_drawing_shows() -> None:
    table = page(MAP).partition("<table")[2]
    rows = [
        [re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)]
        for row in re.findall(r"<tr.*?</tr>", table.partition("<tbody>")[2], re.DOTALL)
    ]
    assert rows == [
        ["Point of sale", "Service", "At risk", "payment-gateway (uses)"],
        ["payment-gateway", "Application", "Down · TLS errors", "hsm-eu-2 (runs on)"],
        ["hsm-eu-2", "Hardware", "Down", ""],
    ]


def test_how_things_are_and_how_lines_differ_is_said_below_the_worst_first() -> None:
    told = drawn(
        replace(MAP, nodes=(*MAP.nodes, Node("x", "Lone", "Service", "store", "", "ok", "Healthy")))
    )
    assert told.states() == [("s-act", "Down"), ("s-watch", "At risk"), ("s-ok", "Healthy")]
    assert told.kinds() == [("", "uses"), ("dashed", "runs on")]


def test_each_line_is_drawn_by_its_kind_and_what_matters_lies_above() -> None:
    told = drawn(MAP)
    assert [edge for edge, _line in told.lines] == [RUNS, USES]
    lines = re.findall(r'<path class="(map-e[^"]*)" d="M', page(MAP))
    # Line and head each; the head has no pattern, or it would not be seen. Then the two of the legend.
    assert lines == [
        "map-e dim dashed",
        "map-e dim",
        "map-e hot",
        "map-e hot",
        "map-e ",
        "map-e dashed",
    ]


def test_what_one_may_not_open_is_no_link_and_what_is_selected_is_current() -> None:
    drawn_page = page(replace(MAP, nodes=(replace(GATEWAY, href=""), MODULE, STORE)))
    assert '<g class="map-n h-s-act">' in drawn_page
    assert re.search(r'href="/items/CI-2/" aria-current="true"', drawn_page)
    assert drawn_page.count('aria-current="true"') == 2, "in the drawing and in the table"


def test_how_many_more_are_behind_is_said_in_both() -> None:
    several = page(Map("It", (replace(STORE, behind=1_200),)))
    assert "+1\u202f200</text>" in several
    assert several.count("1\u202f200 more behind it</title>") == 1
    assert "1\u202f200 more</td>" in several
    assert "1 more behind it" in page(Map("It", (replace(STORE, behind=1),)))


def test_nothing_says_so() -> None:
    empty = str(
        jinja.environment().globals["maps"].impact(drawn(Map("It", ())), "No item is known.")
    )  # type: ignore[attr-defined]
    assert "No item is known." in empty and '<svg class="map-g"' not in empty


def test_a_name_is_escaped_wherever_it_stands() -> None:
    sly = "<b>&\"'"
    told = page(Map(sly, (Node("k", sly, sly, "boxes", "/", "ok", sly, sly),), ()))
    assert "<b>" not in told and told.count("&lt;b&gt;") > 5


@given(st.text(), st.integers(4, 30))
def test_what_is_cut_has_an_ellipsis_and_room(text: str, room: int) -> None:
    cut = fitting(text, room)
    if cut != text:
        assert cut.endswith("…") and len(cut) <= room
        assert text.startswith(cut[:-1].rstrip())


def test_letters_of_the_east_take_two_places() -> None:
    assert fitting("データベースサーバー", TITLE) == "データベースサーバー"
    assert fitting("データベースサーバー一号機", TITLE) == "データベースサーバ…"
    assert fitting("a" * TITLE, TITLE) == "a" * TITLE


def test_a_number_beside_it_takes_room_from_the_line() -> None:
    long = replace(GATEWAY, state="Idle", note="n" * 60)
    assert len(long.line) == LINE
    assert len(replace(long, behind=12).line) == LINE - 6
