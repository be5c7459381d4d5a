"""First words of addresses that lead elsewhere, so that no record type may have one of them as its plural."""

TAKEN = (
    "-",
    "api",
    "audit",
    "files",
    "health",
    "inbox",
    "jobs",
    "me",  # below /api/v1/
    "palette",
    "portal",
    "profile",
    "r",
    "sign-in",
    "sign-out",
    "search",
    "static",
    "welcome",
    "workload",
)
