"""The capability as practices switch it on."""

from collections.abc import Iterable

from mainstay.capabilities.tasks.routes import routes
from mainstay.pure.rules import Either, Everyone, Role, Rule
from mainstay.records.types import Capability, RecordType


def unfit(rtype: RecordType) -> Iterable[str]:
    """A task is shown to every agent whom the walls around its record let through; so must its record be."""
    if rtype.name == "task":
        yield "is switched on by the task itself"
    if rtype.wall != "organisation_id":
        yield f"needs records behind the wall of 'organisation_id', not of '{rtype.wall}'"
    if not _lets_agents(rtype.access.see):
        yield "shows tasks to agents, who may not see the records they are about"


def _lets_agents(rule: Rule) -> bool:
    match rule:
        case Everyone():
            return True
        case Role(names):
            return "agent" in names
        case Either(rules):
            return any(_lets_agents(each) for each in rules)
    return False


Tasks = Capability(name="tasks", routes=routes, needs=("organisation", "team"), unfit=unfit)
