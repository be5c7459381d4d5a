"""A list as a table for a spreadsheet: every row its reader sees, and no cell that is a formula."""

from __future__ import annotations

import csv
import io
import itertools
import re
import sys
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

import mainstay
from mainstay.records import commands, queries
from mainstay.records.types import shelf
from mainstay.surfaces.web.export import FORMULA, UNSEEN, safe, table
from tests.surfaces.web.conftest import Browse
from tests.world import SETUP, World

pytestmark = pytest.mark.django_db
incident = shelf.type("incident")


def sheet(client: Client, query: str = "view=all") -> list[list[str]]:
    answer = client.get(f"/incidents/export.csv?{query}")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    text = b"".join(answer.streaming_content).decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


FORMULAS = [
    "=cmd|' /C calc'!A0", "+1", "-1", "@SUM(1)", "＝1", '";=1', '=HYPERLINK("http://x")', "＋1", "－1", "＠x",
]  # fmt: skip


@pytest.mark.attack("H01")
@pytest.mark.parametrize("title", FORMULAS)
def test_a_cell_is_never_a_formula(world: World, browse: Browse, title: str) -> None:
    made = world.incident(title=title)
    commands.change(incident, made.number, {"category": title}, SETUP)
    heads, row = sheet(browse("agn"), "view=all&columns=number,title,category")
    shown = title.replace('";=', "\";'=") if title.startswith('"') else f"'{title}"
    assert row == [made.number, shown, shown]
    assert heads == ["Number", "Title", "Category"]


@pytest.mark.attack("H01")
def test_what_begins_with_a_blank_a_tab_or_a_line_is_no_formula_either() -> None:
    for text in ("  =1", "=1"):
        assert safe(text).replace("'", "", 1) == text and not runs(safe(text))
    for text in ("\t=1", "\r=1", "\n=1"):
        assert safe(text) == f"'{text[0]}'=1"
    for text in (
        "",
        "1",
        "a=1",
        "Gdańsk",
        "VPN - no way in",
        "a\r\nb",
        "2 + 2 = 4; so what",
        "x\ty, z",
    ):
        assert safe(text) == text


@pytest.mark.attack("H01")
def test_nothing_that_draws_nothing_hides_a_formula() -> None:
    """Whatever stands before it: every sign there is of those kinds, and those of other kinds that have no shape."""
    unseen = [
        sign
        for sign in map(chr, range(sys.maxunicode + 1))
        if unicodedata.category(sign) in ("Cf", "Cc", "Zs", "Zl", "Zp") and sign not in "\t\r\n"
    ]
    assert len(unseen) > 200
    for sign in (*unseen, *"\u034f\u115f\u1160\u2800\u3164\ufe0f\uffa0\U000e0100"):
        assert safe(f"{sign}=1+1") == f"{sign}'=1+1", hex(ord(sign))
        assert safe(f"x;{sign}=1") == f"x;{sign}'=1", hex(ord(sign))
    assert safe("\u2060\u202a@SUM(1)") == "\u2060\u202a'@SUM(1)"


# As docs/guides/a-queue.md tells whoever reads a file back.
WRITTEN = re.compile(rf"""((?:\A|(?>\r\n|[,;|\t\r\n"]))[{UNSEEN}]*'*)'(?=[{FORMULA}])""")


@pytest.mark.attack("H01")
def test_what_was_written_is_read_back_out_of_it() -> None:
    """A mark of ours is told from one that stood there: no two texts come out the same."""
    assert safe("=1+1") == "'=1+1" and safe("'=1+1") == "''=1+1"
    signs, seen = ("'", "=", ";", '"', "\t", "\r", "\n", " ", "\u202e", "x"), {}
    for length in range(6):
        for text in map("".join, itertools.product(signs, repeat=length)):
            made = safe(text)
            assert seen.setdefault(made, text) == text, (text, made)
            assert WRITTEN.sub(r"\1", made) == text, (text, made)
    for text in ("it's = so", "'quoted'", "'", "Gdańsk's"):
        assert safe(text) == text


PARTS = (",", ";", "\t", "|", '"', "\n", "\r", "\r\n")


BLANKS = ("", " ", "  ", "\u00a0", "\u3000", "\ufeff", '"', '""', ' " ', "\t", '";"')


SIGNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "﹦", "\t", "\r")


RUNS = re.compile(r"\A[\s\ufeff\"]*[=+\-@＝＋－＠﹦]|\A[\t\r]")


def runs(cell: str) -> bool:
    """As a spreadsheet sees it, which throws away what is blank before a formula."""
    return bool(RUNS.match(cell))


@pytest.mark.attack("H01", "H02")
@pytest.mark.parametrize("part", PARTS)
def test_no_sign_that_parts_cells_makes_a_formula_of_a_part_of_one(part: str) -> None:
    """A spreadsheet in German parts a file at each semicolon, one in another country elsewhere."""
    for blank, sign, before in itertools.product(BLANKS, SIGNS, ("x", "", '"', "a,b", 'say "so"')):
        value = f"{before}{part}{blank}{sign}1+1"
        text = table([["INC-1", value, value], [value, "INC-1", "x"]])
        assert next(csv.reader(io.StringIO(text, newline="")))[1] == safe(value)
        for by, quoting, skips in itertools.product(
            ",;\t|", (csv.QUOTE_MINIMAL, csv.QUOTE_NONE), (False, True)
        ):
            how: Any = {"delimiter": by, "quoting": quoting, "skipinitialspace": skips}
            for lines in (io.StringIO(text, newline=""), re.split(r"[\r\n]+", text)):
                cells = [cell for row in csv.reader(lines, **how) for cell in row]
                assert not any(map(runs, cells)), (value, how)
        assert not any(map(runs, re.split(r"""[,;|\t\r\n"']+""", text.replace("'", "x")))), value


def test_only_one_piece_writes_tables() -> None:
    """What makes cells safe stands there alone."""
    root = Path(mainstay.__file__).parent
    found = [
        f.name for f in root.rglob("*.py") if re.search(r"csv\.(Dict)?[wW]riter", f.read_text())
    ]
    assert found == ["export.py"]


@pytest.mark.attack("H02")
def test_a_cell_never_breaks_its_row(world: World, browse: Browse) -> None:
    value = 'a","=1+1","b'
    world.incident(title=value)
    world.incident(title="1;2,3\t4")
    rows = sheet(browse("agn"))
    assert len(rows) == 3
    assert len({len(row) for row in rows}) == 1
    assert value.replace("=", "'=") in [row[rows[0].index("Title")] for row in rows[1:]]


@pytest.mark.attack("D01")
@pytest.mark.parametrize("who", ["ra1", "ra2", "rb1", "agn", "agh", "agb", "aud", "ven", "adm"])
def test_a_table_holds_what_its_list_shows(world: World, browse: Browse, who: str) -> None:
    for _ in range(3):
        world.incident()
    world.hidden_incident()
    for query in (
        "view=all",
        "view=all&group=state",
        "view=all&filter=priority+<+9&order=created_at",
    ):
        heads, *rows = sheet(browse(who), query)
        # The part alone: a whole page leads who has no desk to the portal.
        part = {"HX-Request": "true", "HX-Target": "div#queue"}
        shown = browse(who).get(f"/incidents/?{query}", headers=part).content.decode()
        listed = re.findall(r'<tr id="(INC-\d+)">', shown)
        assert [row[heads.index("Number")] for row in rows] == listed


def test_a_table_holds_all_pages_and_not_the_one_looked_at(
    world: World, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = [str(world.incident().number) for _ in range(7)]
    monkeypatch.setattr(queries, "MOST", 3)
    for group in ("", "&group=team"):
        heads, *rows = sheet(browse("agn"), f"view=all&order=created_at{group}")
        assert [row[heads.index("Number")] for row in rows] == numbers


def test_no_table_comes_of_a_wrong_filter_or_to_a_stranger(browse: Browse) -> None:
    assert browse("agn").get("/incidents/export.csv?filter=priorty+<+3").status_code == 422
    assert Client().get("/incidents/export.csv").status_code == 303
    assert browse("agn").get("/nothing/export.csv").status_code == 404
