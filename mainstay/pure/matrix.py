"""Tables that turn two judgements into one: impact and urgency into priority."""

# The sample matrix of ServiceNow, which is the common default (rows impact, columns urgency, 1 is high).
PRIORITY = (
    (1, 2, 3),
    (2, 3, 4),
    (3, 4, 5),
)


def priority(impact: int, urgency: int) -> int:
    """Priority 1 (critical) to 5 (planning) from impact and urgency, each 1 (high) to 3 (low)."""
    return PRIORITY[impact - 1][urgency - 1]
