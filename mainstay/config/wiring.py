"""Every reaction in the product, on one page, in running order."""

from mainstay.capabilities.assignment import reactions as assignment
from mainstay.capabilities.conversation import reactions as conversation
from mainstay.capabilities.files import sweeping as files
from mainstay.capabilities.tasks import reactions as tasks
from mainstay.directory import bulk_job
from mainstay.directory import reactions as directory
from mainstay.directory.signin import sessions, throttle, welcome
from mainstay.practices.incidents import reactions as incidents
from mainstay.pure.lifecycle import Kind
from mainstay.records import idempotency, jobs, reactions, sweeping, timers
from mainstay.records.reactions import Reaction
from mainstay.records.types import shelf

# Of every type that switches tasks on: how its records are done, and how they are given up.
TASKED = [
    (t, m, t.lifecycle.state(m.target).kind)
    for t in shelf
    if t.has("tasks")
    for m in t.lifecycle.moves
]
DONE = " ".join(
    f"{t.name}.{m.name}" for t, m, kind in TASKED if kind in (Kind.RESOLVED, Kind.CLOSED)
)
GIVEN_UP = " ".join(f"{t.name}.{m.name}" for t, m, kind in TASKED if kind is Kind.CANCELLED)
MOVED_HOUSE = " ".join(f"{t.name}.change" for t in shelf if t.has("tasks"))

# In the command's own transaction; these may make it fail, so there are few.
INLINE = [
    Reaction("*", conversation.keep_message),
    Reaction("user.leave", directory.sign_out),
    Reaction("incident.reply incident.attach", incidents.resume_on_answer),
    Reaction(
        "incident.resolve incident.reopen incident.confirm incident.close",
        incidents.time_the_closing,
    ),
    Reaction(DONE, tasks.leave_nothing_open),
    Reaction("task.create task.finish task.skip task.reopen", tasks.tell_the_parent),
]

# Of every type that switches the capability on.
ASSIGNED = " ".join(f"{t.name}.create {t.name}.change" for t in shelf if t.has("assignment"))

# In the worker, after the commit; these may be slow and may run twice.
LATER = [
    Reaction(ASSIGNED, assignment.assign),
    Reaction(GIVEN_UP, tasks.skip_what_is_left),
    Reaction(MOVED_HOUSE, tasks.follow_the_parent),
]

# After the last event of a record that came with a past of its own; nothing else hears of a replay.
REPLAYED = [
    Reaction("incident.*", incidents.time_the_closing_anew),
]

# What a timer does when its time has come.
ALARMS = {
    incidents.AUTO_CLOSE: incidents.close_by_itself,
}

# What long work a person may start.
JOBS = {
    "bulk": bulk_job.step,
}

# What is thrown away when it is old, every hour, in the worker.
BRUSHES = {
    "answers to requests": idempotency.sweep,
    "counts of tries": throttle.sweep,
    "sessions": sessions.sweep,
    "links": welcome.sweep,
    "jobs": jobs.sweep,
    "files": files.sweep,
}


def connect() -> None:
    """Called once at startup."""
    reactions.install(INLINE, LATER, REPLAYED)
    timers.install(ALARMS)
    jobs.install(JOBS)
    sweeping.install(BRUSHES)
