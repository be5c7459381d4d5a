"""Assignment: who should work on a record, found by its service, the team behind it and who has room."""
