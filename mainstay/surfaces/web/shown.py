"""The sheets of styles as if everything were for a thumb, pointed at, pressed, in focus, printed, or in forced colours.

A page cannot bring itself into these states. The reference of components shows them with sheets in which a rule for
such a state holds for all that stands in a ground of that way: the same rules in the same order, asked of no pointer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from types import MappingProxyType

from mainstay.surfaces.web import assets
from mainstay.surfaces.web.assets import DIST, URL, Assets

ALWAYS = "(width >= 0px)"


def _as_if(state: str, way: str) -> tuple[re.Pattern[str], str]:
    """As heavy as the state itself, so that no rule wins that would not."""
    return re.compile(rf":{state}(?![\w-])"), f":is(:{state},.way-{way} *)"


# Of each way: what is written otherwise in the sheets.
WAYS: Mapping[str, tuple[tuple[re.Pattern[str], str], ...]] = MappingProxyType(
    {
        "touch": ((re.compile(r"\(pointer:\s*coarse\)"), ALWAYS),),
        "pointed": (_as_if("hover", "pointed"),),
        "pressed": (_as_if("hover", "pressed"), _as_if("active", "pressed")),
        "focus": (_as_if("focus-visible", "focus"),),
        "print": (
            (re.compile(r"@media print\b"), "@media all"),
            (re.compile(r"@media screen\b"), "@media not all"),
        ),
        "forced": ((re.compile(r"\(forced-colors:\s*active\)"), ALWAYS),),
    }
)
# What a browser does by itself then: colours of the reader's, and paper is white.
BY_THE_BROWSER: Mapping[str, str] = MappingProxyType(
    {
        "print": ".way-print{color-scheme:light!important}",
        "forced": (
            ".way-forced,.way-forced :not(svg,svg *,.swatch){color:CanvasText!important;"
            "background-color:Canvas!important;border-color:CanvasText!important;box-shadow:none!important}"
            ".way-forced a,.way-forced a *{color:LinkText!important}"
            ".way-forced :is(button,select){background-color:ButtonFace!important}"
            ".way-forced :is(button,select),.way-forced :is(button,select) *{color:ButtonText!important}"
            ".way-forced :disabled,.way-forced :disabled *{color:GrayText!important}"
        ),
    }
)
# What a sheet fetches lies beside it, wherever it is read from.
BESIDE = re.compile(r"url\((?![\"']?(?:/|data:|#))[\"']?(?:\./)?")


def built(way: str) -> Assets:
    """What a page of this way is drawn with."""
    found = assets.built()
    if way not in WAYS:
        return found
    there = _by_name(found)
    moved = {
        name: f"/-/parts/sheets/{way}/{name}.css?v={_mark(url)}" for name, url in there.items()
    }
    return replace(
        found,
        styles=tuple(moved[f"app{n or ''}"] for n, _ in enumerate(found.styles)),
        sheets={name: moved[name] for name in found.sheets},
    )


@cache
def text(way: str, name: str) -> str:
    """One of the sheets, rewritten. Raises KeyError for what is none."""
    url = _by_name(assets.built())[name]
    sheet = (DIST / url.removeprefix(URL)).read_text()
    for pattern, instead in WAYS[way]:
        sheet = pattern.sub(instead, sheet)
    base = url.rpartition("/")[0]
    sheet = BESIDE.sub(lambda found: f"{found[0].removesuffix('./')}{base}/", sheet)
    return sheet + BY_THE_BROWSER.get(way, "")


def _by_name(found: Assets) -> dict[str, str]:
    first = {f"app{n or ''}": url for n, url in enumerate(found.styles)}
    return first | dict(found.sheets)


def _mark(url: str) -> str:
    """What the build put into its name for what is in it."""
    return url.rpartition("-")[2].removesuffix(".css")
