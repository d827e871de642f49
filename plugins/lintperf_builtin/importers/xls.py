"""Workbooks of Excel 5.0 to 2003 (.xls, .et): read by xlrd, which knows number formats, merges and what is hidden."""

from __future__ import annotations

import io
import struct
from typing import TYPE_CHECKING, Any

from lintperf.extension import UnreadableError
from lintperf.model import Text
from lintperf_builtin.importers.excel import cell_text
from lintperf_builtin.importers.grid import MAX_CELLS, Budget, Part, clean
from lintperf_builtin.importers.number_formats import BUILT_IN, shown
from lintperf_builtin.importers.package import refuse_kind
from lintperf_builtin.importers.spreadsheet import MAX_SHEETS, Sheet, damaged_workbook, part_of, too_large
from lintperf_builtin.readers.text import check_size

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["read_xls"]

# Such files hold at most 65,536 rows of 256 columns; a form takes a hundred kilobytes, pictures included a few million.
_MAX_BYTES = 16 * 1024 * 1024
# records of one cell, and of several in a row
_CELLS = {
    0x0001, 0x0002, 0x0003, 0x0004, 0x0006, 0x00D6, 0x00FD, 0x0201, 0x0203, 0x0204, 0x0205, 0x0206, 0x027E, 0x0406,
}  # fmt: skip
_CELLS_IN_A_ROW = {0x00BD, 0x00BE}
# Any cell may be styled without text, but not without bound: a row of them costs xlrd as much as text.
_MAX_STYLED = 8 * MAX_CELLS
# These the Chinese edition shows in its own way, whatever the file has under their number.
_LOCAL = {14, 22, *range(27, 37), *range(50, 59)}


def read_xls(content: bytes) -> list[Part]:
    """The sheets of a workbook in the old binary format, with remarks on what is hidden.

    Formulas are shown by their results; such files do not say whether a result was ever computed.
    Raises UnreadableError.
    """
    import xlrd

    check_size(content, _MAX_BYTES)
    try:
        book = xlrd.open_workbook(
            file_contents=content, formatting_info=True, on_demand=True, ragged_rows=True, logfile=io.StringIO()
        )
        return _parts(book)
    except UnreadableError:
        raise
    except MemoryError:
        raise too_large() from None
    except Exception as error:  # xlrd raises whatever a strange file makes it stumble over
        if "encrypted" in str(error).lower():
            raise refuse_kind("encrypted") from None
        raise damaged_workbook(type(error).__name__) from None


def _parts(book: Any) -> list[Part]:
    if book.biff_version < 50:
        raise UnreadableError(
            Text(zh="工作簿是 Excel 4.0 或更早的格式", en="the workbook has the format of Excel 4.0 or before"),
            Text(zh="请用 Excel 打开后另存为 .xlsx", en="open it in Excel and save it as .xlsx"),
        )
    if book.nsheets > MAX_SHEETS:
        raise too_large()
    _check_cells(book)
    formats = _formats(book)
    budget = Budget()
    parts = []
    for number in range(book.nsheets):
        source = book.sheet_by_index(number)
        sheet = _sheet(source, formats, book.datemode == 1, budget)
        book.unload_sheet(number)
        parts.append(part_of(sheet, budget))
    return parts


def _records(book: Any) -> Iterator[tuple[int, bytes]]:
    """The records of the workbook, as far as they hold together: their kind and their first bytes."""
    data, at, end = book.mem, book.base, book.base + book.stream_len
    while at + 4 <= end:
        kind, length = struct.unpack_from("<HH", data, at)
        yield kind, bytes(data[at + 4 : at + 4 + length]) if kind in _CELLS_IN_A_ROW else b""
        at += 4 + length


def _check_cells(book: Any) -> None:
    """Refuses, before xlrd builds anything, a workbook with too many cells."""
    cells = 0
    for kind, body in _records(book):
        if kind in _CELLS:
            cells += 1
        elif kind in _CELLS_IN_A_ROW:
            cells += max(len(body) // 2 - 3, 1)
        if cells > _MAX_STYLED:
            raise too_large()


def _formats(book: Any) -> list[str]:
    formats = []
    for style in book.xf_list:
        key = style.format_key
        known = book.format_map.get(key)
        formats.append(BUILT_IN[key] if key in _LOCAL or (known is None and key in BUILT_IN) else _text_of(known))
    return formats


def _text_of(number_format: Any) -> str:
    return str(number_format.format_str) if number_format is not None else "General"


def _sheet(source: Any, formats: list[str], from_1904: bool, budget: Budget) -> Sheet:
    import xlrd

    sheet = Sheet(source.name, hidden=source.visibility != 0)
    for row in range(source.nrows):
        kinds = source.row_types(row)
        if not any(kind not in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK) for kind in kinds):
            continue
        values = source.row_values(row)
        for column, kind in enumerate(kinds):
            if kind in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
                continue
            budget.take(1)
            style = source.cell_xf_index(row, column)
            number_format = formats[style] if 0 <= style < len(formats) else "General"
            text = clean(_shown(kind, values[column], number_format, from_1904))
            if text:
                sheet.texts[row, column] = text
            elif ";;" in number_format:
                held = clean(_shown(kind, values[column], "General", from_1904))
                if held not in ("", "0"):
                    sheet.concealed[row, column] = held
    for top, bottom, left, right in source.merged_cells:
        if top < bottom and left < right:
            budget.take(1)
            sheet.merged.append((top, left, bottom - 1, right - 1))
    sheet.hidden_rows = [(row, row) for row, info in sorted(source.rowinfo_map.items()) if info.hidden]
    sheet.hidden_columns = [(column, column) for column, info in sorted(source.colinfo_map.items()) if info.hidden]
    return sheet


def _shown(kind: int, value: Any, number_format: str, from_1904: bool) -> str:
    import xlrd

    if kind in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
        return cell_text(repr(float(value)), number_format, from_1904)
    if kind == xlrd.XL_CELL_BOOLEAN:
        return "TRUE" if value else "FALSE"
    if kind == xlrd.XL_CELL_ERROR:
        return str(xlrd.error_text_from_code.get(value, "#N/A"))
    return shown(str(value), number_format)
