"""What a field can hold; forms, filters, codecs and schemas all look at this."""

from enum import StrEnum


class FieldKind(StrEnum):
    """One kind for each way a value is read, compared and shown."""

    TEXT = "text"
    LONG = "long"
    CHOICE = "choice"
    NUMBER = "number"
    BOOL = "bool"
    TIME = "time"
    DATE = "date"
    REF = "ref"
    DATA = "data"
