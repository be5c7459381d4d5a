"""Where a browser may go on after a break: the newest event it was told of, written so that it says nothing.

As a number it would count every write of the site for whoever listens, those of a restricted team and internal notes
among them. Written twice it is two texts: nobody sees from it whether anything happened meanwhile.
"""

from __future__ import annotations

import base64
import binascii
import os

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

NONCE, BODY, TAG = 8, 8, 8
SALT = "mainstay.config.live.places"


def written(place: int) -> str:
    """A text for the address and for `Last-Event-ID`."""
    nonce = os.urandom(NONCE)
    body = _hidden(place.to_bytes(BODY, "big"), nonce, settings.SECRET_KEY)
    whole = nonce + body + _tag(nonce + body, settings.SECRET_KEY)
    return base64.urlsafe_b64encode(whole).decode()


def read(text: str) -> int:
    """The place; 0 for what was not written here, or with a key that is none any more."""
    try:
        whole = base64.b64decode(text.encode("ascii"), b"-_", validate=True)
    except (UnicodeEncodeError, binascii.Error):
        return 0
    told, tag = whole[: NONCE + BODY], whole[NONCE + BODY :]
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        if len(whole) == NONCE + BODY + TAG and constant_time_compare(tag, _tag(told, key)):
            return int.from_bytes(_hidden(told[NONCE:], told[:NONCE], key), "big")
    return 0


def _hidden(body: bytes, nonce: bytes, key: str) -> bytes:
    """And read again by the same."""
    stream = salted_hmac(SALT, nonce, key, algorithm="sha256").digest()
    return bytes(one ^ other for one, other in zip(body, stream, strict=False))


def _tag(told: bytes, key: str) -> bytes:
    return salted_hmac(f"{SALT}.tag", told, key, algorithm="sha256").digest()[:TAG]
