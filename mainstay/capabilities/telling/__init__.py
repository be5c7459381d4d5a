"""Telling people: what happened that concerns them, once for each record, and nothing they may not see."""
