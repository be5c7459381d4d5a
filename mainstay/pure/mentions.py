"""Who is called in a text, and by which word a team is."""

import re
import unicodedata

from mainstay.pure.logins import one_spelling

# A login after an @ that no address of a mailbox goes on from.
CALL = re.compile(r"(?<![\w.@/+-])@([\w][\w.+-]*)")
# Nobody is called by more names in one text; the rest stays text.
MOST = 20


def called(text: str) -> list[str]:
    """The words after an @, each once, as logins are spelt."""
    found = (one_spelling(bare(name)) for name in CALL.findall(text))
    return list(dict.fromkeys(found))[:MOST]


def bare(name: str) -> str:
    """Without what ends a sentence."""
    return name.rstrip(".-+")


def handle(title: str) -> str:
    """The word a team is called by: "Service Desk" is @service-desk."""
    letters = unicodedata.normalize("NFKD", title.casefold())
    plain = "".join(char for char in letters if not unicodedata.combining(char))
    return re.sub(r"[^\w]+", "-", plain).strip("-_")


def can_be_called(word: str) -> bool:
    """Whether a login is one that stands whole after an @."""
    found = CALL.fullmatch(f"@{word}")
    return found is not None and bare(found[1]) == word
