"""What a view keeps: which list it is of, and what an address of that list says."""

from django.db import models

from mainstay.records.models import Record, parent


class SavedView(Record):
    """A list under a name; whom it is for follows from its owner and its team, which are columns every record has."""

    record_ptr = parent()
    record_type = models.CharField(max_length=40)
    scope = models.CharField(max_length=10, default="personal")
    filter = models.CharField(max_length=4000, blank=True, default="")
    # Two words of SQL: the columns have names that need no quotes.
    order = models.CharField(max_length=60, blank=True, default="", db_column="ordering")
    columns = models.CharField(max_length=1000, blank=True, default="")
    group = models.CharField(max_length=60, blank=True, default="", db_column="grouping_by")
    density = models.CharField(max_length=20, blank=True, default="")
    position = models.BigIntegerField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.title} of {self.record_type}"
