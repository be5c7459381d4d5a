"""A refusal where no page can be drawn: a line of text, for the API in its one shape of errors."""

import orjson


def in_words(path: str, title: str, status: int, text: str) -> tuple[str, bytes]:
    """The content type and the body of an answer to whoever asked for this path."""
    if not path.startswith("/api/"):
        return "text/plain; charset=utf-8", text.encode()
    problem = {"type": "about:blank", "title": title, "status": status, "detail": text}
    return "application/problem+json", orjson.dumps(problem)
