"""By which ways people are told. A new one is a line here and one small file with a `put`.

What reaches outside (a mail, a message on a phone) starts a task there, keyed by event and person: it may run twice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from mainstay.capabilities.telling import inbox
from mainstay.capabilities.telling.kinds import KINDS
from mainstay.capabilities.telling.tellings import Telling


@dataclass(frozen=True)
class Channel:
    """`usual` are the kinds it brings to whoever has not said otherwise."""

    name: str
    label: Any
    put: Callable[[Sequence[Telling]], None]
    usual: frozenset[str]


CHANNELS = (Channel("inbox", _("In the inbox"), inbox.put, frozenset(kind.name for kind in KINDS)),)
