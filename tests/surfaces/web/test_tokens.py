"""Colours stand in one file, and what stands on what there can be told apart, by day and by night."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from mainstay.surfaces.web import tokens
from tests.programs import ROOT

STYLES = ROOT / "frontend" / "css"
SHEET = (STYLES / "tokens.css").read_text()
COLOURS = tokens.read(SHEET)
# By digits, by function, and by the names people reach for first.
LITERAL = re.compile(
    r"#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})(?=[;,\s)'\"])"
    r"|\b(?:rgb|hsl|hwb|lab|lch|oklab|oklch)a?\(",
    re.IGNORECASE,
)
NAMED = re.compile(
    r":[^;{}]*(?<![\w-])(?:white|black|red|green|blue|gr[ae]y|orange|yellow|silver)(?![\w-])"
)
# A browser and a telephone draw these where no style sheet of ours reaches.
BEYOND = {"frontend/public/mark.svg"}
RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
COLOUR = re.compile(r"(?<![\w-])color:\s*var\(--([\w-]+)\)")
GROUND = re.compile(r"(?<![\w-])background(?:-color)?:\s*var\(--([\w-]+)\)\s*(?:;|$)")
# Glyphs that only decorate: what they say stands beside them as a word.
DECORATION = {"line-2", "mute"}


def rules() -> Iterator[tuple[str, str, str]]:
    """Every innermost rule of our style sheets: its file, its selector, what it says."""
    for file in sorted(STYLES.rglob("*.css")):
        text = re.sub(r"/\*.*?\*/", "", file.read_text(), flags=re.DOTALL)
        for selector, body in RULE.findall(text):
            yield file.name, " ".join(selector.split()), body


@pytest.mark.parametrize(
    "pair", list(tokens.contrasts(COLOURS)), ids=lambda p: f"{p.over} on {p.under}"
)
def test_what_stands_on_what_can_be_told_apart(pair: tokens.Contrast) -> None:
    assert pair.is_enough, f"{pair.light:.2f} and {pair.dark:.2f}, at least {pair.least}"


def test_the_formula_is_that_of_the_guidelines() -> None:
    white, black = (1.0, 0.0, 0.0), (0.0, 0.0, 0.0)
    assert round(tokens.ratio(white, black), 2) == 21
    assert tokens.ratio(white, white) == 1
    # As the standard's own tools say of #006979 on white.
    assert round(tokens.ratio(COLOURS["accent"][0], white), 1) == 6.4


def test_a_rule_that_sets_both_is_readable() -> None:
    """Whatever a component puts on a ground of its own, in either theme."""
    unread = []
    for file, selector, body in rules():
        over, under = COLOUR.search(body), GROUND.search(body)
        if over and under and {over[1], under[1]} <= COLOURS.keys():
            for theme in (0, 1):
                seen = tokens.ratio(COLOURS[over[1]][theme], COLOURS[under[1]][theme])
                if seen < tokens.TEXT and over[1] not in DECORATION:
                    unread.append(f"{file} {selector}: {over[1]} on {under[1]} {seen:.2f}")
    assert unread == []


def test_a_colour_of_text_is_one_that_is_measured() -> None:
    """Where a rule sets the colour alone, its ground is one of the five, or one the pairs name."""
    measured = {pair[0] for pair in tokens.PAIRS} | DECORATION | {"on-av"}
    used = {COLOUR.search(body)[1] for _f, _s, body in rules() if COLOUR.search(body)}  # type: ignore[index]
    assert used - measured == set()


def test_more_contrast_is_more() -> None:
    block = SHEET.partition("(prefers-contrast: more)")[2].partition("}")[0]
    stands_for = dict(re.findall(r"--([\w-]+):\s*var\(--([\w-]+)\)", block))
    assert stands_for.keys() >= {"line", "line-2", "text-3"}
    for theme in (0, 1):
        for ground in tokens.GROUNDS:
            under = COLOURS[ground][theme]
            assert tokens.ratio(COLOURS[stands_for["text-3"]][theme], under) >= 7
        for line in ("line", "line-2"):
            over = COLOURS[stands_for[line]][theme]
            assert tokens.ratio(over, COLOURS["surface"][theme]) >= tokens.GRAPHIC


def test_every_token_that_is_used_is_one() -> None:
    said = re.findall(
        r"(?:^|[;{\s])(--[\w-]+):", " ".join(f.read_text() for f in STYLES.rglob("*.css"))
    )
    used = re.findall(r"var\((--[\w-]+)", " ".join(f.read_text() for f in STYLES.rglob("*.css")))
    assert set(used) - set(said) == set()


def sources() -> list[Path]:
    """What draws: style sheets, scripts, the build with its glyphs, templates."""
    frontend = ROOT / "frontend"
    found = [*STYLES.rglob("*.css"), *(frontend / "js").rglob("*.js"), frontend / "vite.config.js"]
    found += [*(frontend / "public").glob("*.svg"), *(ROOT / "mainstay").rglob("*.html")]
    return [file for file in found if file.name != "tokens.css"]


def test_no_colour_stands_elsewhere() -> None:
    found = []
    for file in sources():
        name = file.relative_to(ROOT).as_posix()
        text = re.sub(r"/\*.*?\*/|\{#.*?#\}", "", file.read_text(), flags=re.DOTALL)
        patterns = [LITERAL, NAMED] if file.suffix == ".css" else [LITERAL]
        if name not in BEYOND:
            found += [f"{name}: {h.group()}" for p in patterns for h in p.finditer(text)]
    assert found == []
