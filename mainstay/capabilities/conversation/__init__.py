"""Conversation: replies that the caller reads and notes that only those who work on a record read."""
