"""What the index knows of records beside their words, which lie in a table of the database's own kind."""

from django.db import models

from mainstay.records.models import KeyOf, Record, to


class Document(models.Model):
    """A record that is in the index; a row of words without one is none."""

    record = KeyOf(Record, models.CASCADE, primary_key=True, related_name="+")
    # What it is about, copied from the type's own table so that hits of all types are counted at once.
    service = to("records.Record")

    class Meta:
        indexes = [models.Index(fields=("service",), name="document_service")]

    def __str__(self) -> str:
        return f"document {self.record_id}"


class Term(models.Model):
    """A word of some record; one of a title or a file name is what a misspelt word is compared with."""

    text = models.CharField(max_length=60, unique=True)
    is_named = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.text


class Gram(models.Model):
    """Three neighbouring letters of a term that is named."""

    letters = models.CharField(max_length=3)
    term = models.ForeignKey(Term, models.CASCADE, related_name="+", db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("letters", "term"), name="gram_once")]
        indexes = [models.Index(fields=("term",), name="gram_term")]

    def __str__(self) -> str:
        return self.letters


class Rebuild(models.Model):
    """How far the whole index is: complete, or made anew up to a record; there is one row."""

    is_complete = models.BooleanField(default=False)
    position = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return "complete" if self.is_complete else f"up to {self.position}"
