"""A small believable organisation for journeys and photographs; a program to run once."""

from __future__ import annotations

from typing import Any

import django

# Addresses of jobs, and the move each of them makes.
JOBS = {
    "01a20e2b-0000-7000-8000-000000000001": "start",
    "01a20e2b-0000-7000-8000-000000000002": "",
}
PASSWORD = "a sentence for the tests"
TEAMS = ("Service desk", "Network", "Workplace")
SERVICES = (
    ("Network & VPN", "Network"),
    ("Email & calendar", "Workplace"),
    ("Point of sale", "Service desk"),
    ("ERP (SAP S/4)", "Service desk"),
    ("Customer portal", "Network"),
)
PEOPLE = (
    # login, name, job, role, teams
    ("requester", "Freya Lund", "Buyer", None, ()),
    ("caller", "Henrik Olsen", "Store manager", None, ()),
    ("agent", "Priya Raman", "Network engineer", "agent", ("Network", "Service desk")),
    ("other", "Jonas Lindqvist", "Workplace engineer", "agent", ("Workplace",)),
    ("team-lead", "Amara Okafor", "Lead, service desk", "team-lead", ("Service desk",)),
    ("administrator", "Ingrid Solheim", "IT service manager", "administrator", ()),
    ("auditor", "Kenji Watanabe", "Internal audit", "auditor", ()),
)
INCIDENTS = (
    # title, impact, urgency, service, caller, assignee, body
    (
        "Card payments failing at EU checkout",
        1,
        1,
        "Point of sale",
        "caller",
        "agent",
        "Since 09:00 card payments fail for roughly **four in ten** customers.\n\n"
        "Vouchers and `PayPal` work.",
    ),
    (
        "VPN disconnects every 20 minutes on macOS 16",
        2,
        1,
        "Network & VPN",
        "requester",
        "agent",
        "It began after the update.\n\n#### What I saw\n\n||Before|Since\n|-|-|-|\n|Drops a day|0|24|\n\n"
        "See [](https://status.example/vpn).",
    ),
    (
        "Handheld scanners drop Wi-Fi in Gdańsk aisle 14–22",
        2,
        1,
        "Network & VPN",
        "caller",
        None,
        "Three of five scanners.",
    ),
    (
        "Payroll export to bank rejected: invalid IBAN checksum",
        1,
        2,
        "ERP (SAP S/4)",
        "requester",
        "team-lead",
        "",
    ),
    (
        "Stock levels in portal lag ERP by several hours",
        2,
        2,
        "Customer portal",
        "requester",
        "other",
        "",
    ),
    ("Till 3 receipt printer prints blank", 3, 2, "Point of sale", "caller", None, ""),
    ("SAP GUI freezes on invoice attachment", 2, 2, "ERP (SAP S/4)", "requester", "team-lead", ""),
    (
        "Shared mailbox ‘returns@’ missing since migration",
        3,
        2,
        "Email & calendar",
        "caller",
        "other",
        "",
    ),
    ("Suspicious sign-in from new country", 2, 1, "Email & calendar", "caller", "agent", ""),
    (
        "Power BI refresh fails: gateway certificate expired",
        2,
        2,
        "ERP (SAP S/4)",
        "requester",
        None,
        "",
    ),
    (
        "Click & collect confirmation e-mails delayed 30+ min",
        1,
        2,
        "Email & calendar",
        "caller",
        "other",
        "",
    ),
    ("Cannot approve purchase orders over €50k", 2, 1, "ERP (SAP S/4)", "requester", None, ""),
    (
        "Meeting room display shows yesterday’s bookings",
        3,
        3,
        "Email & calendar",
        "caller",
        None,
        "",
    ),
    ("Second monitor flickers after docking", 3, 3, "Network & VPN", "requester", "other", ""),
)


def fill() -> None:
    from mainstay.directory import commands as directory
    from mainstay.directory.actors import for_person
    from mainstay.directory.signin.guessable import Owner
    from mainstay.directory.signin.password import hashed, store
    from mainstay.pure.rules import SYSTEM, By
    from mainstay.records import commands
    from mainstay.records.types import Message, shelf

    me = By(SYSTEM, "seed")
    kinds = {
        name: shelf.type(name)
        for name in (
            "user",
            "team",
            "service",
            "incident",
            "problem",
            "item",
            "task",
            "task_template",
            "skill",
            "site",
            "organisation",
        )
    }
    secret = hashed(PASSWORD, Owner(""))
    home = commands.create(kinds["organisation"], {"title": "Nordhaven Group"}, me)
    site = commands.create(
        kinds["site"],
        {"title": "Göteborg", "address": "Lindholmen 4", "time_zone": "Europe/Stockholm"},
        me,
    )
    skill = commands.create(kinds["skill"], {"title": "Networks"}, me)
    teams = {
        title: commands.create(
            kinds["team"],
            {"title": title, "description": f"People of {title}", "capacity": 2},
            me,
        )
        for title in TEAMS
    }
    people = {}
    for login, name, job, role, member_of in PEOPLE:
        person = commands.create(
            kinds["user"],
            {
                "title": name,
                "username": login,
                "email": f"{login}@nordhaven.example",
                "job_title": job,
                "site": site.number,
                "organisation": home.number,
                "time_zone": "Europe/Stockholm",
            },
            me,
        )
        store(person.id, secret)
        people[login] = person
        if role:
            directory.grant(person.number, role, me)
        for title in member_of:
            directory.join(teams[title].number, person.number, me, is_lead=login == "team-lead")
    directory.teach(people["agent"].number, skill.number, 3, me)
    services = {
        title: commands.create(
            kinds["service"],
            {
                "title": title,
                "support_team": teams[team].number,
                "owner": people["administrator"].number,
            },
            me,
        )
        for title, team in SERVICES
    }
    item = commands.create(
        kinds["item"],
        {
            "title": "payment-gateway",
            "service": services["Point of sale"].number,
            "environment": "production",
        },
        me,
    )
    incident = kinds["incident"]
    made = []
    for title, impact, urgency, service, caller, assignee, body in INCIDENTS:
        data = {
            "title": title,
            "impact": impact,
            "urgency": urgency,
            "service": services[service].number,
            "requester": people[caller].number,
            "team": teams[dict(SERVICES)[service]].number,
            "body": body,
        }
        if assignee:
            data["assignee"] = people[assignee].number
        made.append(commands.create(incident, data, me))
    agent, caller = (
        By(for_person(people["agent"].id), "web"),
        By(for_person(people["requester"].id), "portal"),
    )
    first, second = made[0].number, made[1].number
    for record in (*made[:5], *made[6:9]):
        commands.move(incident, record.number, "start", {}, agent)
    commands.link(incident, first, "affects", item.number, agent)
    commands.link(incident, first, "relates", second, agent)
    say = incident.offer("say")
    say(
        incident,
        first,
        Message(
            "internal",
            "Handshake errors start at 09:00:00. The certificate on **hsm-eu-2** expired.\n\n"
            "`openssl s_client` → `certificate has expired`",
        ),
        agent,
    )
    say(
        incident,
        first,
        Message("all", "We found the cause and are routing all traffic to the healthy one now."),
        agent,
    )
    incident.offer("attach")(
        incident, first, "trace.txt", [b"notAfter=Nov 24 08:00:00 2026 GMT\n"], "internal", agent
    )
    commands.move(
        incident,
        second,
        "hold",
        {"waiting_for": "caller", "resume_on": "2026-12-01"},
        agent,
        message=Message("all", "Does it also happen when the laptop is on a cable?"),
    )
    commands.move(
        incident,
        made[6].number,
        "resolve",
        {"close_code": "solution_provided", "resolution": "The add-in was updated."},
        agent,
    )
    commands.change(incident, made[4].number, {"urgency": 1}, agent)
    say(incident, made[3].number, Message("all", "It is month-end: please hurry."), caller)
    tell_everybody(incident, [first, made[4].number], agent)
    find_causes(kinds["problem"], services, first, agent)
    have_done(kinds, first, people, agent, me)
    work_on_many(incident, [record.number for record in made], agent)
    others = {
        name: By(for_person(people[name].id), "portal" if name == "caller" else "web")
        for name in ("caller", "other", "administrator")
    }
    news(incident, [record.number for record in made], people, others)


def news(incident: Any, numbers: list[str], people: Any, by: Any) -> None:
    """What fills the inboxes: an answer, a mention, and two records that are watched."""
    from mainstay.capabilities.telling import reactions
    from mainstay.capabilities.telling.commands import watch
    from mainstay.records.models import Event
    from mainstay.records.types import Message

    say = incident.offer("say")
    for number in (numbers[7], numbers[10]):
        watch(incident, number, by["administrator"], people["agent"].number)
    say(incident, numbers[8], Message("all", "It has signed in again."), by["caller"])
    say(incident, numbers[8], Message("internal", "Seen from my side, too."), by["other"])
    say(incident, numbers[4], Message("internal", "@agent, is that the gateway?"), by["other"])
    say(incident, numbers[7], Message("all", "We have found it."), by["other"])
    say(incident, numbers[10], Message("internal", "The queue is long."), by["other"])
    say(incident, numbers[13], Message("all", "A new dock is on its way."), by["other"])
    # What the worker does with it, and nothing else of what it would do.
    told = Event.objects.filter(record__type="incident").order_by("id")
    reactions.tell_many(list(told))


def have_done(kinds: Any, first: str, people: Any, agent: Any, me: Any) -> None:
    """Tasks of the first incident, one of them done and one overdue, and a template for more."""
    from datetime import timedelta

    from mainstay.records import clock, commands

    commands.create(
        kinds["task_template"],
        {
            "title": "Major incident",
            "tasks": "Name a lead (+1h)\nTell the stores (+1h)\nReview it (+5d)",
        },
        me,
    )
    made = [
        commands.create(kinds["task"], {"title": title, "parent": first} | more, agent).number
        for title, more in (
            ("Take hsm-eu-2 out of the pool", {}),
            (
                "Order the new certificate",
                {"owner": people["agent"].number, "due_at": clock.now() - timedelta(days=1)},
            ),
            (
                "Tell the stores when it is over",
                {"owner": people["team-lead"].number, "due_at": clock.now() + timedelta(days=2)},
            ),
        )
    ]
    commands.move(kinds["task"], made[0], "finish", {}, agent)


def tell_everybody(incident: Any, numbers: list[str], agent: Any) -> None:
    """A notice that runs, and one that has ended."""
    from datetime import timedelta

    from mainstay.capabilities.notices.commands import publish
    from mainstay.records import clock, commands
    from mainstay.records.types import shelf

    more = {"next_update_at": clock.now() + timedelta(hours=2)}
    card = {"title": "Card payments fail at times", "text": "**Vouchers** and PayPal work."} | more
    publish(incident, numbers[0], card, agent)
    stock = {"title": "Stock levels in the portal are late", "text": "Ask the store meanwhile."}
    made = publish(incident, numbers[1], stock, agent).number
    commands.move(shelf.type("notice"), made, "end", {}, agent)


def find_causes(problem: Any, services: Any, first: str, agent: Any) -> None:
    """A known error behind the first incident, and a problem that was fixed some weeks ago."""
    from datetime import timedelta

    from mainstay.records import clock, commands
    from mainstay.records.types import shelf

    incident = shelf.type("incident")
    # A proof looks back no further than there are incidents at all.
    with clock.held(clock.now() - timedelta(weeks=20)):
        oldest = commands.create(incident, {"title": "A scanner lost its pairing"}, agent).number
        commands.move(incident, oldest, "cancel", {}, agent)
    for title, cause, around, service, moves, weeks in (
        (
            "Certificates of the payment modules expire unseen",
            "Nobody renews the certificate of **hsm-eu-2**.",
            "Pay by *PayPal*.",
            "Point of sale",
            (),
            0,
        ),
        (
            "Stock is copied twice after a time change",
            "The copy goes by local time.",
            "Copy it by hand on that Monday.",
            "Customer portal",
            ("fix", "resolve"),
            3,
        ),
    ):
        with clock.held(clock.now() - timedelta(weeks=weeks)):
            data = {
                "title": title,
                "service": services[service].number,
                "impact": 1,
                "cause": cause,
            }
            data["workaround"] = around
            number = commands.create(problem, data, agent).number
            for move in ("assess", "confirm", *moves):
                given = {"fix": "It is copied by its time in UTC."} if move == "resolve" else {}
                commands.move(problem, number, move, given, agent)
            if not moves:
                commands.change(problem, number, {"is_known_error": True}, agent)
                commands.link(incident, first, "caused_by", number, agent)


def work_on_many(incident: Any, numbers: list[str], agent: Any) -> None:
    """Two jobs under known names: one that could do nothing, and one that nobody works on."""
    from mainstay.directory import bulk_job
    from mainstay.records import jobs
    from mainstay.records.models import Job

    for key, move in JOBS.items():
        data = {} if move else {"category": "Seen"}
        found = bulk_job.start(incident, numbers[6:9], "Start work", data, agent, move=move)
        Job.objects.filter(pk=found).update(id=key)
        if move:
            jobs.work_one()
    # Who looks at pages was told of it.
    Job.objects.update(is_news=False)


if __name__ == "__main__":
    django.setup()
    fill()
