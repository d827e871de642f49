"""Values separated by commas, semicolons or tabs (.csv, .tsv), as Excel and WPS export a sheet.

Not the csv module: it tells no columns, and findings stand at line and column. Where quotes are right both read the
same; where they are not, nothing is lost here: a quote that is never closed is a character like any other.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lintperf.document.lines import Lines
from lintperf_builtin.importers import labels
from lintperf_builtin.importers.grid import Budget, Part
from lintperf_builtin.importers.text_tables import Field, field_at, grid_of, width_of

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["read_delimited_text", "rows_of"]

_DELIMITERS = ",;\t"
_QUOTED = re.compile(r'"((?:[^"]++|"")*+)"')
# Excel writes it to say what separates.
_SEP = re.compile(r"sep=([,;\t])(?:\r\n|[\r\n])", re.IGNORECASE)
# Rows that are looked at to find the delimiter.
_SAMPLE = 200


def read_delimited_text(text: str) -> list[Part]:
    """The rows of a text as one table. Raises UnreadableError when it has too many cells."""
    told = _SEP.match(text)
    start = told.end() if told else 0
    rows = list(rows_of(text, told[1] if told else _delimiter(text), start, Budget()))
    while rows and not any(field.text for field in rows[-1]):
        rows.pop()
    width = width_of(rows)
    return [Part([grid_of(rows, width, Lines(text), Budget())] if width else [])]


def _delimiter(text: str) -> str:
    """The delimiter that makes most headers and labels of forms; of equals the one that makes most fields."""
    if not any(delimiter in text for delimiter in _DELIMITERS[1:]):
        return ","

    def worth(delimiter: str) -> tuple[int, int]:
        known = fields = 0
        budget = Budget()
        for number, row in enumerate(rows_of(text, delimiter, 0, budget, _SAMPLE * 100)):
            if number >= _SAMPLE:
                break
            fields += len(row)
            known += sum(1 for field in row if labels.is_known_header(field.text))
        return known, fields

    return max(_DELIMITERS, key=worth)


def rows_of(text: str, delimiter: str, start: int, budget: Budget, limit: int = 0) -> Iterator[list[Field]]:
    """The rows of a text, each with its fields; quotes may enclose delimiters, line breaks and doubled quotes.

    limit  of fields, after which the rows stop; 0 for none. Raises UnreadableError when there are too many.
    """
    plain = re.compile(f"[^{delimiter}\r\n]*+")
    row: list[Field] = []
    position = start
    taken = 0
    closable = True
    while position <= len(text):
        quoted = _QUOTED.match(text, position) if closable and text.startswith('"', position) else None
        if quoted is None and text.startswith('"', position):
            closable = False  # no quote behind this one closes: they need not be tried
        rest = plain.match(text, quoted.end() if quoted else position)
        assert rest is not None
        if quoted is None:
            row.append(field_at(text, position, rest.end()))
        else:
            row.append(_unquoted(quoted, rest[0]))
        taken += 1
        budget.take(1)
        position = rest.end()
        if text.startswith(delimiter, position):
            position += 1
            continue
        if position < len(text) or len(row) > 1 or row[0].text:
            yield row
        row = []
        if limit and taken >= limit:
            return
        position += 2 if text.startswith("\r\n", position) else 1


def _unquoted(quoted: re.Match[str], rest: str) -> Field:
    inside = quoted[1]
    if '""' not in inside and not rest:
        return field_at(quoted.string, quoted.start(1), quoted.end(1))
    bare = f"{inside.replace(chr(34) * 2, chr(34))}{rest}"
    whole = field_at(bare, 0, len(bare))
    return Field(whole.text, quoted.start(1), quoted.end(1) if not rest else quoted.end() + len(rest))
