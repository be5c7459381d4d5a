"""The doors: what comes in from outside in shapes of its own."""
