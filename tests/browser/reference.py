"""Where the groups of the reference of components are: read from the product, without starting it."""

from __future__ import annotations

from tests.browser.live import ROOT

# A file of a folder `reference/` is a group (mainstay/surfaces/web/parts.py).
GROUPS = tuple(
    sorted(file.stem for file in (ROOT / "mainstay").rglob("templates/reference/*.html"))
)


def group(name: str, way: str = "") -> str:
    """The address of one of them."""
    return f"/-/parts/{name}/" + (f"?way={way}" if way else "")
