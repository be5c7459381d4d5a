"""Rules that can be computed without a database and without a framework."""
