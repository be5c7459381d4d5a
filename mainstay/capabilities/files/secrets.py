"""What in a file looks like a secret sent along without meaning to; a guess that warns and forbids nothing.

Archives and what is compressed are not looked into.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

# What of a piece is kept for the next one, so that nothing hides between two.
OVERLAP: Final = 1024


@dataclass(frozen=True)
class Pattern:
    """`needles` are looked for first, which costs a tenth: without one of them the pattern cannot match."""

    what: Any
    needles: tuple[bytes, ...]
    shape: re.Pattern[bytes]


PATTERNS: Final = (
    # RFC 7468, and OpenSSH's PROTOCOL.key.
    Pattern(
        lazy("a private key"),
        (b"PRIVATE KEY",),
        re.compile(rb"-----BEGIN (?:[A-Z]{2,12} ){0,2}PRIVATE KEY(?: BLOCK)?-----"),
    ),
    # AWS, "IAM identifiers": unique identifiers of access keys and of temporary ones.
    Pattern(
        lazy("an access key of AWS"),
        (b"AKIA", b"ASIA"),
        re.compile(rb"(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z2-7]{16}(?![A-Za-z0-9])"),
    ),
    # RFC 6265; as a line, and as browsers write it into a HAR ("HTTP Archive 1.2", headers).
    Pattern(
        lazy("cookies of somebody who is signed in"),
        (b"ookie",),
        re.compile(
            rb"(?:^|\n)(?:set-)?cookie:[ \t]*[^\s=;]{1,100}=[^\s;]{8}"
            rb'|"name"\s{0,9}:\s{0,9}"(?:set-)?cookie"\s{0,9},\s{0,90}"value"\s{0,9}:\s{0,9}"[^"=]{1,100}=[^"]{8}',
            re.IGNORECASE,
        ),
    ),
    # RFC 6750, in either of the two.
    Pattern(
        lazy("a token that signs somebody in"),
        (b"earer ",),
        re.compile(rb"(?i:authorization)\W{1,40}(?:(?i:value)\W{1,20})?[Bb]earer [\w.~+/=-]{16}"),
    ),
    # RFC 7519: two parts of JSON in Base64, each of which begins with {".
    Pattern(
        lazy("a token that signs somebody in"),
        (b"eyJ",),
        re.compile(rb"(?<![\w-])eyJ[\w-]{10,400}\.eyJ[\w-]{10}"),
    ),
    # GitHub, "About authentication: token formats"; Slack, "Token types"; and our own.
    Pattern(
        lazy("a token that signs somebody in"),
        (b"gh", b"github_pat_", b"xox", b"mst_"),
        re.compile(
            rb"(?<![A-Za-z0-9])(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{36}|xox[abprs]-[\w-]{16}|mst_[\w-]{43})"
        ),
    ),
)


class Finder:
    """Reads a file piece by piece, as it is put away."""

    def __init__(self) -> None:
        self.found: Pattern | None = None
        self._rest = b""

    def read(self, piece: bytes) -> None:
        if self.found is None:
            text = self._rest + piece
            self.found = next((p for p in PATTERNS if is_in(p, text)), None)
            self._rest = text[-OVERLAP:]


def is_in(pattern: Pattern, text: bytes) -> bool:
    return any(needle in text for needle in pattern.needles) and bool(pattern.shape.search(text))


def warning(name: str, found: Pattern | None) -> str:
    """What whoever attached it should do; a file cannot be taken back, so what it holds must lose its worth."""
    if found is None:
        return ""
    return _(
        "%(name)s seems to hold %(what)s. Whoever may read it can use that: have it changed or revoked now,"
        " and send the file without it next time."
    ) % {"name": name, "what": found.what}
