"""Reads HTML as a browser would, and names everything in it that could run or that points elsewhere."""

from __future__ import annotations

from html.parser import HTMLParser

ADDRESSES = (
    "href",
    "src",
    "action",
    "formaction",
    "hx-get",
    "hx-post",
    "poster",
    "data",
    "xlink:href",
)
DANGEROUS = ("javascript:", "vbscript:", "data:text", "data:image/svg")
# Elements our pages have no use for.
NEVER = ("iframe", "object", "embed", "applet", "base", "style", "frame", "marquee", "math")


class Reader(HTMLParser):
    """Collects complaints, and every address with the attribute it stood in."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.complaints: list[str] = []
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name.lower(): value or "" for name, value in attrs}
        self.elements.append((tag, given))
        if tag in NEVER:
            self.complaints.append(f"<{tag}>")
        if tag == "script" and not given.get("src", "").startswith("/static/"):
            self.complaints.append(f"<script {given}>")
        for name, value in given.items():
            plain = "".join(value.split()).lower()
            if name.startswith("on") or name == "style" or name.startswith("hx-on"):
                self.complaints.append(f"<{tag} {name}>")
            if name in ADDRESSES and plain.startswith(DANGEROUS):
                self.complaints.append(f"<{tag} {name}={value!r}>")
            if name in ("src", "action", "formaction") and plain.startswith(("http", "//", "\\")):
                self.complaints.append(f"<{tag} {name}={value!r}>")
        if tag == "meta" and "http-equiv" in given:
            self.complaints.append(f"<meta {given}>")

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader
