"""If-Match holds back whatever is done to one record, when the record is no longer the one that was read."""

from __future__ import annotations

from django.http.response import HttpResponseBase

from mainstay.records import commands
from mainstay.records.errors import Illegal, Invalid, Stale
from mainstay.records.turnstile import writing
from mainstay.surfaces.api import answers
from mainstay.surfaces.api.operation import Call


def run(call: Call) -> HttpResponseBase:
    """The operation, with the record locked between the question and the deed. Raises Stale.

    It is done first and undone again: who may not do it at all is told that, and not which version there is. What
    no longer fits a record that has moved on is stale, whatever else is wrong with it.
    """
    wanted = answers.version_wanted(call) if call.operation.is_conditional else None
    if wanted is None or call.operation.rtype is None:
        return call.operation.run(call)
    with writing():
        current = commands.locked(call.rtype, call.key, call.by).version
        try:
            answer = call.operation.run(call)
        except (Illegal, Invalid) as refusal:
            if wanted != current:
                raise Stale(current) from refusal
            raise
        if wanted != current:
            raise Stale(current)
        return answer
