"""Tables as data: CSV that spreadsheets open, JSON with exact numbers."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from lintperf.document.exact import dumps, plain
from lintperf.model import Lang
from lintperf.tables.sheet import Heading, cell_text, is_number

__all__ = ["UNSHOWN", "csv_rows", "json_row"]

# the member of a row that says how it looks
UNSHOWN = "tone"
# A spreadsheet runs a text that begins so; an apostrophe before it keeps it a text.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def csv_rows(headings: Iterable[Heading], rows: Iterable[Mapping[str, Any]], lang: Lang) -> Iterator[str]:
    """Lines of a CSV file, CRLF behind each, with the byte order mark by which Excel knows UTF-8.

    Numbers are as written; a text that a spreadsheet would take for a formula has an apostrophe before it.
    """
    columns = tuple(headings)
    yield "\ufeff" + _line([heading.title for heading in columns])
    for row in rows:
        yield _line([_csv_cell(row.get(heading.key), heading, lang) for heading in columns])


def _csv_cell(value: Any, heading: Heading, lang: Lang) -> str:
    text = cell_text(value, heading.kind if heading.kind == "percent" else "number", lang)
    return f"'{text}" if not is_number(value) and len(text) > 1 and text.startswith(_FORMULA) else text


def _line(cells: Iterable[str]) -> str:
    stream = io.StringIO()
    csv.writer(stream).writerow(cells)
    return stream.getvalue()


def json_row(row: Mapping[str, Any], lang: Lang) -> str:
    """A row as one line of JSON: texts in one language, numbers exact."""
    return dumps({key: plain(value, lang) for key, value in row.items() if key != UNSHOWN})
