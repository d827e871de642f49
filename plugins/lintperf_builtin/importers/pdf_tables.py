"""Ruling lines to tables: a lattice of all lines, in which places without a line between them are one cell."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from lintperf_builtin.importers.pdf_pages import Rule
from lintperf_builtin.importers.pdf_text import lines_of

if TYPE_CHECKING:
    from lintperf_builtin.importers.grid import Budget
    from lintperf_builtin.importers.pdf_pages import Glyph, Page
    from lintperf_builtin.importers.pdf_text import Line

__all__ = ["Box", "Piece", "Table", "fill", "holds", "ruled_tables"]

# Lines closer than this are one: double frames, and frames that each cell draws for itself. The lowest rows have 8.
SNAP = 3.0
# A line shorter than this is a mark, no edge of a cell.
_SHORT = 4.0
# The share of an edge that has to be drawn.
_DRAWN = 0.5
# The share of a glyph's height that stands in a table's box when it belongs to it: a text centred in a cell that goes
# on over a page break is drawn across the edge of the page's part, on both pages.
_INSIDE = 0.3
# Lines a page: a form has a hundred; hatched drawings have thousands, and their longest lines are enough.
_MAX_RULES = 1500

Box = tuple[float, float, float, float]


@dataclass(slots=True, eq=False)
class Piece:
    """A cell on one page: where it stands in its table's lattice, its box, its text line by line.

    A cell that goes on over a page break consists of several pieces (`more`), in order; one that `breaks` begins on a
    line of its own, the text of others goes on where that of the piece before stopped.
    """

    row: int
    column: int
    row_span: int
    column_span: int
    page: int
    box: Box
    lines: list[Line] = field(default_factory=list)
    more: list[Piece] = field(default_factory=list)
    inner: list[Table] = field(default_factory=list)
    unsure: bool = False
    breaks: bool = False

    @property
    def end_row(self) -> int:
        """The row after the last."""
        return self.row + self.row_span


@dataclass(slots=True, eq=False)
class Table:
    """A table on one page: the edges of its columns and rows, and its cells in reading order."""

    page: int
    xs: list[float]
    ys: list[float]
    pieces: list[Piece]
    unsure: bool = False

    @property
    def box(self) -> Box:
        """Left, top, right, bottom."""
        return self.xs[0], self.ys[0], self.xs[-1], self.ys[-1]

    @property
    def height(self) -> int:
        """The number of rows."""
        return len(self.ys) - 1

    def starting(self, row: int) -> list[Piece]:
        """The cells that start in a row, from left to right."""
        return [piece for piece in self.pieces if piece.row == row]


def ruled_tables(page: Page, budget: Budget) -> list[tuple[Table, list[Glyph]]]:
    """The tables that ruling lines draw on a page, from the smallest, so that inner tables come before outer ones.

    The glyphs that stand in each are given with it; `fill` puts them into the cells. A frame around other tables is no
    table; one cell alone is, since it may be the rest of a table on the page before.
    """
    level, upright = _merged(page.level), _merged(page.upright)
    tables = []
    for rows, columns in _connected(level, upright):
        table = _table(page.index, rows, columns, budget)
        if table is not None:
            tables.append(table)
    tables.sort(key=lambda table: (table.xs[-1] - table.xs[0]) * (table.ys[-1] - table.ys[0]))
    left = page.glyphs
    found: list[tuple[Table, list[Glyph]]] = []
    for table in tables:
        x0, y0, x1, y1 = table.box
        if len(table.pieces) == 1 and any(holds(table.box, other.box) for other, _ in found):
            continue
        own: list[Glyph] = []
        others: list[Glyph] = []
        for glyph in left:
            reach = min(glyph.bottom, y1) - max(glyph.top, y0)
            # The boxes of some fonts reach far below the line that the glyphs stand on.
            inside = x0 <= glyph.middle <= x1 and glyph.base > y0 and reach >= _INSIDE * (glyph.bottom - glyph.top)
            (own if inside else others).append(glyph)
        left = others
        found.append((table, own))
    page.glyphs = left
    return found


def holds(box: Box, other: Box) -> bool:
    """Whether a box surrounds another one."""
    return box[0] <= other[0] and box[1] <= other[1] and other[2] <= box[2] and other[3] <= box[3]


def _merged(rules: list[Rule]) -> list[Rule]:
    """The lines with those that lie on each other, or go on after each other, made one."""
    groups: list[list[Rule]] = []
    for rule in sorted(rules):
        if groups and rule.at - groups[-1][0].at <= SNAP:
            groups[-1].append(rule)
        else:
            groups.append([rule])
    found = []
    for group in groups:
        total = sum(rule.end - rule.start for rule in group)
        at = sum(rule.at * (rule.end - rule.start) for rule in group) / total if total else group[0].at
        start, end = 0.0, -1.0
        for rule in sorted(group, key=lambda one: one.start):
            if end < start or rule.start - end > SNAP:
                if end - start >= _SHORT:
                    found.append(Rule(at, start, end))
                start, end = rule.start, rule.end
            else:
                end = max(end, rule.end)
        if end - start >= _SHORT:
            found.append(Rule(at, start, end))
    found.sort(key=lambda rule: rule.start - rule.end)
    return sorted(found[:_MAX_RULES])


def _connected(level: list[Rule], upright: list[Rule]) -> list[tuple[list[Rule], list[Rule]]]:
    """The lines in groups of those that touch each other."""
    parent = list(range(len(level) + len(upright)))

    def root(one: int) -> int:
        while parent[one] != one:
            parent[one] = parent[parent[one]]
            one = parent[one]
        return one

    for number, row in enumerate(level):
        for other, column in enumerate(upright, len(level)):
            if column.at > row.end + SNAP:
                break
            if column.at >= row.start - SNAP and column.start - SNAP <= row.at <= column.end + SNAP:
                parent[root(other)] = root(number)
    groups: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for number, rule in enumerate(level):
        groups.setdefault(root(number), ([], []))[0].append(rule)
    for number, rule in enumerate(upright, len(level)):
        groups.setdefault(root(number), ([], []))[1].append(rule)
    return [(rows, columns) for rows, columns in groups.values() if rows and columns]


def _edges(across: list[Rule], along: list[Rule]) -> list[float]:
    """The places of the lines `across`; and where the lines `along` end beyond them, for tables open at the sides."""
    found = sorted({rule.at for rule in across})
    start, end = min(rule.start for rule in along), max(rule.end for rule in along)
    if start < found[0] - 2 * SNAP:
        found.insert(0, start)
    if end > found[-1] + 2 * SNAP:
        found.append(end)
    return found


def _drawn(places: list[float], across: list[float], rules: list[Rule]) -> list[list[bool]]:
    """For each place and each stretch between two edges: whether a line is drawn there."""
    index = {at: number for number, at in enumerate(places)}
    found = [[False] * (len(across) - 1) for _ in places]
    for rule in rules:
        number = index[rule.at]
        for stretch, (start, end) in enumerate(pairwise(across)):
            if min(rule.end, end) - max(rule.start, start) >= _DRAWN * (end - start):
                found[number][stretch] = True
    return found


def _table(page: int, rows: list[Rule], columns: list[Rule], budget: Budget) -> Table | None:
    xs, ys = _edges(columns, rows), _edges(rows, columns)
    if len(xs) < 2 or len(ys) < 2:
        return None
    budget.take((len(xs) - 1) * (len(ys) - 1))
    # A line that separates nothing is the end of another one, or the line under a word.
    level = _drawn(ys, xs, rows)
    upright = _drawn(xs, ys, columns)
    ys = [y for number, y in enumerate(ys) if number in (0, len(ys) - 1) or any(level[number])]
    xs = [x for number, x in enumerate(xs) if number in (0, len(xs) - 1) or any(upright[number])]
    level = _drawn(ys, xs, [rule for rule in rows if rule.at in ys])
    upright = _drawn(xs, ys, [rule for rule in columns if rule.at in xs])
    return Table(page, xs, ys, _cells(page, xs, ys, level, upright))


def _cells(
    page: int, xs: list[float], ys: list[float], level: list[list[bool]], upright: list[list[bool]]
) -> list[Piece]:
    """The cells of a lattice. Where open places make no rectangle, they are cut into rectangles."""
    height, width = len(ys) - 1, len(xs) - 1
    taken = [[False] * width for _ in range(height)]
    found = []
    for row in range(height):
        for column in range(width):
            if taken[row][column]:
                continue
            right = column + 1
            while right < width and not taken[row][right] and not upright[right][row]:
                right += 1
            down = row + 1
            while down < height and _continues(down, column, right, taken, level, upright):
                down += 1
            for below in range(row, down):
                taken[below][column:right] = [True] * (right - column)
            box = (xs[column], ys[row], xs[right], ys[down])
            found.append(Piece(row, column, down - row, right - column, page, box))
    return found


def _continues(
    row: int, column: int, right: int, taken: list[list[bool]], level: list[list[bool]], upright: list[list[bool]]
) -> bool:
    """Whether the places of a row belong to the cell above them."""
    if any(taken[row][column:right]) or any(level[row][column:right]):
        return False
    # An edge that is drawn in this row only would make another shape than a rectangle.
    return not any(upright[between][row] for between in range(column + 1, right))


def fill(table: Table, glyphs: list[Glyph]) -> None:
    """Puts glyphs into the cells of their table, as lines."""
    owners: dict[tuple[int, int], Piece] = {}
    for piece in table.pieces:
        for row in range(piece.row, piece.end_row):
            for column in range(piece.column, piece.column + piece.column_span):
                owners[row, column] = piece
    held: dict[Piece, list[Glyph]] = {}
    before: tuple[Glyph, Piece] | None = None
    for glyph in glyphs:
        row = min(max(bisect_right(table.ys, (glyph.top + glyph.bottom) / 2) - 1, 0), table.height - 1)
        column = min(max(bisect_right(table.xs, glyph.middle) - 1, 0), len(table.xs) - 2)
        piece = owners[row, column]
        if before is not None and before[1] is not piece and _runs_on(before[0], glyph):
            # Text that does not fit its cell is drawn over the edge: the cell where it begins holds it.
            piece = before[1]
            piece.unsure = True
        held.setdefault(piece, []).append(glyph)
        before = glyph, piece
    for piece, own in held.items():
        piece.lines = lines_of(own)
        if any(glyph.text == "\ufffd" or "\ue000" <= glyph.text <= "\uf8ff" for glyph in own):
            piece.unsure = True


def _runs_on(before: Glyph, glyph: Glyph) -> bool:
    """Whether a glyph follows the one before without any gap, on the same line: cells keep a distance."""
    return (
        abs(before.base - glyph.base) < 0.1
        and abs(glyph.left - before.right) < 0.8
        and not glyph.text.isspace()
        and not before.text.isspace()
    )
