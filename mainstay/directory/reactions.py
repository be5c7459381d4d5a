"""What the directory does when something happened to a person."""

from mainstay.directory.signin import sessions, tokens
from mainstay.records.reactions import Heard


def sign_out(heard: Heard) -> None:
    """A person who left is signed out everywhere, in the same transaction; coming back takes new tokens."""
    sessions.end_all(heard.record.id)
    tokens.end(heard.record.id, by=heard.by)
