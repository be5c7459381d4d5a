"""The schemas that are the same for every record type."""

from mainstay.records.fields import UNLIMITED
from mainstay.surfaces.api.operation import Schema
from mainstay.surfaces.api.schemas import ref

TEXT = {"type": "string"}
REFERENCE = {"oneOf": [ref("Reference"), {"type": "null"}]}
VISIBILITY = {
    "enum": ["public", "internal"],
    "description": "Whether everybody who sees the record may read it, or those who work on it.",
}

COMPONENTS: dict[str, Schema] = {
    "Reference": {
        "type": "object",
        "required": ["id", "number", "title"],
        "properties": {"id": {"type": "string", "format": "uuid"}, "number": TEXT, "title": TEXT},
    },
    "Message": {
        "type": "object",
        "description": (
            "What is said with a command. Without `visibility` it goes to whom the move means it"
            " for; where the move does not say, it must be given."
        ),
        "additionalProperties": False,
        "required": ["text"],
        "properties": {
            "text": {"type": "string", "minLength": 1, "maxLength": UNLIMITED},
            "visibility": VISIBILITY,
        },
    },
    "Link": {
        "type": "object",
        "description": "A relation seen from one record: `is_source` where it is its source.",
        "required": ["kind", "is_source", "type", "number"],
        "properties": {
            "id": {"type": "integer", "description": "Its place in the order they were made."},
            "kind": TEXT,
            "is_source": {"type": "boolean"},
            "type": TEXT,
            "number": TEXT,
            "title": TEXT,
            "state": TEXT,
        },
    },
    "Event": {
        "type": "object",
        "description": "What one command did.",
        "required": ["id", "name", "at", "changes"],
        "properties": {
            "id": {"type": "integer"},
            "name": {"type": "string", "description": "The type and the verb: incident.resolve."},
            "audience": {"enum": ["all", "internal"]},
            "door": {"type": "string", "description": "How it came in: web, portal, api …"},
            "version": {"type": "integer"},
            "at": {"type": "string", "format": "date-time"},
            "is_imported": {"type": "boolean"},
            "cause": {"type": ["integer", "null"], "description": "The event that led to it."},
            "actor": {**REFERENCE, "description": "Null where Mainstay itself did it."},
            "changes": {
                "type": "object",
                "description": (
                    '`{"from", "to"}` by field, and facts such as a link or a file; `undoes` is the event'
                    " this took back."
                ),
            },
        },
    },
    "Undo": {
        "type": "object",
        "description": "That an event was taken back: the event that did it, and the one it undoes.",
        "required": ["id", "name", "undoes", "stays"],
        "properties": {
            "id": {"type": "integer"},
            "name": {"type": "string", "description": "The type and the verb: incident.change."},
            "undoes": {"type": "integer"},
            "stays": {
                "type": "array",
                "description": "What had followed from it elsewhere and stays as it is, as far as you may see it.",
                "items": {
                    "type": "object",
                    "required": ["type", "number", "state"],
                    "properties": {"type": TEXT, "number": TEXT, "state": TEXT},
                },
            },
        },
    },
    "ProblemDetails": {
        "type": "object",
        "description": "RFC 9457. `type` tells problems apart and never changes.",
        "required": ["type", "title", "status", "detail", "request_id"],
        "properties": {
            "type": {"type": "string", "format": "uri"},
            "title": TEXT,
            "status": {"type": "integer"},
            "detail": TEXT,
            "errors": {
                "type": "object",
                "description": "Complaints by field; the empty name holds what concerns none.",
                "additionalProperties": {"type": "array", "items": TEXT},
            },
            "request_id": TEXT,
        },
    },
}
