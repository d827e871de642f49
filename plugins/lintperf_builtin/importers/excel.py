"""Workbooks (.xlsx, .xlsm): every sheet one grid of the texts that its cells show.

Reads the parts straight through expat, in an eighth of the time that building openpyxl's objects takes; neither
depth nor size of a hostile file matters.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any
from xml.parsers import expat

from lintperf.extension import UnreadableError
from lintperf.model import Text
from lintperf_builtin.importers.grid import Budget, Part, clean
from lintperf_builtin.importers.number_formats import BUILT_IN, is_date, moment, shown
from lintperf_builtin.importers.package import open_package, read_part
from lintperf_builtin.importers.spreadsheet import MAX_SHEETS, Sheet, damaged_workbook, part_of, too_large

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Callable

__all__ = ["cell_text", "read_excel"]

# A form has some thousands; a workbook whose other sheets hold data a hundred times as many.
_MAX_TAGS = 3_000_000
_CELL = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")
# Both corners, or whole columns, or whole rows.
_RANGE = re.compile(r"\$?([A-Za-z]{0,3})\$?([0-9]{0,7}):\$?([A-Za-z]{0,3})\$?([0-9]{0,7})")
_LAST_ROW, _LAST_COLUMN = 1_048_575, 16_383
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")

_SAVE_AGAIN = Text(zh="请用 Excel 打开后另存一次", en="open it in Excel and save it again")


def read_excel(content: bytes) -> list[Part]:
    """The sheets of a workbook, with remarks on formulas without a result and on what is hidden.

    Sheets, rows and columns that are hidden are read like the others: what they hold is submitted too.
    Raises UnreadableError.
    """
    with open_package(content, "excel") as archive:
        book, relations = _workbook(archive)
        strings = _Strings()
        styles = _Styles()
        for each in relations.values():
            if each.kind in ("sharedStrings", "styles"):
                handler = strings if each.kind == "sharedStrings" else styles
                _parse(read_part(archive, each.target) or b"", handler, may_lack=True)
        formats = styles.formats()
        budget = Budget()
        parts = []
        seen: set[str] = set()
        for title, key, hidden in book.sheets:
            relation = relations.get(key)
            if relation is None or relation.kind not in ("worksheet", "dialogsheet"):
                continue  # a sheet that is a chart has no cells
            if relation.target in seen:
                raise damaged_workbook("sheets without a part of their own")
            seen.add(relation.target)
            xml = read_part(archive, relation.target)
            if xml is None:
                raise damaged_workbook("a sheet is missing")
            # before anything is read: what has too many cells is refused at once
            Budget().take(xml.count(b"<c "))
            sheet = Sheet(title, hidden=hidden)
            reader = _Cells(sheet, strings.texts, formats, book.from_1904, budget)
            _parse(xml, reader)
            parts.append(part_of(sheet, budget))
    if not parts and not any(relation.kind == "chartsheet" for relation in relations.values()):
        raise damaged_workbook("no sheets")
    return parts


def _workbook(archive: zipfile.ZipFile) -> tuple[_Book, dict[str, _Relation]]:
    """The workbook part: its sheets, and what it refers to."""
    package = _relations(archive, "")
    name = next((each.target for each in package.values() if each.kind == "officeDocument"), "xl/workbook.xml")
    xml = read_part(archive, name)
    if xml is None:
        name = "xl/workbook.xml"
        xml = read_part(archive, name)
    if xml is None:
        raise damaged_workbook("no workbook part")
    book = _Book()
    _parse(xml, book)
    if len(book.sheets) > MAX_SHEETS:
        raise too_large()
    return book, _relations(archive, name)


@dataclass(slots=True)
class _Relation:
    """A part that another refers to: the last word of its type, and its name in the archive."""

    kind: str
    target: str


def _relations(archive: zipfile.ZipFile, part: str) -> dict[str, _Relation]:
    folder, _, file = part.rpartition("/")
    xml = read_part(archive, posixpath.join(folder, "_rels", f"{file}.rels"))
    found: dict[str, _Relation] = {}
    if xml is None:
        return found

    def start(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == "Relationship" and attributes.get("TargetMode") != "External":
            target = attributes.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
            kind = attributes.get("Type", "").rpartition("/")[2]
            found[attributes.get("Id", "")] = _Relation(kind, posixpath.normpath(path))

    handler = _Handler()
    handler.start = start  # type: ignore[method-assign]
    _parse(xml, handler, may_lack=not part)
    return found


class _Handler:
    """What listens to a part; names come without their prefix's meaning, which no program of these formats varies."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""

    def text(self, text: str) -> None:
        """Text within the element."""


def _parse(xml: bytes, handler: _Handler, may_lack: bool = False) -> None:
    """Feeds a part to its handler; with `may_lack`, an empty part is as good as none. Raises UnreadableError."""
    if xml.count(b"<") > _MAX_TAGS:
        raise too_large()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = handler.start
    parser.EndElementHandler = handler.end
    parser.CharacterDataHandler = handler.text
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        parser.Parse(xml, True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        if xml.strip() or not may_lack:
            raise damaged_workbook(type(error).__name__) from None


def _refuse_doctype(*_arguments: Any) -> None:
    raise UnreadableError(
        Text(
            zh="文件的 XML 含有 DOCTYPE 或实体定义，不予读取",
            en="the file's XML declares a DOCTYPE or entities",
        ),
        _SAVE_AGAIN,
    )


class _Book(_Handler):
    """The workbook part: its sheets as (title, key of the relation, hidden), and from when dates count."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, str, bool]] = []
        self.from_1904 = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if local == "sheet":
            key = next((value for at, value in attributes.items() if at.rpartition(":")[2] == "id"), "")
            hidden = attributes.get("state", "visible") in ("hidden", "veryHidden")
            self.sheets.append((attributes.get("name", ""), key, hidden))
        elif local == "workbookPr":
            self.from_1904 = attributes.get("date1904") in ("1", "true")


class _Strings(_Handler):
    """The shared texts: runs joined, without the reading aid above characters."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.pieces: list[str] = []
        self.inside = self.aid = False

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if local == "si":
            self.pieces = []
        elif local == "t":
            self.inside = not self.aid
        elif local == "rPh":
            self.aid = True

    def end(self, name: str) -> None:
        local = name.rpartition(":")[2]
        if local == "si":
            self.texts.append(_unescape("".join(self.pieces)))
        elif local == "t":
            self.inside = False
        elif local == "rPh":
            self.aid = False

    def text(self, text: str) -> None:
        if self.inside:
            self.pieces.append(text)


class _Styles(_Handler):
    """The number formats of the cell styles."""

    def __init__(self) -> None:
        self.own: dict[str, str] = {}
        self.numbers: list[str] = []
        self.within_cells = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if local == "numFmt":
            self.own[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif local == "cellXfs":
            self.within_cells = True
        elif local == "xf" and self.within_cells:
            self.numbers.append(attributes.get("numFmtId", "0"))

    def end(self, name: str) -> None:
        if name.rpartition(":")[2] == "cellXfs":
            self.within_cells = False

    def formats(self) -> list[str]:
        """The format of each cell style, in order."""
        built_in = {str(number): text for number, text in BUILT_IN.items()}
        return [self.own.get(number) or built_in.get(number, "General") for number in self.numbers]


@dataclass(slots=True)
class _Open:
    """The cell being read."""

    at: tuple[int, int] = (0, 0)
    kind: str = "n"
    style: str = ""
    value: list[str] = field(default_factory=list)
    formula: list[str] = field(default_factory=list)
    has_formula: bool = False


class _Cells(_Handler):
    """A sheet's cells, merged ranges, and what is hidden."""

    def __init__(self, sheet: Sheet, strings: list[str], formats: list[str], from_1904: bool, budget: Budget) -> None:
        self.sheet = sheet
        self.strings = strings
        self.formats = formats
        self.from_1904 = from_1904
        self.budget = budget
        self.row = self.column = -1
        self.cell = _Open()
        self.collects: list[str] | None = None
        self.aid = False
        self.rows_hidden = False
        self.columns: dict[str, int] = {}
        self.starts: dict[str, Callable[[dict[str, str]], None]] = {
            "c": self._start_cell,
            "v": self._start_value,
            "t": self._start_text,
            "f": self._start_formula,
            "row": self._start_row,
            "rPh": self._start_aid,
            "mergeCell": self._merge,
            "col": self._column,
            "sheetFormatPr": self._defaults,
        }

    def start(self, name: str, attributes: dict[str, str]) -> None:
        handler = self.starts.get(name) or self.starts.get(name.rpartition(":")[2])
        if handler is not None:
            handler(attributes)

    def end(self, name: str) -> None:
        local = name.rpartition(":")[2] if ":" in name else name
        if local in ("v", "t", "f"):
            self.collects = None
        elif local == "c":
            self._end_cell()
        elif local == "rPh":
            self.aid = False

    def text(self, text: str) -> None:
        if self.collects is not None:
            self.collects.append(text)

    def _defaults(self, attributes: dict[str, str]) -> None:
        self.rows_hidden = attributes.get("zeroHeight") in ("1", "true")

    def _column(self, attributes: dict[str, str]) -> None:
        if attributes.get("hidden") in ("1", "true") or attributes.get("width") == "0":
            first, last = _integer(attributes.get("min")), _integer(attributes.get("max"))
            if first is not None and last is not None:
                self.sheet.hidden_columns.append((first - 1, min(last - 1, _LAST_COLUMN)))

    def _start_row(self, attributes: dict[str, str]) -> None:
        row = _integer(attributes.get("r"))
        self.row = self.row + 1 if row is None else row - 1
        self.column = -1
        if self.row < 0 or self.row > _LAST_ROW:
            raise damaged_workbook("a row that no sheet has")
        hidden = attributes.get("hidden")
        if hidden in ("1", "true") or (hidden is None and self.rows_hidden) or attributes.get("ht") == "0":
            rows = self.sheet.hidden_rows
            if rows and rows[-1][1] == self.row - 1:
                rows[-1] = rows[-1][0], self.row
            else:
                rows.append((self.row, self.row))

    def _start_cell(self, attributes: dict[str, str]) -> None:
        self.budget.take(1)
        name = attributes.get("r")
        if name is None:
            self.column += 1
        else:
            found = _CELL.fullmatch(name)
            if found is None:
                raise damaged_workbook("a cell without a place")
            self.column = self._number_of(found[1])
            self.row = int(found[2]) - 1
        if not (0 <= self.row <= _LAST_ROW and 0 <= self.column <= _LAST_COLUMN):
            raise damaged_workbook("a cell that no sheet has")
        self.cell = _Open((self.row, self.column), attributes.get("t", "n"), attributes.get("s", ""))

    def _number_of(self, letters: str) -> int:
        number = self.columns.get(letters)
        if number is None:
            number = self.columns[letters] = _column_number(letters)
        return number

    def _start_value(self, _attributes: dict[str, str]) -> None:
        self.collects = self.cell.value

    def _start_text(self, _attributes: dict[str, str]) -> None:
        if self.cell.kind == "inlineStr" and not self.aid:
            self.collects = self.cell.value

    def _start_aid(self, _attributes: dict[str, str]) -> None:
        self.aid = True

    def _start_formula(self, _attributes: dict[str, str]) -> None:
        self.cell.has_formula = True
        self.collects = self.cell.formula

    def _end_cell(self) -> None:
        cell = self.cell
        raw = "".join(cell.value)
        if not raw:
            # a formula that shows an empty text has a result: it says `str`
            if cell.has_formula and cell.kind != "str":
                self.sheet.without_result[cell.at] = "=" + "".join(cell.formula)
            return
        style = _integer(cell.style) or 0
        number_format = self.formats[style] if 0 <= style < len(self.formats) else "General"
        text = clean(self._shown(cell.kind, raw, number_format))
        if text:
            self.sheet.texts[cell.at] = text
        elif ";;" in number_format and raw != "0":
            held = clean(self._shown(cell.kind, raw, "General"))
            if held and held != "0":
                self.sheet.concealed[cell.at] = held

    def _shown(self, kind: str, raw: str, number_format: str) -> str:
        if kind == "s":
            at = _integer(raw)
            text = self.strings[at] if at is not None and 0 <= at < len(self.strings) else ""
            return shown(text, number_format)
        if kind in ("inlineStr", "str"):
            return shown(_unescape(raw), number_format)
        if kind == "b":
            return "TRUE" if raw in ("1", "true") else "FALSE"
        if kind == "n":
            return cell_text(raw, number_format, self.from_1904)
        return raw  # errors, and dates that are written as such

    def _merge(self, attributes: dict[str, str]) -> None:
        found = _RANGE.fullmatch(attributes.get("ref", ""))
        if found is None:
            return  # one cell, or nothing that a range could be
        left = _column_number(found[1]) if found[1] else 0
        right = _column_number(found[3]) if found[3] else _LAST_COLUMN
        top, bottom = int(found[2] or 1) - 1, int(found[4] or _LAST_ROW + 1) - 1
        top, bottom = min(top, bottom), min(max(top, bottom), _LAST_ROW)
        left, right = min(left, right), min(max(left, right), _LAST_COLUMN)
        if top < 0 or left < 0:
            return
        self.budget.take(1)
        self.sheet.merged.append((top, left, bottom, right))


def cell_text(raw: str, number_format: str, from_1904: bool = False) -> str:
    """The text that a cell shows whose number a file writes as `raw`; `raw` itself where it is no number."""
    try:
        # Files write the seventeen digits of a float; the shortest that mean the same are what was typed.
        number = Decimal(repr(float(raw))) if "_" not in raw else Decimal("NaN")
    except (ValueError, InvalidOperation):
        return raw
    if not number.is_finite():
        return raw
    if is_date(number_format):
        found = moment(number, number_format, from_1904)
        # before 1900 there are no dates: Excel shows a bar of signs, which says nothing
        return shown(found, "General" if found is number else number_format)
    return shown(number, number_format)


def _unescape(text: str) -> str:
    """Characters that XML cannot hold are written as `_x000D_`."""
    return _ESCAPED.sub(_character, text) if "_x" in text else text


def _character(found: re.Match[str]) -> str:
    code = int(found[1], 16)
    if code < 32 and code not in (9, 10, 13):
        return ""
    return "\ufffd" if 0xD800 <= code <= 0xDFFF else chr(code)


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


def _integer(text: str | None) -> int | None:
    """A whole number of at most nine digits."""
    if text is None or not text.strip().lstrip("-").isdecimal() or len(text) > 9:
        return None
    try:
        return int(text)
    except ValueError:
        return None
