"""What a browser says of the page it asks from: an unreadable address is none, and what was done is answered so."""

from __future__ import annotations

from pathlib import Path

import pytest

import mainstay
from mainstay.records import queries
from mainstay.records.types import shelf
from tests.surfaces.web.conftest import Browse
from tests.world import World

pytestmark = pytest.mark.django_db
ADDRESSES = ("http://[::1", "//[x]y/", "http://testserver/incidents/?" + "&a=b" * 2000)


@pytest.mark.parametrize("address", ADDRESSES, ids=lambda one: one[:12])
def test_it_is_kept_and_answered_in_a_list_and_on_a_page(
    world: World, browse: Browse, address: str
) -> None:
    number, client = world.incident().number, browse("agn")
    for n, target in enumerate((f"tr#{number}", "div#peek", "div#record")):
        headers = {"HX-Request": "true", "HX-Target": target, "HX-Current-URL": address}
        path = f"/incidents/{number}/set/title/"
        answer = client.post(path, {"value": f"Anew {n}"}, headers=headers)
        assert answer.status_code == 200, target
        row = queries.one(shelf.type("incident"), world.actor("agn"), number, names=("title",))
        assert row["title"] == f"Anew {n}"
    assert (
        client.get(
            "/incidents/",
            headers={"HX-Request": "true", "HX-Target": "div#queue", "HX-Current-URL": address},
        ).status_code
        == 200
    )


def test_one_file_reads_it() -> None:
    """Wherever else it were read, an address that is none would be a fault of ours again."""
    product = Path(mainstay.__file__).parent
    found = {
        path.name
        for part in ("surfaces", "capabilities", "practices", "directory")
        for path in (product / part).rglob("*.py")
        if any(name in path.read_text() for name in ("HX-Current-URL", '"Referer"'))
    }
    assert found == {"whence.py"}
