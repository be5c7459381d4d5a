"""Settings, routes, wiring and the command line: the floor that knows all others."""
