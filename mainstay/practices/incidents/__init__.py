"""Incident management: an unplanned interruption or loss of quality, from the report to the caller's consent.

An incident ends when the service works again for its caller; finding out why is a problem's business.
"""
