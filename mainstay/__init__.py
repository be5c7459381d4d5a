"""Mainstay: IT service management for the person who answers for IT services."""

__version__ = "0.1.0"
