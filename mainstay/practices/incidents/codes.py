"""The codes incidents carry, and the values ServiceNow exports them under."""

from django.utils.translation import gettext_lazy as _

CHANNELS = [
    ("portal", _("Portal")),
    ("phone", _("Phone")),
    ("email", _("E-mail")),
    ("api", _("API")),
    ("walk_in", _("In person")),
    ("monitoring", _("Monitoring")),
]

# Whom an incident on hold waits for; the second column is ServiceNow's hold_reason.
WAITS = {
    "caller": (_("The caller"), "1"),
    "problem": (_("A problem"), "3"),
    "vendor": (_("A vendor"), "4"),
    "change": (_("A change"), "5"),
}

# The second column is ServiceNow's close_code.
CLOSE_CODE_EXPORTS = {
    "solution_provided": (_("Solution provided"), "Solution provided"),
    "workaround_provided": (_("Workaround provided"), "Workaround provided"),
    "resolved_by_caller": (_("Resolved by the caller"), "Resolved by caller"),
    "resolved_by_change": (_("Resolved by a change"), "Resolved by change"),
    "resolved_by_problem": (_("Resolved by a problem"), "Resolved by problem"),
    "known_error": (_("Known error"), "Known error"),
    "duplicate": (_("Duplicate"), "Duplicate"),
    "user_error": (_("User error"), "User error"),
}
CLOSE_CODES = [(code, label) for code, (label, _exported) in CLOSE_CODE_EXPORTS.items()]
