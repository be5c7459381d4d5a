"""The capability as practices switch it on, and what surfaces ask of it."""

from mainstay.capabilities.tasks.commands import add, apply, put_before, skip_all
from mainstay.capabilities.tasks.queries import panel, tasks
from mainstay.capabilities.tasks.reactions import TOLD
from mainstay.capabilities.tasks.routes import routes
from mainstay.records.types import Capability

Tasks = Capability(
    name="tasks",
    routes=routes,
    offers={
        "tasks": tasks,
        "add_task": add,
        "apply_tasks": apply,
        "order_task": put_before,
        "skip_tasks": skip_all,
    },
    verbs=tuple(TOLD.values()),
    panel=("parts/tasks.html", panel),
)
