"""Priority: read from impact and urgency and never typed; lowering it needs a reason."""
