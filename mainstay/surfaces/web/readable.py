"""Whether what a request brings is text: broken UTF-8 is refused, where Django would store other signs in its place."""

import codecs
from urllib.parse import unquote_to_bytes

from django.http import HttpRequest, UnreadablePostError

# UTF-8 for readers that ask to have what is wrong replaced: it is told instead.
STRICT = "utf_8_told"
FORM, FORM_WITH_FILES = "application/x-www-form-urlencoded", "multipart/form-data"


def _decode(data: bytes, _errors: str = "strict") -> tuple[str, int]:
    return codecs.utf_8_decode(data, "strict", True)  # noqa: FBT003 - nothing more follows


def _known(name: str) -> codecs.CodecInfo | None:
    return codecs.CodecInfo(codecs.utf_8_encode, _decode, name=STRICT) if name == STRICT else None


codecs.register(_known)


def is_readable(request: HttpRequest) -> bool:
    """Reads the form of a request, so what comes before a form's token is checked stands here too."""
    try:
        _text(request.META.get("QUERY_STRING", "").encode("latin-1"))
        if request.method == "POST" and request.content_type == FORM:
            _text(request.body)
        elif request.method == "POST" and request.content_type == FORM_WITH_FILES:
            request.encoding = STRICT
            request.POST  # noqa: B018 - read now, and once
    except (UnicodeError, UnreadablePostError):
        return False
    return True


def _text(encoded: bytes) -> str:
    return unquote_to_bytes(encoded).decode()
