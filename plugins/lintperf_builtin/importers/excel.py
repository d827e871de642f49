"""Workbooks (.xlsx, .xlsm): every sheet one grid of the texts that its cells show."""

from __future__ import annotations

import io
import re
import warnings
from typing import TYPE_CHECKING, Any

from lintperf.extension import UnreadableError
from lintperf.model import Remark, SheetPlace, Text
from lintperf_builtin.importers.grid import MAX_CELLS, Budget, Cell, Grid, Part, clean
from lintperf_builtin.importers.package import MAX_TOTAL, open_package, read_part

if TYPE_CHECKING:
    import zipfile

__all__ = ["read_excel"]

_CELL = re.compile(rb"<(?:\w+:)?c[ />]")
_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*?\bref="([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})"')
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
# Elements openpyxl may have to build for one part, a few hundred bytes each.
_MAX_ELEMENTS = 2_000_000

_SAVE_AGAIN = Text(zh="请用 Excel 打开后另存一次", en="open it in Excel and save it again")


def read_excel(content: bytes) -> tuple[list[Part], list[Remark]]:
    """The sheets of a workbook, and remarks on formulas whose result the file does not hold.

    Sheets that are hidden are read like the others: what they hold is submitted too. Raises UnreadableError.
    """
    with open_package(content, "excel") as archive:
        formulas = _check(archive)
    cached = _load(content, values=True)
    remarks: list[Remark] = []
    if formulas:
        remarks = _without_result(cached, _load(content, values=False))
    budget = Budget()
    parts = [Part([grid] if (grid := _grid(sheet, budget)) else []) for sheet in cached.worksheets]
    return parts, remarks


def _check(archive: zipfile.ZipFile) -> bool:
    """Refuses what would make openpyxl take memory or time without bound; says whether there are formulas."""
    formulas = False
    total = 0
    budget = Budget()
    for name in archive.namelist():
        if not name.endswith((".xml", ".rels")):
            continue
        xml = read_part(archive, name) or b""
        total += len(xml)
        elements = xml.count(b"<")
        if total > MAX_TOTAL or elements > _MAX_ELEMENTS:
            raise UnreadableError(
                Text(zh="工作簿过大", en="the workbook is too large"),
                Text(zh="请只保留自评表后再检查", en="keep only the forms and check again"),
            )
        if b"\x00" in xml[:200] or _DOCTYPE.search(xml):
            raise UnreadableError(
                Text(
                    zh="文件的 XML 含有 DOCTYPE 或实体定义，或编码特殊，不予读取",
                    en="the file's XML declares a DOCTYPE or entities, or has a strange encoding",
                ),
                _SAVE_AGAIN,
            )
        if name.startswith("xl/worksheets/"):
            budget.take(len(_CELL.findall(xml)))
            # openpyxl makes an object of every place of a merged range
            for first, top, last, bottom in _MERGE.findall(xml):
                budget.take(min((_column(last) - _column(first) + 1) * (int(bottom) - int(top) + 1), MAX_CELLS + 1))
            formulas = formulas or b"<f" in xml or b":f" in xml
    return formulas


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _load(content: bytes, values: bool) -> Any:
    import openpyxl

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of extensions that openpyxl leaves out; none holds a cell
            return openpyxl.load_workbook(io.BytesIO(content), data_only=values, keep_links=False)
    except Exception as error:  # openpyxl raises whatever a strange file makes it stumble over
        raise UnreadableError(
            Text(zh="工作簿已损坏或不完整", en=f"the workbook is damaged or incomplete ({type(error).__name__})"),
            _SAVE_AGAIN,
        ) from None


def _without_result(cached: Any, written: Any) -> list[Remark]:
    remarks = []
    for shown_sheet, sheet in zip(cached.worksheets, written.worksheets, strict=True):
        for (row, column), cell in sorted(sheet._cells.items()):
            if cell.data_type == "f" and shown_sheet.cell(row, column).value is None:
                text = cell.value if isinstance(cell.value, str) else str(getattr(cell.value, "text", "="))
                place = SheetPlace(sheet.title, cell.coordinate)
                remarks.append(Remark("unmapped-content", {"text": text[:60]}, place=place))
    return remarks


def _grid(sheet: Any, budget: Budget) -> Grid | None:
    """The sheet from A1 to its last cell with text; None for a sheet without any."""
    from lintperf_builtin.importers.number_formats import shown

    # Only what the file holds: a stray format in the last row makes max_row a million.
    texts = {
        at: text
        for at, cell in sheet._cells.items()
        if cell.value is not None and (text := clean(shown(cell.value, cell.number_format or "General")))
    }
    if not texts:
        return None
    height = max(row for row, _ in texts)
    width = max(column for _, column in texts)
    merged = {(area.min_row, area.min_col): area for area in sheet.merged_cells.ranges}
    for area in merged.values():
        if (area.min_row, area.min_col) in texts:
            height, width = max(height, area.max_row), max(width, area.max_col)
    budget.take(height * width)
    rows: list[list[Cell | None]] = [[None] * width for _ in range(height)]
    for (top, left), area in merged.items():
        if top > height or left > width:
            continue
        bottom, right = min(area.max_row, height), min(area.max_col, width)
        cell = _cell(sheet, texts, top, left, bottom - top + 1, right - left + 1)
        for row in rows[top - 1 : bottom]:
            row[left - 1 : right] = [cell] * (right - left + 1)
    for top, row in enumerate(rows, 1):
        for left, known in enumerate(row, 1):
            if known is None:
                row[left - 1] = _cell(sheet, texts, top, left, 1, 1)
    return Grid(rows)


def _cell(
    sheet: Any, texts: dict[tuple[int, int], str], row: int, column: int, row_span: int, column_span: int
) -> Cell:
    from openpyxl.utils import get_column_letter

    place = SheetPlace(sheet.title, f"{get_column_letter(column)}{row}")
    return Cell(texts.get((row, column), ""), row - 1, column - 1, row_span, column_span, place)
