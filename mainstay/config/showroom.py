"""The demonstration: made once in an empty site, its sign-ins kept to be printed at every start."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass

from django.conf import settings

from mainstay.config import demo


@dataclass(frozen=True)
class SignIn:
    """One of the demonstration's people, called by their role."""

    login: str
    name: str
    password: str


def open_doors() -> list[SignIn]:
    """Seeds the organisation where that has not been done, and says who can sign in."""
    file = settings.MAINSTAY_DATA / "demo.json"
    if not file.exists():
        print("Making the demonstration organisation …", flush=True)
        people = [SignIn(*person) for person in demo.seed()]
        draft = file.with_suffix(".new")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
            json.dump([asdict(person) for person in people], out)
        draft.replace(file)
    return [SignIn(**person) for person in json.loads(file.read_text())]
