"""Record numbers as people type them: "inc20481" and "INC0020481" mean INC-20481."""

import re

_NUMBER = re.compile(r"([A-Za-z]+)[- ]?([0-9]+)")


def normal(text: str) -> str:
    """The one spelling of a record number; any other text comes back in upper case."""
    found = _NUMBER.fullmatch(text)
    if found is None:
        return text.upper()
    return f"{found[1].upper()}-{found[2].lstrip('0') or '0'}"
