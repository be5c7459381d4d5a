"""The agents' workspace: server-rendered pages over the record engine."""
