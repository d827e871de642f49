"""An abstract drawing: paragraphs and tables of cells with spans, before any file format."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Block", "Cell", "Row", "Sheet", "Table", "places", "widths"]


@dataclass(frozen=True)
class Cell:
    """A cell with its spans. Line feeds in the text are line breaks in the cell."""

    text: str
    rows: int = 1
    columns: int = 1


Row = list[Cell]
Table = list[Row]
# A paragraph outside of tables, or a table.
Block = str | Table


@dataclass(frozen=True)
class Sheet:
    """One form as it is printed."""

    blocks: list[Block]


def places(table: Table) -> tuple[list[list[tuple[int, Cell]]], int]:
    """For each row its own cells with their columns, and the table's width.

    Raises ValueError where cells overlap or leave holes: a drawing that offices could not print.
    """
    taken: set[tuple[int, int]] = set()
    rows: list[list[tuple[int, Cell]]] = []
    width = 0
    for number, row in enumerate(table):
        column = 0
        found = []
        for cell in row:
            while (number, column) in taken:
                column += 1
            found.append((column, cell))
            for down in range(cell.rows):
                for right in range(cell.columns):
                    place = (number + down, column + right)
                    if place in taken:
                        raise ValueError(f"cells overlap in row {number}: {cell.text!r}")
                    taken.add(place)
            column += cell.columns
        width = max(width, column)
        rows.append(found)
    if len(taken) != width * len(table):
        lengths = [sum((row, column) in taken for column in range(width)) for row in range(len(table))]
        raise ValueError(f"a ragged table: {lengths} of {width}")
    return rows, width


def widths(total: int, count: int, first: int = 0) -> list[int]:
    """`total` columns dealt out to `count` cells, the surplus to the cell `first`, the rest evenly from there."""
    spans = [1] * count
    spans[first] += min(total - count, 1)
    for surplus in range(max(0, total - count - 1)):
        spans[(first + surplus) % count] += 1
    return spans


def line(texts: Sequence[str | Cell], spans: Sequence[int]) -> Row:
    """A row of cells with these widths."""
    cells = []
    for text, span in zip(texts, spans, strict=True):
        cell = text if isinstance(text, Cell) else Cell(text)
        cells.append(Cell(cell.text, cell.rows, span))
    return cells
