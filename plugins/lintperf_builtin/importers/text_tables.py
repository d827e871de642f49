"""Tables of plain text (tab-separated, csv, Markdown): rows of fields with their offsets become a grid.

Text has no merged cells: what was merged in the original leaves blanks behind. A text reaches over the blanks to its
right as far as the header above lets it; what was merged downwards stays blank, and whoever reads the rows carries it
over.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from lintperf.extension import vocabulary_files
from lintperf_builtin.importers import labels
from lintperf_builtin.importers.grid import Budget, Cell, Grid, clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from lintperf.document.lines import Lines

__all__ = ["Field", "column_header", "field_at", "grid_of", "is_free", "is_header", "width_of"]

# A row with as many headers of columns is a header, when most of its other texts are labels as well.
_ENOUGH = 2
# No header has more.
_MOST = 100
# Headers with all their brackets and remarks are shorter.
_LONGEST = 240
# Two labels with a text each.
_PAIRS = 4


class Field(NamedTuple):
    """A field of a row: its text without white space at the edges, and where it stands, in code points.

    unsure  whether its text or its column is a guess
    """

    text: str
    start: int
    end: int
    unsure: bool = False


def field_at(text: str, start: int, end: int) -> Field:
    """The field that `text[start:end]` holds; the place of a blank one is empty and where the field begins."""
    raw = text[start:end]
    bare = clean(raw)
    if not bare:
        return Field("", start, start)
    begin = start + raw.index(bare)
    return Field(bare, begin, begin + len(bare))


def column_header(text: str) -> bool:
    """Whether the text is the header of a column, of any part of a form."""
    return len(text) <= _LONGEST and _is_column_header(text, vocabulary_files.get())


# Rows are asked for many times, and most of their texts are the same in all forms; the vocabulary is part of the key.
@lru_cache(maxsize=8192)
def _is_column_header(text: str, _vocabulary: tuple[Path, ...]) -> bool:
    return bool(
        labels.indicator_field(text)
        or labels.fund_field(text)
        or labels.goal_field(text)
        or any(labels.ambiguous_fields(section, text) for section in ("tasks", "task_parts", "management"))
    )


def is_header(texts: Sequence[str]) -> bool:
    """Whether a row is the header of a part of a form: two headers of columns or more, and hardly anything else."""
    filled = [text for text in texts if text]
    if not _ENOUGH <= len(filled) <= _MOST:
        return False
    headers = sum(map(column_header, filled))
    if headers < _ENOUGH:
        return False
    known = sum(column_header(text) or labels.is_section_label(text) for text in filled)
    # a label of the heading and its value may both be words that headers use
    return known * 3 >= len(filled) * 2 and not labels.heading_field(filled[0])


def is_free(texts: Sequence[str]) -> bool:
    """Whether a row has nothing to do with the header above: a line of the heading, a goal beside its label, a note."""
    filled = [text for text in texts if text]
    return bool(filled) and _opens_free_row(filled[0], len(filled) <= _PAIRS, vocabulary_files.get())


@lru_cache(maxsize=8192)
def _opens_free_row(first: str, few: bool, _vocabulary: tuple[Path, ...]) -> bool:
    if labels.may_be_label(first) and (labels.heading_field(first) or labels.goal_field(first)):
        return True
    if labels.is_title(first):
        return True
    # 其他 is a source of funds as well
    return few and (labels.is_note(first) or labels.is_signature(first))


def width_of(rows: Iterable[Sequence[Field]]) -> int:
    """The number of columns that rows take, without those that are blank in all of them."""
    width = 0
    for row in rows:
        used = len(row)
        while used > width and not row[used - 1].text:
            used -= 1
        width = max(width, used)
    return width


def grid_of(rows: Sequence[Sequence[Field]], width: int, lines: Lines, budget: Budget) -> Grid:
    """The grid of rows of fields, `width` columns wide; fields beyond are blank ones. Raises UnreadableError."""
    budget.take(len(rows) * width)
    spread: list[list[Cell | None]] = []
    # where the columns of the open header begin; None where none is open
    starts: set[int] | None = None
    above = False
    for at, row in enumerate(rows):
        texts = [field.text for field in row[:width]]
        header = is_header(texts)
        if header:
            own = {column for column, text in enumerate(texts) if text}
            # the second line of a header stands within the columns of the first
            starts = starts | own if above and starts is not None else own
        limits = None if not header and is_free(texts) else (starts if not header or above else None)
        above = header
        spread.append(_cells(row, at, width, limits, lines))
    return Grid(spread)


def _cells(row: Sequence[Field], at: int, width: int, limits: set[int] | None, lines: Lines) -> list[Cell | None]:
    """The cells of a row: a text spans the blanks to its right, not over `limits`; without limits up to the next."""
    cells: list[Cell | None] = [None] * width
    column = 0
    while column < width:
        field = row[column] if column < len(row) else Field("", row[-1].end if row else 0, row[-1].end if row else 0)
        end = column + 1
        while (
            field.text
            and end < width
            and not (end < len(row) and row[end].text)
            and (limits is None or end not in limits)
        ):
            end += 1
        place = lines.place(field.start, field.end)
        cell = Cell(field.text, at, column, column_span=end - column, place=place, unsure=field.unsure)
        cells[column:end] = [cell] * (end - column)
        column = end
    return cells
