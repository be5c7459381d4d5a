"""The numbers people paste into messages: `INC-20481`, in whatever spelling they arrive."""

import re

# A prefix is what the spelling below can begin with.
PREFIX = re.compile(r"[A-Z]{1,12}", re.ASCII)
# A mail program makes other dashes and blanks of what was typed.
SPELLING = re.compile(
    r"\s*#?([A-Za-z]{1,12})[-\s\u00a0\u2010-\u2015\u2212]?0*(\d{1,18})\s*", re.ASCII
)


def normal(text: str) -> str:
    """The one spelling of a number: `inc20481`, `#INC 20481` and `INC0020481` give `INC-20481`.

    A text that is no number comes back trimmed and in capitals, so it can be looked up and not found.
    """
    found = SPELLING.fullmatch(text)
    return f"{found[1].upper()}-{found[2]}" if found else text.strip().upper()
