"""Problem management: the cause, or the possible cause, of incidents, from the suspicion to the proof that it is gone.

A problem is its staff's business: callers never see one, they are told in their incident.
"""
