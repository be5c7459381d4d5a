"""Compile mainstay/locale/*/LC_MESSAGES/django.po into the .mo files Django reads, and read and write the former.

Used by `make run` and `make test` (tools/setup.py), by the build of a wheel (hatch_build.py) and by tools/messages.py.
Needs nothing but Python's standard library: neither gettext's programs nor Babel are on every machine.
"""

from __future__ import annotations

import ast
import re
import struct
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

LOCALE = Path(__file__).resolve().parent.parent / "mainstay" / "locale"
_LINE = re.compile(r'(?:(msgctxt|msgid_plural|msgid|msgstr)(?:\[(\d)\])? )?(".*")$')
_MARK = re.compile(r"^(?:<{7}|={7}|>{7}).*$", re.MULTILINE)

# context, sentence, plural
Message = tuple[str, str, str]
# What stands for it in the language, a text for each of its plural forms; "" where that is not known yet.
Texts = tuple[str, ...]


def files() -> list[Path]:
    return sorted(LOCALE.glob("*/LC_MESSAGES/django.po"))


def of(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def read(path: Path) -> dict[Message, Texts]:
    """The texts by their messages, the head of the file under ("", "", "").

    Of a message that stands there twice, as after two branches met, the one that is translated counts; marks of such
    a meeting are passed over.
    """
    found: dict[Message, Texts] = {}
    for block in re.split(r"\n\s*\n", _MARK.sub("", path.read_text())):
        parts: dict[str, str] = {}
        at = ""
        for line in block.splitlines():
            if seen := _LINE.fullmatch(line):
                if seen[1]:
                    at = f"{seen[1]}{seen[2] or ''}"
                    parts[at] = ""
                parts[at] = parts.get(at, "") + ast.literal_eval(seen[3])
        message = parts.get("msgctxt", ""), parts.get("msgid", ""), parts.get("msgid_plural", "")
        texts = tuple(text for name, text in sorted(parts.items()) if name.startswith("msgstr"))
        if texts and not all(found.get(message, ("",))):
            found[message] = texts
    return found


def written(head: str, texts: Mapping[Message, Texts]) -> str:
    """A catalogue in the order of its sentences; without line numbers, so that it changes only with them."""
    entries = [head]
    for message in sorted(texts, key=lambda m: (m[1], m[0])):
        context, text, plural = message
        lines = ["#, python-format"] if "%(" in text or "%(" in plural else []
        lines += [f"msgctxt {quoted(context)}"] if context else []
        lines += [f"msgid {quoted(text)}"]
        lines += [f"msgid_plural {quoted(plural)}"] if plural else []
        forms = enumerate(texts[message])
        lines += [f"msgstr{f'[{n}]' if plural else ''} {quoted(form)}" for n, form in forms]
        entries.append("\n".join(lines) + "\n")
    return "\n".join(entries)


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def compiled(texts: Mapping[Message, Texts]) -> bytes:
    """The same as a .mo file, without what is not translated: that is said in English."""
    pairs = sorted(_pairs(texts))
    start = 28 + 16 * len(pairs)
    originals, translations = (
        [part.encode() for part in column] for column in zip(*pairs, strict=True)
    )
    places, at = [], start
    for part in (*originals, *translations):
        places += [len(part), at]
        at += len(part) + 1
    head = struct.pack("<7I", 0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, start)
    body = b"".join(part + b"\0" for part in (*originals, *translations))
    return head + struct.pack(f"<{len(places)}I", *places) + body


def _pairs(texts: Mapping[Message, Texts]) -> Iterator[tuple[str, str]]:
    for (context, text, plural), forms in texts.items():
        if all(forms):
            key = f"{context}\x04{text}" if context else text
            yield f"{key}\0{plural}" if plural else key, "\0".join(forms)


def build(paths: Iterable[Path] | None = None) -> list[Path]:
    """Writes what is not as it would be compiled now."""
    made = []
    for path in files() if paths is None else paths:
        target, wanted = path.with_suffix(".mo"), compiled(read(path))
        if not target.exists() or target.read_bytes() != wanted:
            target.write_bytes(wanted)
            made.append(target)
    return made


if __name__ == "__main__":
    for file in build():
        print(f"{file.relative_to(LOCALE.parent.parent)} written")
