"""What stands in a site before a crowd asks it: an administrator, an auditor, and an agent with many ways in.

Run as a program in an empty data directory of its own; prints what the crowd must know.
"""

from __future__ import annotations

import json

import django

KEYS = 40
PASSWORD = "a long sentence of the agent's"


def built() -> dict[str, object]:
    from mainstay.config import upgrade
    from mainstay.directory import commands as directory
    from mainstay.directory.signin import sessions, tokens
    from mainstay.pure.rules import SYSTEM, By
    from mainstay.records import commands
    from mainstay.records.types import shelf

    upgrade.migrate()
    by = By(SYSTEM, "test")

    def person(login: str, role: str) -> object:
        made = commands.create(shelf.type("user"), {"title": login, "username": login}, by)
        directory.grant(made.number, role, by)
        return made

    chief, agent = person("chief", "administrator"), person("agent", "agent")
    directory.new_password(agent.number, PASSWORD, by)
    return {
        "chief": tokens.issue(chief.id, "crowd", []),
        "agent": {"id": agent.id, "number": agent.number},
        "tokens": [tokens.issue(agent.id, f"crowd {n}", []) for n in range(KEYS)],
        "sessions": [sessions.begin(agent.id) for _ in range(KEYS)],
    }


if __name__ == "__main__":
    django.setup()
    print(json.dumps(built()))
