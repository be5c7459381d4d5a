"""What stands in a site before it is besieged: a team, a service, an agent's token, and incidents about to close.

Run as a program in an empty data directory of its own; prints what the besieger must know.
"""

from __future__ import annotations

import json

import django

TIMERS = 200


def built() -> dict[str, object]:
    from mainstay.config import upgrade
    from mainstay.directory import commands as directory
    from mainstay.directory.signin import sessions, tokens
    from mainstay.pure.rules import SYSTEM, By
    from mainstay.records import commands, delivery
    from mainstay.records.types import shelf

    upgrade.migrate()
    by = By(SYSTEM, "test")
    incident = shelf.type("incident")

    def made(kind: str, **data: object) -> str:
        return str(commands.create(shelf.type(kind), data, by).number)

    team = made("team", title="Network")
    people = [made("user", title=f"Member {n}", username=f"member{n}") for n in range(3)]
    for person in people:
        directory.join(team, person, by)
        directory.grant(person, "agent", by)
    directory.grant(people[1], "administrator", by)
    service = made("service", title="VPN", support_team=team)
    closing = []
    for n in range(TIMERS):
        record = commands.create(incident, {"title": f"timer {n}"}, by)
        commands.move(incident, record.number, "start", {}, by)
        given = {"close_code": "solution_provided", "resolution": "Done"}
        commands.move(incident, record.number, "resolve", given, by)
        closing.append(record.id)
    delivery.drain()
    person = incident.model.objects.none().model._meta.apps.get_model("directory", "User")
    someone, other = (person.objects.get(number=number).id for number in people[:2])
    return {
        "token": tokens.issue(someone, "siege", []),
        "administrator": tokens.issue(other, "siege", []),
        "session": sessions.begin(someone),
        "service": service,
        "closing": closing,
    }


if __name__ == "__main__":
    django.setup()
    print(json.dumps(built()))
