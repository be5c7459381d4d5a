"""What is no event of a record and must be known later: sign-ins, tokens, refusals, looks; and the seals over it all.

The table only grows: triggers refuse everything else (`guards.py`). A worker seals its rows and the events
(`sealing.py`), and `verifying.py` names what was altered since.
"""
