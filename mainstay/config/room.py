"""The first files of a practice, filled in from mainstay/config/blank; every objection comes before any is written."""

from __future__ import annotations

import ast
import builtins
import keyword
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from string import Template

from django.apps import apps

from mainstay.config.apps import around
from mainstay.pure.numbers import PREFIX
from mainstay.records.errors import Refused
from mainstay.records.types import shelf
from mainstay.surfaces.api import build, schemas
from mainstay.surfaces.web import jinja

ROOT = Path(__file__).resolve().parents[2]
BLANK = Path(__file__).with_name("blank")
SETTINGS = Path("mainstay/config/settings/base.py")
# So long that no line of what is written runs over.
LONGEST = 24
NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", re.ASCII)
LISTED = re.compile(r'^    "mainstay\.practices\.\w+",\n', re.MULTILINE)
RESERVED = {*keyword.kwlist, *keyword.softkwlist, *dir(builtins)}


class Unfit(Refused):
    """A practice of this name cannot be written here; nothing was."""


@dataclass(frozen=True)
class Room:
    """What a practice and its record type are called."""

    practice: str
    singular: str
    plural: str
    prefix: str

    def files(self) -> dict[Path, str]:
        """The text of each file, by its path below the root."""
        room, tests = Path("mainstay/practices", self.practice), Path("tests", "practices")
        return {
            room / "__init__.py": self._filled("package"),
            room / "apps.py": self._filled("apps"),
            room / "models.py": self._filled("models"),
            room / "record.py": self._filled("record"),
            tests / self.practice / "__init__.py": "",
            tests / self.practice / "test_life.py": self._filled("test_life"),
        }

    @property
    def model(self) -> str:
        return _in_capitals(self.singular)

    def _filled(self, blank: str) -> str:
        words, words_plural = self.singular.replace("_", " "), self.plural.replace("_", " ")
        return Template((BLANK / f"{blank}.txt").read_text()).substitute(
            practice=self.practice,
            singular=self.singular,
            plural=self.plural,
            prefix=self.prefix,
            Class=self.model,
            Room=_in_capitals(self.practice),
            words=words,
            words_plural=words_plural,
            Label=words.capitalize(),
            Label_plural=words_plural.capitalize(),
        )


def singular_of(plural: str) -> str:
    """One of them, by the rules English mostly keeps; "" where they do not tell."""
    for ending, instead in (
        ("ies", "y"),
        ("sses", "ss"),
        ("shes", "sh"),
        ("ches", "ch"),
        ("xes", "x"),
    ):
        if plural.endswith(ending) and len(plural) > len(ending):
            return plural.removesuffix(ending) + instead
    if plural.endswith("s") and not plural.endswith(("ss", "us", "is")):
        return plural[:-1]
    return ""


def require_free(practice: str) -> None:
    """Whether a folder can be called so, before more is asked about it. Raises Unfit."""
    if objections := [*_of_name("practice", practice), *_of_practice(practice)]:
        raise _unfit(objections)


def write(room: Room, root: Path = ROOT) -> list[Path]:
    """Writes all files and lists the practice in the settings; the paths. Raises Unfit."""
    if not all((root / part).exists() for part in ("pyproject.toml", SETTINGS, "tests/practices")):
        raise Unfit(
            "A practice is written in a checkout of the source, and this is none: what is installed from a package"
            " would lose it with its next version. docs/inside/a-new-practice.md says more."
        )
    if objections := list(_of_names(room)) or list(_of_places(room, root)):
        raise _unfit(objections)
    files = room.files()
    settings = (root / SETTINGS).read_text()
    end = list(LISTED.finditer(settings))[-1].end()
    line = f'    "mainstay.practices.{room.practice}",\n'
    try:
        for path, text in files.items():
            (root / path).parent.mkdir(exist_ok=True)
            (root / path).write_text(text)
        (root / SETTINGS).write_text(settings[:end] + line + settings[end:])
    except OSError:
        for folder in {(root / path).parent for path in files}:
            shutil.rmtree(folder, ignore_errors=True)
        raise
    return list(files)


def _unfit(objections: list[str]) -> Unfit:
    listed = "\n".join(f"  {objection}" for objection in objections)
    return Unfit(f"Nothing was written:\n{listed}")


def _of_names(room: Room) -> Iterator[str]:
    """What is wrong with the names, wherever they are to stand."""
    names = {"practice": room.practice, "singular": room.singular, "plural": room.plural}
    for what, name in names.items():
        yield from _of_name(what, name)
    if not PREFIX.fullmatch(room.prefix):
        yield f"the prefix '{room.prefix}' is not 1 to 12 capital letters"


def _of_name(what: str, name: str) -> Iterator[str]:
    if not NAME.fullmatch(name) or len(name) > LONGEST:
        yield (
            f"the {what} '{name}' is no name of at most {LONGEST} signs:"
            " lower case letters, digits and _, a letter first"
        )
    elif name in RESERVED:
        yield f"the {what} '{name}' is a word of Python's"


def _of_practice(practice: str) -> Iterator[str]:
    if practice in {config.label for config in apps.get_app_configs()}:
        yield f"there is a part of Mainstay called '{practice}' already"
    elif any((folder / practice).exists() for folder in jinja.FOLDERS):
        yield f"there are templates in a folder '{practice}' already"


def _of_places(room: Room, root: Path) -> Iterator[str]:
    """What has a place already that this practice would take."""
    yield from _of_practice(room.practice)
    for folder in sorted({path.parent for path in room.files()}):
        if (root / folder).exists():
            yield f"{folder} is there already"
    if room.singular in shelf:
        yield f"there is a record type '{room.singular}' already; --singular names another"
    else:
        yield from _of_type_name(room.singular, root)
    if room.plural in around().addresses or shelf.by_plural(room.plural) is not None:
        yield f"'{room.plural}' is the address of something else already; --plural names another"
    for rtype in shelf:
        if rtype.prefix == room.prefix:
            yield f"{rtype.label_plural} have the prefix {room.prefix} already; --prefix names another"
    yield from _of_meanings(room)
    if not LISTED.search((root / SETTINGS).read_text()):
        yield f"no practice is listed in {SETTINGS}, so there is no place for this one"


def _of_type_name(name: str, root: Path) -> Iterator[str]:
    """What stands under the type's name where it is no type that is meant."""
    if taken := [called for called in schemas.names_for(name) if called in build.api().components]:
        yield f"the API has a schema called '{taken[0]}' already; --singular names another"
    if name in around().no_types:
        yield f"'{name}' means something else in the history; --singular names another"
    page = Path("docs", "reference", f"{name}.md")
    if (root / page).exists():
        yield f"{page} is a page about something else; --singular names another"


def _of_meanings(room: Room) -> Iterator[str]:
    """Names that what is written uses for something else."""
    for name in (room.singular, room.model):
        if any(list(_bound(text)).count(name) > 1 for text in room.files().values()):
            yield f"'{name}' is a word the files need for something else; --singular names another"


def _bound(text: str) -> Iterator[str]:
    """Every name a file gives to something, once each time it does."""
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.alias(name=name) | ast.ClassDef(name=name) | ast.FunctionDef(name=name):
                yield name
            case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name):
                yield name


def _in_capitals(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))
