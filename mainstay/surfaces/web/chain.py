"""What led to what, as far as one record is concerned: what `maps.chain` draws."""

from dataclasses import dataclass

from markupsafe import Markup


@dataclass(frozen=True)
class Link:
    """One thing in a chain: what it is called, its number, how it stands as a drawn status or as a word of its own.

    The tone (bad, warn, ok, none) colours dot and word. Without an address it is only read.
    """

    title: str
    number: str = ""
    href: str = ""
    status: Markup | str = ""
    word: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Chain:
    """From the first cause to what one looks at: each link led to the next, and the last of them to `here`.

    `others` is what the first cause led to besides; `behind` are as many more as are not named, and `behind_href` is
    where they stand.
    """

    causes: tuple[Link, ...]
    here: str
    others: tuple[Link, ...] = ()
    behind: int = 0
    behind_href: str = ""
