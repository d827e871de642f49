"""Sheets of any workbook format in one shape, and what they become: a grid, and remarks on what is hidden."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lintperf.extension import UnreadableError
from lintperf.model import Remark, Severity, SheetPlace, Text
from lintperf_builtin.importers.grid import Cell, Grid, Part

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lintperf_builtin.importers.grid import Budget

__all__ = ["LEGEND", "MAX_SHEETS", "Sheet", "column_letters", "damaged_workbook", "part_of", "too_large"]

MAX_SHEETS = 1000
# What stands in A1 of the sheet that `annotate` adds to a workbook: it speaks of the forms and is none itself.
LEGEND = "lintperf annotate"
# What a remark quotes of a cell, and how many cells of one kind it names one by one.
_QUOTED = 60
_MAX_REMARKS = 50

_SAVE_AGAIN = Text(zh="请用 Excel 打开后另存一次", en="open it in Excel and save it again")


@dataclass(slots=True)
class Sheet:
    """A sheet as its file holds it. Rows and columns count from 0; ends of ranges are included.

    texts           what cells show, without blank ones
    merged          top, left, bottom, right of each merged range
    hidden          the sheet itself is hidden
    hidden_rows     ranges of rows that are hidden
    hidden_columns  ranges of columns that are hidden
    concealed       cells that hold something and show nothing, by their format: what they hold
    without_result  formulas whose result the file does not hold: their text
    """

    name: str
    texts: dict[tuple[int, int], str] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden: bool = False
    hidden_rows: list[tuple[int, int]] = field(default_factory=list)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    concealed: dict[tuple[int, int], str] = field(default_factory=dict)
    without_result: dict[tuple[int, int], str] = field(default_factory=dict)


def column_letters(column: int) -> str:
    """The name of a column that counts from 0: A, Z, AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def too_large() -> UnreadableError:
    """The error for a workbook beyond the limits."""
    return UnreadableError(
        Text(zh="工作簿过大", en="the workbook is too large"),
        Text(zh="请只保留自评表后再检查", en="keep only the forms and check again"),
    )


def damaged_workbook(detail: str) -> UnreadableError:
    """The error for a workbook that breaks its format; `detail` is for whoever looks into it."""
    return UnreadableError(
        Text(zh="工作簿已损坏或不完整", en=f"the workbook is damaged or incomplete ({detail})"), _SAVE_AGAIN
    )


def part_of(sheet: Sheet, budget: Budget) -> Part:
    """The sheet as one grid from A1 to its last cell with text, and what is to be said of it if it holds a form."""
    if sheet.texts.get((0, 0)) == LEGEND:
        return Part([])
    grid, covered = _grid(sheet, budget)
    if grid is None:
        return Part([], _formulas(sheet))
    return Part([grid], [*_formulas(sheet), *_covered(sheet, covered), *_hidden(sheet)])


def _place(sheet: Sheet, row: int, column: int) -> SheetPlace:
    return SheetPlace(sheet.name, f"{column_letters(column)}{row + 1}")


def _grid(sheet: Sheet, budget: Budget) -> tuple[Grid | None, list[tuple[int, int]]]:
    """The grid, None for a sheet without text; and the cells with text that a merged range covers."""
    texts = sheet.texts
    if not texts:
        return None, []
    height = max(row for row, _ in texts) + 1
    width = max(column for _, column in texts) + 1
    for top, left, bottom, right in sheet.merged:
        if (top, left) in texts:
            height, width = max(height, bottom + 1), max(width, right + 1)
    budget.take(height * width)
    rows: list[list[Cell | None]] = [[None] * width for _ in range(height)]
    letters = [column_letters(column) for column in range(width)]
    name = sheet.name
    inside: list[tuple[int, int, int, int]] = []
    for top, left, bottom, right in sheet.merged:
        if top >= height or left >= width:
            continue
        bottom, right = min(bottom, height - 1), min(right, width - 1)
        span = right - left + 1
        budget.take((bottom - top + 1) * span)
        place = SheetPlace(name, f"{letters[left]}{top + 1}")
        cell = Cell(texts.get((top, left), ""), top, left, bottom - top + 1, span, place)
        for row in rows[top : bottom + 1]:
            row[left : right + 1] = [cell] * span
        inside.append((top, left, bottom, right))
    for at, row in enumerate(rows):
        number = str(at + 1)
        for column, known in enumerate(row):
            if known is None:
                row[column] = Cell(
                    texts.get((at, column), ""), at, column, 1, 1, SheetPlace(name, letters[column] + number)
                )
    covered = []
    if inside:
        for at, column in texts:
            owner = rows[at][column]
            if owner is not None and (owner.row, owner.column) != (at, column):
                covered.append((at, column))
    return Grid(rows), sorted(covered)


def _formulas(sheet: Sheet) -> list[Remark]:
    return [
        Remark(
            "unreadable-document",
            {"formula": text[:_QUOTED]},
            place=_place(sheet, *at),
            variant="no-result",
            severity=Severity.warning,
        )
        for at, text in sorted(sheet.without_result.items())[:_MAX_REMARKS]
    ]


def _covered(sheet: Sheet, covered: list[tuple[int, int]]) -> list[Remark]:
    return [
        Remark("unmapped-content", {"text": sheet.texts[at][:_QUOTED]}, place=_place(sheet, *at))
        for at in covered[:_MAX_REMARKS]
    ]


def _hidden(sheet: Sheet) -> list[Remark]:
    """What of the sheet does not show, one remark each for the sheet, its rows, its columns and its cells."""
    remarks = []
    first = min(sheet.texts)
    if sheet.hidden:
        remarks.append(_hidden_remark(sheet, Text(zh="工作表", en="the whole sheet"), first, sheet.texts[first]))
    for ranges, axis in ((sheet.hidden_rows, 0), (sheet.hidden_columns, 1)):
        numbers_hidden = _within(ranges, {at[axis] for at in sheet.texts}) if ranges else set()
        found = {at: text for at, text in sheet.texts.items() if at[axis] in numbers_hidden} if ranges else {}
        if found:
            numbers = sorted(numbers_hidden)
            where = _rows(numbers) if axis == 0 else _columns(numbers)
            remarks.append(_hidden_remark(sheet, where, min(found), found[min(found)]))
    if sheet.concealed:
        at = min(sheet.concealed)
        number = len(sheet.concealed)
        where = Text(zh=f"{number} 个单元格（格式为不显示）", en=f"{number} cells (by a format that shows nothing)")
        remark = _hidden_remark(sheet, where, at, sheet.concealed[at])
        remarks.append(remark._replace(variant="concealed"))
    return remarks


def _hidden_remark(sheet: Sheet, where: Text, at: tuple[int, int], text: str) -> Remark:
    arguments = {"where": where, "text": text[:_QUOTED]}
    return Remark("unmapped-content", arguments, place=_place(sheet, *at), variant="hidden")


def _within(ranges: list[tuple[int, int]], numbers: set[int]) -> set[int]:
    """Those of the numbers that lie in one of the ranges; in the time of sorting, however many there are."""
    found = set()
    reach, at, ordered = -1, 0, sorted(ranges)
    for number in sorted(numbers):
        while at < len(ordered) and ordered[at][0] <= number:
            reach = max(reach, ordered[at][1])
            at += 1
        if number <= reach:
            found.add(number)
    return found


def _runs(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Sorted numbers as ranges of neighbours."""
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1] = runs[-1][0], number
        else:
            runs.append((number, number))
    return runs


def _rows(numbers: list[int]) -> Text:
    names = [f"{first + 1}" if first == last else f"{first + 1}–{last + 1}" for first, last in _runs(numbers)]
    shown, more = names[:8], "…" if len(names) > 8 else ""
    return Text(zh=f"第 {'、'.join(shown)}{more} 行", en=f"rows {', '.join(shown)}{more}")


def _columns(numbers: list[int]) -> Text:
    names = [
        column_letters(first) if first == last else f"{column_letters(first)}–{column_letters(last)}"
        for first, last in _runs(numbers)
    ]
    shown, more = names[:8], "…" if len(names) > 8 else ""
    return Text(zh=f"{'、'.join(shown)}{more} 列", en=f"columns {', '.join(shown)}{more}")
