"""Service catalogue: what the organisation offers, who owns each service and who supports it."""
