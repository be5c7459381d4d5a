"""A sentence that is told reads as it was written, whatever somebody called themselves."""

from __future__ import annotations

import json

from django.http import HttpResponse
from django.test import RequestFactory

from mainstay.surfaces.web import flash
from mainstay.surfaces.web.answers import redirect, tell

TURNED = "Ada \u202eeht nrut\u2067"


def test_by_either_way() -> None:
    told = json.loads(tell(HttpResponse(), f"{TURNED} is assigned")["HX-Trigger"])
    assert told["toast"]["text"] == "Ada eht nrut is assigned"
    request = RequestFactory().get("/")
    request.COOKIES[flash.COOKIE] = (
        redirect("/", f"{TURNED} is assigned").cookies[flash.COOKIE].value
    )
    assert flash.read(request) == flash.Told("Ada eht nrut is assigned")
