"""XML Spreadsheet 2003, which systems export under the name .xls: every sheet one grid of what its cells show."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from xml.parsers import expat

from lintperf.extension import UnreadableError
from lintperf.model import Text
from lintperf_builtin.importers.excel import cell_text
from lintperf_builtin.importers.grid import Budget, Part, clean
from lintperf_builtin.importers.number_formats import shown
from lintperf_builtin.importers.spreadsheet import MAX_SHEETS, Sheet, damaged_workbook, part_of, too_large
from lintperf_builtin.readers.text import check_size

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["read_xml_sheet"]

_MAX_BYTES = 32 * 1024 * 1024
_MAX_TAGS = 3_000_000
_SHEET = "urn:schemas-microsoft-com:office:spreadsheet "
_EXCEL = "urn:schemas-microsoft-com:office:excel "
_LAST_ROW, _LAST_COLUMN = 1_048_575, 16_383
# formats by the names that this format has for them
_NAMED = {
    "General Number": "General", "General Date": "yyyy/m/d h:mm", "Long Date": 'yyyy"年"m"月"d"日"',
    "Medium Date": "d-mmm-yy", "Short Date": "yyyy/m/d", "Long Time": "h:mm:ss", "Medium Time": "h:mm AM/PM",
    "Short Time": "h:mm", "Currency": '"¥"#,##0.00', "Euro Currency": '"€"#,##0.00', "Fixed": "0.00",
    "Standard": "#,##0.00", "Percent": "0.00%", "Scientific": "0.00E+00",
}  # fmt: skip
_MOMENT = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.[0-9]*)?")


def read_xml_sheet(content: bytes) -> list[Part]:
    """The sheets of an XML Spreadsheet 2003, with remarks on what is hidden. Raises UnreadableError."""
    check_size(content, _MAX_BYTES)
    if content.count(b"<") > _MAX_TAGS:
        raise too_large()
    # before anything is read: what has too many cells is refused at once
    Budget().take(content.count(b"<Cell"))
    budget = Budget()
    reader = _Reader(budget)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = _refuse_doctype
    # expat knows no GB18030, which Chinese systems declare: such a text is handed over decoded
    declared = re.match(rb"\s*<\?xml[^>]*encoding\s*=\s*[\"'](gb2312|gbk|gb18030)[\"']", content, re.IGNORECASE)
    try:
        if declared:
            text = content.decode("gb18030")
            parser.Parse(text[text.index("?>") + 2 :].encode(), True)
        else:
            parser.Parse(content.lstrip(), True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise damaged_workbook(type(error).__name__) from None
    if not reader.sheets:
        raise damaged_workbook("no sheets")
    return [part_of(sheet, budget) for sheet in reader.sheets]


class _Reader:
    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self.sheets: list[Sheet] = []
        self.formats: dict[str, str] = {}
        self.style = ""
        self.row = self.column = -1
        self.column_seen = -1
        self.at = (0, 0)
        self.cell: dict[str, str] = {}
        self.row_style = ""
        self.kind: str | None = None
        self.has_data = False
        self.pieces: list[str] = []
        self.visible: list[str] | None = None
        self.starts: dict[str, Callable[[dict[str, str]], None]] = {
            "Style": self._start_style,
            "NumberFormat": self._number_format,
            "Worksheet": self._start_sheet,
            "Column": self._column,
            "Row": self._start_row,
            "Cell": self._start_cell,
            "Data": self._start_data,
        }

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if name == f"{_EXCEL}Visible":
            self.visible = []
            return
        handler = self.starts.get(name.removeprefix(_SHEET)) if name.startswith(_SHEET) else None
        if handler is not None:
            handler({key.rpartition(" ")[2]: value for key, value in attributes.items()})

    def end(self, name: str) -> None:
        """An element ends."""
        if name == f"{_EXCEL}Visible" and self.visible is not None:
            if self.sheets and "".join(self.visible).strip() in ("SheetHidden", "SheetVeryHidden"):
                self.sheets[-1].hidden = True
            self.visible = None
        elif name == f"{_SHEET}Data":
            self._end_data()
        elif name == f"{_SHEET}Cell":
            self._end_cell()

    def text(self, text: str) -> None:
        """Text within the element."""
        if self.visible is not None:
            self.visible.append(text)
        elif self.kind is not None:
            self.pieces.append(text)

    def _start_style(self, attributes: dict[str, str]) -> None:
        self.style = attributes.get("ID", "")
        self.formats[self.style] = self.formats.get(attributes.get("Parent", "Default"), "General")

    def _number_format(self, attributes: dict[str, str]) -> None:
        name = attributes.get("Format", "General")
        self.formats[self.style] = _NAMED.get(name, name)

    def _start_sheet(self, attributes: dict[str, str]) -> None:
        if len(self.sheets) >= MAX_SHEETS:
            raise too_large()
        self.sheets.append(Sheet(attributes.get("Name", "")))
        self.row = self.column = self.column_seen = -1

    def _column(self, attributes: dict[str, str]) -> None:
        first = _number(attributes, "Index", self.column_seen + 2) - 1
        self.column_seen = first + _number(attributes, "Span", 0)
        if attributes.get("Hidden") == "1" and self.sheets:
            self.sheets[-1].hidden_columns.append((first, self.column_seen))

    def _start_row(self, attributes: dict[str, str]) -> None:
        first = _number(attributes, "Index", self.row + 2) - 1
        # a row that spans stands for as many alike, all of them without cells
        self.row = first + _number(attributes, "Span", 0)
        self.column = -1
        self.row_style = attributes.get("StyleID", "")
        if attributes.get("Hidden") == "1" and self.sheets:
            self.sheets[-1].hidden_rows.append((first, self.row))

    def _start_cell(self, attributes: dict[str, str]) -> None:
        self.budget.take(1)
        self.column = _number(attributes, "Index", self.column + 2) - 1
        self.at = self.row, self.column
        self.cell = attributes
        self.has_data = False
        if not (0 <= self.row <= _LAST_ROW and 0 <= self.column <= _LAST_COLUMN) or not self.sheets:
            raise damaged_workbook("a cell that no sheet has")
        down, right = _number(attributes, "MergeDown", 0), _number(attributes, "MergeAcross", 0)
        if down or right:
            self.sheets[-1].merged.append(
                (self.row, self.column, min(self.row + down, _LAST_ROW), min(self.column + right, _LAST_COLUMN))
            )
            self.column += right

    def _start_data(self, attributes: dict[str, str]) -> None:
        # a comment has Data of its own, after the cell's
        if not self.has_data:
            self.kind = attributes.get("Type", "String")
            self.pieces = []

    def _end_data(self) -> None:
        if self.kind is None or not self.sheets:
            return
        kind, self.kind = self.kind, None
        self.has_data = True
        raw = "".join(self.pieces)
        style = self.cell.get("StyleID", self.row_style) or "Default"
        number_format = self.formats.get(style, "General")
        text = clean(_shown(kind, raw, number_format))
        if text:
            self.sheets[-1].texts[self.at] = text
        elif ";;" in number_format and clean(raw) not in ("", "0"):
            self.sheets[-1].concealed[self.at] = clean(raw)

    def _end_cell(self) -> None:
        if not self.has_data and "Formula" in self.cell and self.sheets:
            self.sheets[-1].without_result[self.at] = self.cell["Formula"]


def _shown(kind: str, raw: str, number_format: str) -> str:
    if kind == "Number":
        return cell_text(raw.strip(), number_format)
    if kind == "Boolean":
        return "TRUE" if raw.strip() == "1" else "FALSE"
    if kind == "DateTime" and (found := _MOMENT.fullmatch(raw.strip())):
        import datetime

        try:
            return shown(datetime.datetime(*map(int, found.groups())), number_format)  # type: ignore[arg-type]  # noqa: DTZ001
        except ValueError:
            return raw
    if kind == "String":
        return shown(raw, number_format)
    return raw


def _number(attributes: dict[str, str], name: str, default: int) -> int:
    text = attributes.get(name, "")
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 10 else default


def _refuse_doctype(*_arguments: Any) -> None:
    raise UnreadableError(
        Text(zh="文件的 XML 含有 DOCTYPE 或实体定义，不予读取", en="the file's XML declares a DOCTYPE or entities"),
        Text(zh="请用 Excel 打开后另存为 .xlsx", en="open it in Excel and save it as .xlsx"),
    )
