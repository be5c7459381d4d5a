"""ServiceNow's names as data: columns of an incident log, its states, and their names here."""

SYSTEM = "servicenow"
MISSING = "?"

# In the log an incident is in one of these; whom it waits for is part of the state's name there.
STATES = {
    "New": "new",
    "Active": "in_progress",
    "In Progress": "in_progress",
    "On Hold": "on_hold",
    "Awaiting User Info": "on_hold",
    "Awaiting Evidence": "on_hold",
    "Awaiting Problem": "on_hold",
    "Awaiting Vendor": "on_hold",
    "Awaiting Change": "on_hold",
    "Resolved": "resolved",
    "Closed": "closed",
    "Canceled": "cancelled",
}
# Evidence is asked of whoever reported it; the event keeps the word that was used.
WAITS = {
    "Awaiting User Info": "caller",
    "Awaiting Evidence": "caller",
    "Awaiting Problem": "problem",
    "Awaiting Vendor": "vendor",
    "Awaiting Change": "change",
}
CHANNELS = {
    "Phone": "phone",
    "Email": "email",
    "Self-service": "portal",
    "Walk-in": "walk_in",
    "Monitoring": "monitoring",
}

NEEDED = ("number", "incident_state", "sys_mod_count", "sys_updated_at")
# Columns this door turns into fields, people and times of ours.
READ = (
    *NEEDED,
    "opened_at",
    "opened_by",
    "caller_id",
    "sys_updated_by",
    "resolved_by",
    "assignment_group",
    "assigned_to",
    "cmdb_ci",
    "category",
    "subcategory",
    "u_symptom",
    "impact",
    "urgency",
    "contact_type",
)
# They hold the last value on every row, also on the first: kept at the end, told nowhere before.
FINAL = ("closed_code", "resolved_by", "resolved_at", "closed_at")
# Followed from row to row: what changes is told beside the event, what was last stays.
FOLLOWED = (
    "active",
    "reassignment_count",
    "reopen_count",
    "sys_mod_count",
    "made_sla",
    "priority",
    "location",
    "u_symptom",
    "knowledge",
    "u_priority_confirmation",
    "notify",
    "problem_id",
    "rfc",
    "vendor",
    "caused_by",
    "sys_created_by",
    "sys_created_at",
)
COLUMNS = tuple(dict.fromkeys((*READ, *FOLLOWED, *FINAL)))

# The people, groups and items an incident names: their type here and their table there.
PERSON, GROUP, ITEM = ("user", "sys_user"), ("team", "sys_user_group"), ("item", "cmdb_ci")
