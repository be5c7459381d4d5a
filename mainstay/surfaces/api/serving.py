"""From a request to an answer: who asks, may they, with what, done; errors in the one shape."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from mainstay.directory.audit import noting
from mainstay.pure.rules import By
from mainstay.surfaces.api import auth, bodies, conditional, errors, idempotent, limits
from mainstay.surfaces.api.errors import Problem
from mainstay.surfaces.api.operation import DOOR, Call, Operation

View = Callable[..., HttpResponseBase]


def view(operations: Iterable[Operation]) -> View:
    """The view of one path. Django's CSRF check is passed by; ours follows where a cookie counts."""
    by_method = {operation.method: operation for operation in operations}
    allowed = ", ".join([*by_method, *(["HEAD"] if "GET" in by_method else [])])
    by_method |= {"HEAD": by_method["GET"]} if "GET" in by_method else {}

    @csrf_exempt
    def served(
        request: HttpRequest, key: str = "", part: str = "", event: str = ""
    ) -> HttpResponseBase:
        operation = by_method.get(request.method or "")
        if operation is None:
            return errors.problem(
                "method", _("Use %(methods)s.") % {"methods": allowed}, headers={"Allow": allowed}
            )
        return serve(request, operation, key, part or event)

    served.operations = tuple(by_method.values())  # type: ignore[attr-defined]
    return served


def serve(request: HttpRequest, operation: Operation, key: str, part: str) -> HttpResponseBase:
    actor = call = None
    try:
        actor = auth.actor_of(request)
        limits.count(request, By(actor, DOOR))
        auth.require_scope(request, actor, operation)
        call = Call(request, operation, actor, key, part)
        call.query = bodies.query(request, operation)
        if not operation.writes:
            return operation.run(call)
        bodies.refuse_early(request, operation)
        auth.require_form_token(request)
        bodies.read(call)
        if operation.prepare is not None:
            operation.prepare(call)
        return idempotent.run(call) if operation.method == "POST" else conditional.run(call)
    except Exception as error:
        if actor is not None:
            noting.refused(request, By(actor, DOOR), error)
        return errors.answer(error, operation.rtype, call.body if call else None)


@csrf_exempt
def unknown(request: HttpRequest) -> HttpResponse:
    """Whatever else is asked below /api/."""
    return errors.answer(Problem("missing", _("There is no such path.")))
