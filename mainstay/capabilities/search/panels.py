"""What stands in My work: what was opened lately in this browser, which asks for it by itself."""

from typing import Any

from mainstay.pure.rules import Actor


def of_browser(_actor: Actor) -> dict[str, Any]:
    return {"address": "/search/lately/"}


LATELY = ("search/opened.html", of_browser)
