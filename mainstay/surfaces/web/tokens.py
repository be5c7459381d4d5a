"""The colours of the design as they are written, and how far two of them stand apart for the eye."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from mainstay.surfaces.web.assets import DIST

Colour = tuple[float, float, float]
# name: light or dark, or one for both.
WRITTEN = re.compile(
    r"--([\w-]+):\s*(?:light-dark\(oklch\(([^)]*)\),\s*oklch\(([^)]*)\)\)|oklch\(([^)]*)\));"
)
TEXT, GRAPHIC = 4.5, 3.0
GROUNDS = ("surface", "sheet", "bg", "sunk", "raised")
FAMILIES = ("bad", "warn", "note", "ok", "info", "plan")
# What stands on what, and how far they must be apart (WCAG 2.2: 1.4.3 and 1.4.11).
PAIRS = (
    *((word, ground, TEXT) for word in ("text", "text-2", "text-3") for ground in GROUNDS),
    *((word, "mute-s", TEXT) for word in ("text", "text-2", "text-3")),
    *(("accent", ground, TEXT) for ground in GROUNDS),
    ("accent-2", "accent-soft", TEXT),
    ("text", "accent-soft", TEXT),
    ("text-2", "accent-soft", TEXT),
    ("text-3", "accent-soft", TEXT),
    ("on-accent", "accent-fill", TEXT),
    ("on-accent", "accent-fill-2", TEXT),
    ("on-bad", "bad", TEXT),
    ("on-dock", "dock", TEXT),
    ("dock-2", "dock", TEXT),
    ("on-toast", "toast", TEXT),
    ("surface", "text", TEXT),
    *(("field", ground, GRAPHIC) for ground in ("surface", "sheet")),
    *(("focus", ground, GRAPHIC) for ground in GROUNDS),
    *((f"{family}-t", f"{family}-s", TEXT) for family in FAMILIES),
    *((f"{family}-t", ground, TEXT) for family in FAMILIES for ground in GROUNDS),
    *((family, "surface", GRAPHIC) for family in FAMILIES),
    *(("text", f"{family}-s", TEXT) for family in FAMILIES),
    *(("text-2", f"{family}-s", TEXT) for family in FAMILIES),
)


@dataclass(frozen=True)
class Contrast:
    """Two tokens, one on the other, by day and by night."""

    over: str
    under: str
    least: float
    light: float
    dark: float

    @property
    def is_enough(self) -> bool:
        return min(self.light, self.dark) >= self.least


def read(sheet: str) -> dict[str, tuple[Colour, Colour]]:
    """Every opaque colour of a style sheet by its token, light and dark. What is written again later is left out."""
    found: dict[str, tuple[Colour, Colour]] = {}
    for name, light, dark, both in WRITTEN.findall(sheet):
        values = (light or both, dark or both)
        if not any("/" in value for value in values):
            found.setdefault(name, (_colour(values[0]), _colour(values[1])))
    return found


def contrasts(colours: dict[str, tuple[Colour, Colour]]) -> Iterator[Contrast]:
    for over, under, least in PAIRS:
        light, dark = (ratio(colours[over][i], colours[under][i]) for i in (0, 1))
        yield Contrast(over, under, least, light, dark)


@cache
def built() -> dict[str, tuple[Colour, Colour]]:
    """Those of this product; none where no front end was built."""
    sheet = DIST / "tokens.txt"
    return read(sheet.read_text()) if sheet.exists() else {}


def ratio(one: Colour, other: Colour) -> float:
    """Between 1 (the same) and 21 (black and white), as WCAG 2 defines it."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _colour(written: str) -> Colour:
    lightness, chroma, hue = (float(part.rstrip("%")) for part in written.split())
    return lightness / 100, chroma, hue


def _luminance(colour: Colour) -> float:
    red, green, blue = _linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(colour: Colour) -> tuple[float, ...]:
    """OKLCH as linear sRGB, by the matrices of CSS Color 4; what a screen cannot show is cut off."""
    lightness, chroma, hue = colour
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
    mixed = (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short,
    )
    return tuple(min(1.0, max(0.0, part)) for part in mixed)
