"""Workbooks (.xlsx, .xlsm): every sheet one grid of the texts that its cells show."""

from __future__ import annotations

import io
import re
import warnings
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from xml.parsers import expat

from lintperf.extension import UnreadableError
from lintperf.model import Remark, SheetPlace, Text
from lintperf_builtin.importers.grid import MAX_CELLS, Budget, Cell, Grid, Part, clean
from lintperf_builtin.importers.package import MAX_TOTAL, is_xml, open_package, read_part

if TYPE_CHECKING:
    import zipfile

__all__ = ["read_excel"]

# Elements openpyxl may have to build for one part, a few hundred bytes each.
_MAX_ELEMENTS = 1_000_000
# Each costs openpyxl some milliseconds, even when it is empty.
_MAX_SHEETS = 1000
# A range as openpyxl takes it: both corners, or whole columns, or whole rows.
_RANGE = re.compile(r"\$?([A-Za-z]{0,3})\$?([0-9]{0,7}):\$?([A-Za-z]{0,3})\$?([0-9]{0,7})")
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
_SHEETS = {"worksheet", "chartsheet", "dialogsheet"}

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


@dataclass(slots=True)
class _Scan:
    """What the parts of a workbook hold, counted before openpyxl builds it."""

    budget: Budget = field(default_factory=Budget)
    elements: int = 0
    sheet_parts: int = 0
    sheets_listed: int = 0
    formulas: bool = False


def _check(archive: zipfile.ZipFile) -> bool:
    """Refuses what would make openpyxl take memory or time without bound; says whether there are formulas.

    Every part that is XML counts, wherever it lies: the workbook's relations say what is a sheet.
    """
    scan = _Scan()
    total = 0
    for name in archive.namelist():
        if not is_xml(archive, name):
            continue
        xml = read_part(archive, name) or b""
        total += len(xml)
        if total > MAX_TOTAL:
            raise _too_large()
        _scan_part(xml, scan)
    # a workbook that lists one sheet a thousand times would have it built a thousand times
    if scan.sheets_listed > min(scan.sheet_parts, _MAX_SHEETS):
        raise _too_large() if scan.sheet_parts > _MAX_SHEETS else _damaged("sheets without a part of their own")
    return scan.formulas


def _scan_part(xml: bytes, scan: _Scan) -> None:
    """Counts one part. Where it stops being XML, the count stops, as openpyxl will."""
    root = ""
    listed = depth = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal root, listed, depth
        local = name.rpartition(":")[2]
        scan.elements += 1
        if scan.elements > _MAX_ELEMENTS:
            raise _too_large()
        if not root:
            root = local
            scan.sheet_parts += local in _SHEETS
        if local == "c" and root == "worksheet":
            scan.budget.take(1)
        elif local == "f" and root == "worksheet":
            scan.formulas = True
        elif local in ("mergeCell", "hyperlink"):
            scan.budget.take(_places(attributes.get("ref", "")))
        elif local == "sheet" and root == "workbook":
            listed += 1

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = _refuse_doctype
    with suppress(expat.ExpatError, LookupError, ValueError):
        parser.Parse(xml, True)
    scan.sheets_listed = max(scan.sheets_listed, listed)


def _places(area: str) -> int:
    """How many places a range has; openpyxl makes an object of each. At most one more than are allowed at all."""
    found = _RANGE.fullmatch(area)
    if found is None:
        return 1
    first, top, last, bottom = found.groups()
    width = (_column(last) or _LAST_COLUMN) - (_column(first) or 1) + 1
    height = int(bottom or _LAST_ROW) - int(top or 1) + 1
    return min(max(width, 1) * max(height, 1), MAX_CELLS + 1)


def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def _refuse_doctype(*_arguments: Any) -> None:
    raise UnreadableError(
        Text(
            zh="文件的 XML 含有 DOCTYPE 或实体定义，不予读取",
            en="the file's XML declares a DOCTYPE or entities",
        ),
        _SAVE_AGAIN,
    )


def _too_large() -> UnreadableError:
    return UnreadableError(
        Text(zh="工作簿过大", en="the workbook is too large"),
        Text(zh="请只保留自评表后再检查", en="keep only the forms and check again"),
    )


def _damaged(detail: str) -> UnreadableError:
    return UnreadableError(
        Text(zh="工作簿已损坏或不完整", en=f"the workbook is damaged or incomplete ({detail})"), _SAVE_AGAIN
    )


def _load(content: bytes, values: bool) -> Any:
    import openpyxl

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of extensions that openpyxl leaves out; none holds a cell
            return openpyxl.load_workbook(io.BytesIO(content), data_only=values, keep_links=False)
    except Exception as error:  # openpyxl raises whatever a strange file makes it stumble over
        raise _damaged(type(error).__name__) from None


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
