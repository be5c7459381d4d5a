"""The one small process that tells open pages what has changed, and who else looks at a record.

It answers nothing else: what changed is read from the pages themselves, which judge again who may see it.
"""
