"""Writes the table of rows into docs/inside/attacks.md: `python -m tests.safety.attacks`, or `make derived`."""

from tests.safety.attacks.marked import PAGE, page

if __name__ == "__main__":
    PAGE.write_text(page())
