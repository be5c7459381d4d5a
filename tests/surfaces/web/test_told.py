"""A sentence that is told reads as it was written, whatever somebody called themselves."""

from __future__ import annotations

import json

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from mainstay.surfaces.web import flash
from mainstay.surfaces.web.answers import redirect, tell
from tests.surfaces.web.conftest import Browse
from tests.world import World

TURNED = "Ada \u202eeht nrut\u2067"


def test_by_either_way() -> None:
    told = json.loads(tell(HttpResponse(), f"{TURNED} is assigned")["HX-Trigger"])
    assert told["toast"]["text"] == "Ada eht nrut is assigned"
    request = RequestFactory().get("/")
    request.COOKIES[flash.COOKIE] = (
        redirect("/", f"{TURNED} is assigned").cookies[flash.COOKIE].value
    )
    assert flash.read(request) == flash.Told("Ada eht nrut is assigned")


@pytest.mark.django_db
def test_so_does_the_title_of_a_window(world: World, browse: Browse) -> None:
    """Of every page that is called by what somebody wrote, in the workspace and the portal; what it shows stays."""
    turned = "\u202e=1+1 <b>\u2066 & co"
    incident = world.incident(title=turned).number
    pages = {
        f"/incidents/{incident}/": f"{incident} =1+1 &lt;b&gt; &amp; co · Mainstay",
        f"/portal/requests/{incident}/": f"{incident} =1+1 &lt;b&gt; &amp; co · Mainstay",
    }
    for path, title in pages.items():
        page = browse("ra1" if "portal" in path else "agn").get(path).content.decode()
        assert page.partition("<title>")[2].partition("</title>")[0] == title
        assert "\u202e=1+1 &lt;b&gt;" in page
