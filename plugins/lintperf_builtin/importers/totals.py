"""The total of a form in a table of its own: its cells put under the columns of the indicators."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from lintperf.model import PagePlace
from lintperf_builtin.importers import values
from lintperf_builtin.importers.grid import Cell, Grid

if TYPE_CHECKING:
    from lintperf_builtin.importers.columns import Columns

__all__ = ["total_under"]

_POINTS = ("weight", "weight_share", "score", "converted_score")
# Edges of cells are the same up to this many points: places hold whole ones.
_SAME = 4


def total_under(columns: Columns, grid: Grid, row: int, label: Cell) -> Grid:
    """The row of a total as a grid of one row under the columns of the indicators, every cell of it unsure.

    Its cells stand where their edges on the page meet those of the header's cells. Where there are no edges, or others,
    they are taken as the last columns, since only cells on the left are merged; and where that puts a number under a
    column without points, the numbers are the weight and the score in their order, one number alone the score.
    """
    own = [cell for cell in grid.own(row) if cell.column >= label.end]
    found = _by_edges(columns, own)
    if found is None or not _fits(columns, found):
        start = columns.width - len(own)
        found = {start + number: cell for number, cell in enumerate(own)}
        if start < 1 or not _fits(columns, found):
            found = _by_order(columns, own)
    # A row of more cells than there are columns keeps them all: what has no meaning is reported.
    line: list[Cell | None] = [None] * (columns.width + len(own))
    for at, cell in {0: label, **found}.items():
        line[at] = replace(cell, row=0, column=at, row_span=1, column_span=1, unsure=True)
    return Grid([line])


def _by_edges(columns: Columns, cells: list[Cell]) -> dict[int, Cell] | None:
    """The cells by the columns whose edge on the left they share; None where one has no such edge."""
    edges = {cell.place.box[0]: cell.column for cell in columns.headers if isinstance(cell.place, PagePlace)}
    found = {}
    for cell in cells:
        if not isinstance(cell.place, PagePlace) or not edges:
            return None
        left = cell.place.box[0]
        nearest = min(edges, key=lambda edge: abs(edge - left))
        if abs(nearest - left) > _SAME or edges[nearest] == 0:
            return None
        found[edges[nearest]] = cell
    return found if len(found) == len(cells) else None


def _fits(columns: Columns, found: dict[int, Cell]) -> bool:
    """Whether all numbers stand under columns of points."""
    points = {at for name in _POINTS if name in columns.fields for at in columns.fields[name]}
    return all(at in points for at, cell in found.items() if _is_number(cell))


def _by_order(columns: Columns, cells: list[Cell]) -> dict[int, Cell]:
    """The numbers under the weight and the score in their order, the texts under the columns after them."""
    score = next((name for name in ("converted_score", "score") if name in columns.fields), None)
    places = sorted(columns.fields[name].start for name in ("weight", score) if name in columns.fields)
    numbers = [cell for cell in cells if _is_number(cell)]
    if len(numbers) == 1 and score is not None:
        places = [columns.fields[score].start]
    found = dict(zip(places, numbers, strict=False))
    rest = [cell for cell in cells if cell.text and cell not in found.values()]
    free = [at for at in range(1, columns.width + len(cells)) if at not in places]
    return {**found, **dict(zip(free, rest, strict=False))}


def _is_number(cell: Cell) -> bool:
    return isinstance(values.number(cell.text, "分"), Decimal)
