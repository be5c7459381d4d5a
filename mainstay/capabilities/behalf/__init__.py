"""Asking for somebody else: a second caller of a record, with the rights of the first."""
