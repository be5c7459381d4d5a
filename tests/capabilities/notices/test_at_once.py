"""Many say "me too" in the same moment: each person is one."""

from __future__ import annotations

import pytest

from mainstay.capabilities.notices import commands as notices
from mainstay.capabilities.notices.models import MeToo
from mainstay.capabilities.notices.record import notice
from mainstay.directory.actors import for_person
from mainstay.pure.rules import By
from mainstay.records import commands
from mainstay.records.errors import Illegal
from mainstay.records.types import shelf
from tests.safety.test_concurrency import at_once
from tests.world import SETUP

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_person_twice_is_one_and_nobody_is_counted_after_the_end() -> None:
    user = shelf.type("user")
    people = [
        commands.create(user, {"title": f"P {n}", "username": f"p{n}"}, SETUP) for n in (1, 2)
    ]
    number = str(commands.create(notice, {"title": "Down", "text": "We know."}, SETUP).number)
    doers = [By(for_person(person.id), "portal") for person in people for _ in range(4)]
    at_once([lambda by=by: notices.me_too(number, by) for by in doers])  # type: ignore[misc]
    assert sorted(MeToo.objects.values_list("person_id", flat=True)) == [p.id for p in people]
    MeToo.objects.all().delete()
    commands.move(notice, number, "end", {}, SETUP)
    with pytest.raises(Illegal):
        notices.me_too(number, doers[0])
    assert not MeToo.objects.exists()
