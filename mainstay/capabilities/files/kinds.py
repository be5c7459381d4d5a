"""What a file is, judged by its content and never by its name or by what the sender claims."""

import unicodedata
from pathlib import PurePosixPath

import puremagic

# Shown inside a page; everything else is only ever downloaded.
INLINE = {"image/png", "image/jpeg", "image/gif", "image/webp"}
SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
)
UNKNOWN = "application/octet-stream"


def type_of(head: bytes) -> str:
    """The media type of a file that begins so; text that could run in a browser is plain text here."""
    for start, found in SIGNATURES:
        if head.startswith(start):
            return found
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if _is_text(head):
        return "text/plain"
    try:
        guess = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        return UNKNOWN
    found = next((g.mime_type for g in guess if g.mime_type), UNKNOWN)
    return (
        UNKNOWN
        if found.startswith(("text/", "image/svg", "application/xhtml", "application/xml"))
        else found
    )


def safe_name(name: str) -> str:
    """A file name without a path, control characters or marks that turn its reading direction."""
    last = PurePosixPath(name.replace("\\", "/")).name
    kept = "".join(c for c in last if unicodedata.category(c)[0] != "C").strip(" .")
    return kept[:150] or "file"


def _is_text(head: bytes) -> bool:
    if b"\x00" in head:
        return False
    try:
        head.decode()
    except UnicodeDecodeError as error:
        return error.start > len(head) - 4 and len(head) >= 4096
    return True
