"""The one spelling of a login, and which logins could pass for somebody else's."""

import unicodedata

_ALPHABETS = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC", "LISU")


def one_spelling(login: str) -> str:
    """As it is stored and looked up: case and width of letters make no difference."""
    return unicodedata.normalize("NFKC", login).strip().lower()


def is_plain(login: str) -> bool:
    """Whether it shows what it holds: nothing invisible, and letters of one of the alphabets that look alike."""
    names = (unicodedata.name(char, "") for char in login if char.isalpha())
    alphabets = {alphabet for name in names for alphabet in _ALPHABETS if name.startswith(alphabet)}
    return login.isprintable() and len(alphabets) <= 1
