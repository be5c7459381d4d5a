"""The codes problems carry, and the values ServiceNow exports them under."""

from django.utils.translation import gettext_lazy as _

# The second column is ServiceNow's resolution_code.
RESOLUTION_EXPORTS = {
    "fix_applied": (_("Fix applied"), "fix_applied"),
    "risk_accepted": (_("Risk accepted"), "risk_accepted"),
    "duplicate": (_("Duplicate"), "duplicate"),
    "cancelled": (_("Cancelled"), "canceled"),
}
RESOLUTION_CODES = [(code, label) for code, (label, _exported) in RESOLUTION_EXPORTS.items()]
