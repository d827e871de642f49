"""Tables without ruling lines: rows and columns by how their texts are aligned. All of it is a guess."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from lintperf_builtin.importers.pdf_tables import Piece, Table
from lintperf_builtin.importers.pdf_text import segments_of

if TYPE_CHECKING:
    from lintperf_builtin.importers.grid import Budget
    from lintperf_builtin.importers.pdf_text import Line

__all__ = ["aligned_tables"]

# A line with so many texts side by side is a row of a table, and so many of them make one.
_TEXTS = 3
_ROWS = 4
# Lines further apart than this, in sizes of their text, do not belong to one table.
_APART = 4.0
# A column is where more than this share of the rows have text; less reaches over from another one.
_COVERED = 0.12


def aligned_tables(page: int, lines: list[Line], budget: Budget) -> tuple[list[Table], list[Line]]:
    """The table that a page without ruling lines holds, if any, and the lines around it.

    Its cells are `unsure`. Lines much closer to each other than others are one row.
    """
    rows = [(line, segments_of(line)) for line in lines]
    marked = [number for number, (_, texts) in enumerate(rows) if len(texts) >= _TEXTS]
    if len(marked) < _ROWS:
        return [], lines
    start, end = marked[0], marked[0]
    for number in marked[1:]:
        if any(rows[at + 1][0].top - rows[at][0].bottom > _APART * rows[at][0].size for at in range(end, number)):
            break
        end = number
    inner = rows[start : end + 1]
    spans = _columns([texts for _, texts in inner if len(texts) >= _TEXTS])
    if end - start + 1 < _ROWS or len(spans) < _TEXTS:
        return [], lines
    groups = _grouped(inner)
    budget.take(len(groups) * len(spans))
    table = _table(page, groups, spans)
    # What stands below goes on as the rest of the page; what stands above are captions.
    return [table], lines[:start] + lines[end + 1 :]


def _columns(rows: list[list[Line]]) -> list[tuple[float, float]]:
    """Left and right edge of each column: where the rows have text, but for the few that reach over."""
    least = _COVERED * len(rows)
    events = sorted(
        [(text.left, 1) for texts in rows for text in texts] + [(text.right, -1) for texts in rows for text in texts]
    )
    found: list[tuple[float, float]] = []
    covered, begin = 0, None
    for at, step in events:
        covered += step
        if covered > least and begin is None:
            begin = at
        elif covered <= least and begin is not None:
            found.append((begin, at))
            begin = None
    return found


def _grouped(rows: list[tuple[Line, list[Line]]]) -> list[list[list[Line]]]:
    """The lines of each row: those with clearly less space between them than between rows are one row."""
    gaps = [below.top - above.bottom for (above, _), (below, _) in pairwise(rows)]
    least, most = min(gaps), max(gaps)
    size = rows[0][0].size
    border = (least + most) / 2 if most - least > size else least - 1
    groups = [[rows[0][1]]]
    for gap, (_, texts) in zip(gaps, rows[1:], strict=True):
        if gap < border:
            groups[-1].append(texts)
        else:
            groups.append([texts])
    return groups


def _table(page: int, groups: list[list[list[Line]]], spans: list[tuple[float, float]]) -> Table:
    """The table of these rows and columns; a text that reaches over several columns is one cell over them."""
    xs = [spans[0][0], *((left[1] + right[0]) / 2 for left, right in pairwise(spans)), spans[-1][1]]
    ys = [min(text.top for texts in group for text in texts) for group in groups]
    ys.append(max(text.bottom for texts in groups[-1] for text in texts))
    pieces = []
    for row, group in enumerate(groups):
        cells: dict[int, Piece] = {}
        for text in (text for texts in group for text in texts):
            covered = [
                number for number, (left, right) in enumerate(pairwise(xs)) if left < text.right and text.left < right
            ]
            covered = [n for n in covered if _shared(text, xs, n) > text.size / 2] or covered or [0]
            first, last = covered[0], covered[-1]
            taken = next(
                (cell for cell in cells.values() if cell.column <= last and first < cell.column + cell.column_span),
                None,
            )
            if taken is not None:
                taken.lines.append(text)
                continue
            box = (xs[first], ys[row], xs[last + 1], ys[row + 1])
            cells[first] = Piece(row, first, 1, last - first + 1, page, box, [text], unsure=True)
        pieces += [cells[column] for column in sorted(cells)]
    return Table(page, xs, ys, pieces)


def _shared(text: Line, xs: list[float], column: int) -> float:
    return min(text.right, xs[column + 1]) - max(text.left, xs[column])
