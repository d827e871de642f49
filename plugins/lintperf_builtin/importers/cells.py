"""The cell of a field in a row."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lintperf_builtin.importers.grid import Cell, Grid

__all__ = ["pick"]


def pick(grid: Grid, row: int, columns: range, reaching: bool = False) -> Cell | None:
    """The cell of a field in a row: the first with text, else the first blank one; None where there is none.

    A cell counts that starts in the field's columns; with `reaching` also one that only reaches into them.
    """
    first: Cell | None = None
    line = grid.rows[row]
    for column in columns:
        cell = line[column]
        if cell is None or not (reaching or cell.column in columns):
            continue
        if cell.text:
            return cell
        first = first or cell
    return first
