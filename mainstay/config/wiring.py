"""Every reaction in the product, on one page, in running order."""

from mainstay.capabilities.assignment import reactions as assignment
from mainstay.capabilities.conversation import drafts
from mainstay.capabilities.conversation import panels as conversation_panels
from mainstay.capabilities.conversation import reactions as conversation
from mainstay.capabilities.files import sweeping as files
from mainstay.capabilities.notices import panels as notice_panels
from mainstay.capabilities.notices import reactions as notices
from mainstay.capabilities.search import palette as search_palette
from mainstay.capabilities.search import panels as search_panels
from mainstay.capabilities.search import reactions as search
from mainstay.capabilities.search import rebuilding as search_rebuilding
from mainstay.capabilities.search import routes as search_routes
from mainstay.capabilities.search import terms as search_terms
from mainstay.capabilities.tasks import reactions as tasks
from mainstay.capabilities.telling import panels as telling_panels
from mainstay.capabilities.telling import reactions as telling
from mainstay.capabilities.telling import routes as telling_routes
from mainstay.capabilities.telling import sweeping as telling_sweeping
from mainstay.capabilities.views import panels as view_panels
from mainstay.config import soundness
from mainstay.config.live import place
from mainstay.directory import bulk_job
from mainstay.directory import reactions as directory
from mainstay.directory.signin import sessions, throttle, welcome
from mainstay.practices.incidents import causes, family
from mainstay.practices.incidents import reactions as incidents
from mainstay.practices.problems import reactions as problems
from mainstay.records import agreement, chores, idempotency, jobs, reactions, sweeping, timers
from mainstay.records.reactions import Reaction
from mainstay.records.types import shelf
from mainstay.surfaces.api import audit, build, own, people
from mainstay.surfaces.portal import above
from mainstay.surfaces.web import home, palette, shell, tabs

# Of every type that switches tasks on: all that happens, and what it ends with. A duplicate is closed without a move.
TASKED = [t for t in shelf if t.has("tasks")]
WITH_TASKS = " ".join(f"{t.name}.*" for t in TASKED)
ENDINGS = " ".join(
    [
        f"{t.name}.{m.name}"
        for t in TASKED
        for m in t.lifecycle.moves
        if t.lifecycle.state(m.target).kind.is_final
    ]
    + ["problem.duplicate"]
)

# What the notices of a record end with.
NOTICED = " ".join(
    f"{t.name}.{verb}"
    for t in shelf
    if t.has("notices")
    for verb in (
        "remove",
        *(m.name for m in t.lifecycle.moves if not t.lifecycle.state(m.target).kind.is_open),
    )
)

# In the command's own transaction; these may make it fail, so there are few.
INLINE = [
    Reaction("*", conversation.keep_message),
    Reaction("user.leave", directory.sign_out),
    Reaction("incident.reply incident.attach incident.change", incidents.resume_on_answer),
    Reaction(
        "incident.resolve incident.reopen incident.confirm incident.close incident.take_back",
        incidents.time_the_closing,
    ),
    Reaction("incident.restore", incidents.time_the_closing_anew),
    Reaction("incident.link", family.keep_it_flat),
    Reaction("incident.link", problems.take_in_an_incident),
    Reaction("problem.link problem.unlink", problems.duplicates_are_closed),
    Reaction("problem.reanalyse", problems.be_one_of_its_own),
    Reaction(
        "problem.resolve problem.reanalyse problem.close problem.accept_risk problem.take_back problem.change",
        problems.keep_timers,
    ),
    Reaction(WITH_TASKS, tasks.stay_with_the_record),
]

# Of every type that switches the capability on.
ASSIGNED = " ".join(f"{t.name}.create {t.name}.change" for t in shelf if t.has("assignment"))
# Of every type that tells people.
TOLD = " ".join(f"{t.name}.*" for t in shelf if t.has("telling"))

# In the worker, after the commit; these may be slow and may run twice.
LATER = [
    Reaction(ASSIGNED, assignment.assign),
    Reaction("problem.communicate_workaround problem.communicate_fix", causes.tell_callers),
    Reaction("problem.communicate_workaround problem.communicate_fix", causes.tell_on_notices),
    Reaction("problem.resolve problem.cancel problem.remove", causes.wait_no_more),
    Reaction(
        "incident.link incident.unlink incident.hold incident.restore incident.take_back",
        causes.look_whether_it_waits,
    ),
    Reaction("incident.resolve", family.resolve_with_the_parent),
    Reaction("incident.reopen", problems.take_back_a_reopened_incident),
    Reaction("incident.reopen incident.cancel incident.take_back", family.tell_the_children),
    Reaction("incident.tell_children", family.tell_their_callers),
    Reaction("problem.accept_risk", causes.note_the_accepted_risk),
    Reaction("problem.duplicate", causes.move_to_the_other_problem),
    Reaction(ENDINGS, tasks.skip_what_is_left),
    Reaction(NOTICED, notices.end_with_the_record),
    Reaction("*", search.index_record, search.index_many),
    Reaction(TOLD, telling.tell, telling.tell_many),
]

# After the last event of a record that came with a past of its own; nothing else hears of a replay.
REPLAYED = [
    Reaction("incident.*", incidents.time_the_closing_anew),
    Reaction("*", search.index_record),
]

# What a timer does when its time has come.
ALARMS = {
    incidents.AUTO_CLOSE: incidents.close_by_itself,
    problems.VERIFIED: problems.close_by_itself,
    problems.RISK_EXPIRES: problems.come_back,
    telling.DUE_TIMER: telling.come_due,
}

# What long work a person may start.
JOBS = {
    "bulk": bulk_job.step,
}

# Operations of the API that belong to no record type.
ROUTES = [
    people.routes_of_me,
    own.routes,
    audit.routes,
    search_routes.routes,
    telling_routes.routes_of_inbox,
]

# What is thrown away when it is old, every hour, in the worker.
BRUSHES = {
    "answers to requests": idempotency.sweep,
    "counts of tries": throttle.sweep,
    "sessions": sessions.sweep,
    "links": welcome.sweep,
    "jobs": jobs.sweep,
    "drafts": drafts.sweep,
    "files": files.sweep,
    "inboxes": telling_sweeping.sweep,
    "words": search_terms.sweep,
}

# What a worker goes on with when it has nothing else to do.
CHORES = {
    "the first index": search_rebuilding.go_on,
    "the clocks": agreement.watch,
    "the file": soundness.watch,
}


def connect() -> None:
    """Called once at startup."""
    reactions.install(INLINE, LATER, REPLAYED)
    timers.install(ALARMS)
    jobs.install(JOBS, {"bulk": bulk_job.refused})
    sweeping.install(BRUSHES)
    chores.install(CHORES)
    build.install(ROUTES)
    shell.install(telling_panels.INBOX)
    home.install(conversation_panels.AT_HOME, search_panels.LATELY)
    tabs.install(view_panels.KEEPER)
    shell.install_live(place.of)
    above.install(notice_panels.PORTAL)
    palette.install(search_palette.FINDER)
