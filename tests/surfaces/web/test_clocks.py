"""What was promised and how it stands: a glyph and a word, never colour alone, in the language of who reads."""

from __future__ import annotations

import re
from datetime import UTC

import pytest
from markupsafe import Markup

from mainstay.surfaces.web import jinja, ui
from mainstay.surfaces.web.clocks import Clock, Stands, Target
from mainstay.surfaces.web.formats import lasting, read_by

HOUR, DAY = 3600, 86400


def _said(drawn: Markup) -> str:
    found = re.search(r'<span class="sr">(.*?)</span>', drawn)
    assert found
    return found[1]


def _shown(drawn: Markup) -> str:
    found = re.search(r"<bdi>(.*?)</bdi>", drawn)
    assert found
    return found[1]


@pytest.mark.parametrize(
    ("seconds", "en", "de"),
    [
        (0, "1m", "1 Min."),
        (59, "1m", "1 Min."),
        (18 * 60 + 59, "18m", "18 Min."),
        (HOUR, "1h 00m", "1 Std. 00 Min."),
        (3 * HOUR + 18 * 60, "3h 18m", "3 Std. 18 Min."),
        (DAY - 1, "23h 59m", "23 Std. 59 Min."),
        (2 * DAY + 4 * HOUR, "2d 4h", "2 T. 4 Std."),
    ],
)
def test_how_long_something_lasts(seconds: int, en: str, de: str) -> None:
    with read_by("en", UTC):
        assert lasting(seconds) == en
    with read_by("de", UTC):
        assert lasting(seconds) == de


@pytest.mark.parametrize(
    ("target", "shown", "said", "glyph"),
    [
        (Target("Resolution", Stands.RUNNING, 71 * 60, 0.4), "1h 11m", "Resolution: 1h 11m left", ""),
        (Target("Resolution", Stands.RISK, 34 * 60, 0.9), "34m", "Resolution at risk: 34m left", "s-watch"),
        (Target("Resolution", Stands.MISSED, -18 * 60, 1.2), "−18m", "Resolution missed by 18m", "s-act"),
        (Target("Resolution", Stands.PAUSED, 5 * HOUR, 0.2), "Paused", "Resolution paused, 5h 00m left", "st-pause"),
        (Target("Resolution", Stands.MET), "Met", "Resolution met", "check"),
    ],
)  # fmt: skip
def test_a_target_says_in_words_what_it_shows(
    target: Target, shown: str, said: str, glyph: str
) -> None:
    with read_by("en", UTC):
        drawn = ui.target_clock(target)
    assert (_shown(drawn), _said(drawn)) == (shown, said)
    assert f'title="{said}"' in drawn
    assert (f"#{glyph}" in drawn) if glyph else ("<use" not in drawn)
    assert "style=" not in drawn


def test_a_bar_is_what_is_gone() -> None:
    with read_by("en", UTC):
        assert 'x2="40%"' in ui.target_clock(Target("R", Stands.RUNNING, 60, 0.4))
        assert 'x2="100%"' in ui.target_clock(Target("R", Stands.MISSED, -60, 0.4))
        assert "<line" not in ui.target_clock(Target("R", Stands.MET))
    assert ui.target_clock(None) == ""
    assert 'x2="0%"' in ui.target_bar(None, 0)


def test_each_reads_it_in_their_own_language() -> None:
    """Kept drawings are of one language."""
    target = Target("Lösung", Stands.MISSED, -18 * 60, 1)
    with read_by("en", UTC):
        assert _said(ui.target_clock(target)) == "Lösung missed by 18m"
    with read_by("de", UTC):
        assert _said(ui.target_clock(target)) == "Lösung um 18 Min. verfehlt"


def test_what_a_target_is_called_is_no_markup() -> None:
    with read_by("en", UTC):
        drawn = ui.target_clock(Target("<b>%s %(time)s", Stands.RUNNING, 60, 0.1))
    assert "<b>" not in drawn
    assert _said(drawn) == "&lt;b&gt;%s %(time)s: 1m left"


def test_a_strip_says_each_with_its_word() -> None:
    rec = jinja.environment().globals["rec"]
    clocks = [
        Clock("First response", "1m 48s", Stands.MET, 0.18, "Target 10 min"),
        Clock("Resolution", "−18m", Stands.MISSED, 1.1),
        Clock("Next update"),
        Clock("Affected", "4 120", None, 0.7, "", (1, 2, 3)),
    ]
    with read_by("en", UTC):
        drawn = str(rec.clocks(clocks))  # type: ignore[attr-defined]
    cells = drawn.split('<div class="clock')[2:]
    said = [" ".join(re.sub(r"<[^>]+>", " ", cell.partition(">")[2]).split()) for cell in cells]
    assert said[:3] == [
        "First response Met 1m 48s Target 10 min",
        "Resolution Missed −18m",
        "Next update Not begun",
    ]
    assert "target-b" not in cells[2]
    assert 'aria-label="Affected: from 1 to 3, lowest 1, highest 3"' in cells[3]
