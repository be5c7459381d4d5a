"""Notices: what agents tell everybody about something that is going on, and who has it too."""
