"""Which column holds what: the headers of a row of a grid, read by their words, never by their position."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lintperf_builtin.importers import labels
from lintperf_builtin.importers.vocabulary import AMOUNTS, LEVELS

if TYPE_CHECKING:
    from collections.abc import Callable

    from lintperf_builtin.importers.grid import Cell, Grid

__all__ = [
    "Columns",
    "GoalsHeader",
    "find_fund_columns",
    "find_goals_header",
    "find_indicator_columns",
    "known_headers",
]

# A table with as many different headers of a form is one, or should have been.
ENOUGH_HEADERS = 3


@dataclass(slots=True)
class Columns:
    """The columns of a table's part, as its header tells them.

    fields  field → its columns
    titles  column → the text of its header, for columns that no field has too
    headers the cells of the header, of which some name no column
    rows    how many rows the header takes
    width   columns of the grid
    """

    fields: dict[str, range]
    titles: dict[int, str]
    headers: list[Cell]
    rows: int
    width: int

    @property
    def first(self) -> int:
        """The first column that has a field."""
        return min(columns.start for columns in self.fields.values())


@dataclass(slots=True)
class GoalsHeader:
    """The labels of the goals: above their texts (`columns`), or before them (`texts`)."""

    columns: dict[str, range] = field(default_factory=dict)
    texts: dict[str, Cell] = field(default_factory=dict)
    headers: list[Cell] = field(default_factory=list)
    width: int = 0


def filled(grid: Grid, row: int) -> list[Cell]:
    """The cells with text that start in this row, from left to right."""
    return [cell for cell in grid.own(row) if cell.text]


def known_headers(grid: Grid) -> int:
    """How many different headers and labels of a form the grid's own texts hold; counts no further than enough."""
    found: set[str] = set()
    for row in range(len(grid.rows)):
        for cell in filled(grid, row):
            if not cell.tables and labels.is_known_header(cell.text):
                found.add(labels.normal(cell.text))
        if len(found) >= ENOUGH_HEADERS:
            break
    return len(found)


def find_indicator_columns(grid: Grid, row: int) -> Columns | None:
    """The columns of indicators, if their header starts in this row: three fields or more, the name among them.

    The header goes on in the rows below that hold nothing but headers; the lowest one of a column counts, so that
    性质, 值 and 单位 under one 年度指标值 are three columns.
    """
    cells = filled(grid, row)
    if not any(labels.indicator_field(cell.text) for cell in cells):
        return None
    rows = 1
    while row + rows < len(grid.rows):
        below = filled(grid, row + rows)
        if not below or not any(labels.indicator_field(cell.text) for cell in below):
            break
        if not all(labels.indicator_field(cell.text) or labels.is_section_label(cell.text) for cell in below):
            break
        cells += below
        rows += 1
    columns = _columns(grid, row, rows, cells, labels.indicator_field, 0)
    if len(columns.fields) < ENOUGH_HEADERS or "name" not in columns.fields:
        return None
    return columns


def find_fund_columns(grid: Grid, row: int) -> Columns | None:
    """The columns of funds, if their header is this row: an amount and one field more, right of the rows' labels."""
    cells = filled(grid, row)
    if not any(labels.fund_field(cell.text) in AMOUNTS for cell in cells):
        return None
    columns = _columns(grid, row, 1, cells, labels.fund_field, _labels_end(grid, row + 1))
    amounts = sum(amount in columns.fields for amount in AMOUNTS)
    if not amounts or len(columns.fields) < 2 or any(labels.indicator_field(cell.text) in LEVELS for cell in cells):
        return None
    return columns


def _labels_end(grid: Grid, row: int) -> int:
    """The column after the labels of funds rows: a header above them, 年度预算数（万元）, is none of an amount."""
    for below in range(row, min(row + 5, len(grid.rows))):
        for cell in filled(grid, below):
            if labels.fund_source(cell.text, below_fiscal=False):
                return cell.end
    return 0


def _columns(
    grid: Grid, row: int, rows: int, cells: list[Cell], field_of: Callable[[str], str | None], start: int
) -> Columns:
    fields: dict[str, range] = {}
    titles: dict[int, str] = {}
    owners: dict[str, Cell] = {}
    for column in range(start, grid.width):
        covering = [cell for at in range(row + rows - 1, row - 1, -1) if (cell := grid.rows[at][column]) is not None]
        cell = next((cell for cell in covering if field_of(cell.text)), None)
        if cell is None:
            titles[column] = next((other.text for other in covering if other.text), "")
            continue
        titles[column] = cell.text
        name = field_of(cell.text)
        assert name is not None
        # A second column of one field is nobody's: taking either would be a guess, the first is the usual one.
        if owners.setdefault(name, cell) is cell:
            fields[name] = range(fields[name].start if name in fields else column, column + 1)
    return Columns(fields, titles, cells, rows, grid.width)


def find_goals_header(grid: Grid, row: int) -> GoalsHeader | None:
    """The labels of expected and achieved goals, if this row has them.

    `年度总体目标 | 预期目标 | 实际完成情况`: the texts stand below. `预期目标 | text | 实际完成情况 | text`, or one
    such pair: beside. Of two labels for the same the right one counts, the left one names the section.
    """
    cells = filled(grid, row)
    known = {index: name for index, cell in enumerate(cells) if (name := labels.goal_field(cell.text))}
    expected = achieved = None
    for index, name in known.items():
        if name == "achieved" and (expected is not None or not any(value == "expected" for value in known.values())):
            achieved = index
        elif name == "expected" and achieved is None:
            expected = index
    if expected is None and achieved is None:
        return None
    header = GoalsHeader(headers=[cells[index] for index in known], width=grid.width)
    own = grid.own(row)
    chosen = {"expected": expected, "achieved": achieved}
    beside = {
        name: following
        for name, index in chosen.items()
        if index is not None
        and (following := _following(own, cells[index])) is not None
        and not labels.goal_field(following.text)
    }
    if expected is not None and achieved is not None and "expected" not in beside:
        header.columns = {name: _range(cells[index]) for name, index in chosen.items() if index is not None}
    elif beside:
        header.texts = beside
    elif expected is not None:
        header.columns = {"expected": _range(cells[expected])}
    else:
        return None
    return header


def _following(own: list[Cell], cell: Cell) -> Cell | None:
    return next((other for other in own if other.column == cell.end), None)


def _range(cell: Cell) -> range:
    return range(cell.column, cell.end)
