"""What a list shows as a table for a spreadsheet: the same columns, filter and order, and all that match."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import tzinfo
from typing import Any

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone

from mainstay.directory.audit import noting
from mainstay.pure.conditions import Condition, text_of
from mainstay.pure.rules import Actor
from mainstay.records import fields, queries, where
from mainstay.surfaces.web import addresses, filtering, grouped, tables
from mainstay.surfaces.web.addresses import ListState
from mainstay.surfaces.web.answers import only, signed_in
from mainstay.surfaces.web.formats import read_by, reader, say
from mainstay.surfaces.web.pages import by, type_named

# What a spreadsheet begins a formula with, in every width, and what it throws away before it looks.
FORMULA = "=+\\-@\t\r\n\ufe62\ufe63\ufe66\ufe6b\uff0b\uff0d\uff1d\uff20"
# What draws nothing, or turns what follows around: blanks, controls, marks of formatting, letters without a shape.
UNSEEN = (
    "\x00-\x08\x0b\x0c\x0e-\x20\x7f-\xa0\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u1680"
    "\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u2028-\u202f\u205f-\u206f\u2800\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\ufff0-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
# Where a cell can begin: which sign parts them is told by the country of whoever opens the file, not by us. Blanks
# and quotes before a formula are thrown away, too. A mark that somebody wrote there gets one more, so that whoever
# reads the file back and takes one away has what was written.
BEGINS = re.compile(rf"""(?:\A|(?>\r\n|[,;|\t\r\n"]))[{UNSEEN}]*+'*+(?=[{FORMULA}])""")
# Without it a spreadsheet reads the names of half of Europe wrongly.
MARK = "\ufeff"


@signed_in
@only("GET", "HEAD")
def csv_file(request: HttpRequest, plural: str) -> HttpResponseBase:
    """Refuses a wrong filter, and tells the audit, before the first byte; then page by page, as each may be seen."""
    rtype = type_named(plural)
    state = replace(addresses.state_of(rtype, request.GET, request.actor), after="", before="")
    own = where.parse(rtype, request.actor, state.filter)
    asked = filtering.joined(where.parse(rtype, request.actor, state.view.where), own)
    if request.method == "GET":
        noting.exported(request, by(request), rtype, asked, _told(state, request.actor, asked))
    response = StreamingHttpResponse(
        _sent(state, request.actor, asked, *reader()), content_type="text/csv; charset=utf-8"
    )
    name = f"{rtype.plural}-{timezone.localdate():%Y-%m-%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _told(state: ListState, actor: Actor, asked: Condition | None) -> dict[str, Any]:
    """What the audit keeps of what was asked for: the view, all that narrows the list, and what stood in each row."""
    told = {"view": state.view.name, "where": text_of(asked) if asked else ""}
    columns = [field.name for field in _shown(state, actor)]
    return {name: text for name, text in told.items() if text} | {"columns": columns}


def _sent(
    state: ListState, actor: Actor, asked: Condition | None, language: str, zone: tzinfo
) -> Iterator[str]:
    """The whole answer, a page at a time, in the language and zone the request was read in.

    It is sent when the request is over, and between two pages nobody's language is set in this thread.
    """
    with read_by(language, zone):
        shown = _shown(state, actor)
        text = MARK + table([[_heading(field) for field in shown]])
    yield text
    names, after = [field.name for field in shown], ""
    while after is not None:
        with read_by(language, zone):
            page = replace(state, after=after)
            found = grouped.page(page, actor, names, asked, queries.MOST)
            text = table([tables.plain(f, row[f.name]) for f in shown] for row in found.items)
            after = found.next
        yield text


def _shown(state: ListState, actor: Actor) -> list[fields.Field]:
    """The columns in the order they stand in, and what stands below a title as one of its own."""
    columns, below = tables.columns_of(state, actor)
    known = fields.visible(state.rtype, actor)
    listed = [known[column.name] for column in columns]
    if below is not None:
        listed.insert([f.name for f in listed].index("title") + 1, below)
    if state.group and state.group not in {f.name for f in listed}:
        listed.insert(0, known[state.group])
    return listed


def _heading(field: fields.Field) -> str:
    return say(field.label)


def table(rows: Iterable[list[str]]) -> str:
    """The only way into a file for a spreadsheet: whoever writes another one takes this, not `csv.writer`."""
    text = io.StringIO()
    csv.writer(text).writerows([safe(value) for value in row] for row in rows)
    return text.getvalue()


def safe(value: str) -> str:
    """A text that a spreadsheet would run is told to be one by the mark spreadsheets have for that.

    Wherever else a cell would begin if the file were parted by another sign than ours, the mark stands there as well.
    """
    return BEGINS.sub(r"\g<0>'", value)
