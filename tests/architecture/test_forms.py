"""What somebody wrote into a form is not put back by the browser: it may be for whoever sits before it next."""

from __future__ import annotations

import re
from pathlib import Path

import mainstay

PACKAGE = Path(mainstay.__file__).parent
FORM = re.compile(r"<form\b(?:\{[{%].*?[%}]\}|[^>])*>", re.DOTALL)
# What one fills in, drawn there or by a macro.
FILLED = re.compile(
    r'<textarea|<select|<input(?![^>]*type="(?:hidden|file)")|\b(?:forms|talk)\.\w+\('
)
# The browser is to know who signs in.
GATES = ("signin.html", "welcome.html")


def test_every_form_one_fills_in_says_so() -> None:
    found, wrong = 0, []
    for path in sorted(PACKAGE.glob("**/templates/**/*.html")):
        text = path.read_text()
        if path.name in GATES or path.parent.name == "reference":
            continue
        for form in FORM.finditer(text):
            if not FILLED.search(text[form.end() : text.find("</form>", form.end())]):
                continue
            found += 1
            if 'autocomplete="off"' not in form[0]:
                wrong.append(f"{path.relative_to(PACKAGE)}: {form[0][:80]}")
    assert found > 30
    assert wrong == []
