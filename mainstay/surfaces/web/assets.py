"""Addresses of the compiled front end, read once from the manifest the build wrote."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from pathlib import Path

DIST = Path(__file__).parent / "static" / "dist"
URL = "/static/dist/"
ENTRY = "js/app.js"
# Sheets beside the first, for the pages that name them: what only some draw, what only the portal has, and what
# the reference of components is made of.
DRAWN = ("charts", "plans", "board", "maps", "document", "contents", "parts")
SHEETS = {**{name: f"css/drawn/{name}.css" for name in DRAWN}, "portal": "css/portal.css"}
# The one font every page shows first; the others are fetched when a character needs them.
FIRST_FONT = "node_modules/@fontsource-variable/geist/files/geist-latin-wght-normal.woff2"


@dataclass(frozen=True)
class Assets:
    """Empty where nothing was built: pages work without, they only look plain."""

    script: str = ""
    styles: tuple[str, ...] = ()
    # By name, as in `SHEETS`.
    sheets: Mapping[str, str] = field(default_factory=dict)
    font: str = ""
    icons: str = f"{URL}icons.svg"
    mark: str = f"{URL}mark.svg"
    # The mark as a picture; the last is one with room around it, to be cut into any shape.
    touch: str = f"{URL}icon-180.png"
    small: str = f"{URL}icon-192.png"
    large: str = f"{URL}icon-512.png"
    cut: str = f"{URL}icon-512-cut.png"


@cache
def built() -> Assets:
    manifest = DIST / ".vite" / "manifest.json"
    if not manifest.exists():
        return Assets()
    entries = json.loads(manifest.read_text())
    entry = entries[ENTRY]
    # The sprite keeps its name, so its content is named in the address.
    mark = sha256((DIST / "icons.svg").read_bytes()).hexdigest()[:8]
    return Assets(
        script=URL + entry["file"],
        styles=tuple(URL + sheet for sheet in entry.get("css", ())),
        sheets={name: URL + entries[path]["file"] for name, path in SHEETS.items()},
        font=URL + entries[FIRST_FONT]["file"] if FIRST_FONT in entries else "",
        icons=f"{URL}icons.svg?v={mark}",
    )


def icons() -> frozenset[str]:
    """The names of what is drawn in the sprite, none where nothing was built."""
    sprite = DIST / "icons.svg"
    return frozenset(re.findall(r'id="([\w-]+)"', sprite.read_text()) if sprite.exists() else ())
