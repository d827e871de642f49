"""OpenDocument workbooks (.ods): every sheet one grid of the texts that its cells show.

Such a file holds the text of each cell as displayed, so no number format has to be understood.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.parsers import expat

from lintperf.extension import UnreadableError
from lintperf.model import Text
from lintperf_builtin.importers.grid import Budget, Part, clean
from lintperf_builtin.importers.package import open_package, read_part, refuse_kind
from lintperf_builtin.importers.spreadsheet import MAX_SHEETS, Sheet, damaged_workbook, part_of, too_large

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["read_ods"]

_MAX_TAGS = 3_000_000
_NAMESPACES = {
    "urn:oasis:names:tc:opendocument:xmlns:table:1.0": "table",
    "urn:oasis:names:tc:opendocument:xmlns:text:1.0": "text",
    "urn:oasis:names:tc:opendocument:xmlns:office:1.0": "office",
    "urn:oasis:names:tc:opendocument:xmlns:style:1.0": "style",
}
# What stands within a table and not in its cells' text: comments, drawings, the history of changes, reading aids.
_UNSEEN = {
    "office:annotation", "table:shapes", "table:tracked-changes", "text:ruby-text", "table:dde-links",
    "text:note", "text:tracked-changes",
}  # fmt: skip
_LAST_ROW, _LAST_COLUMN = 1_048_575, 16_383


def read_ods(content: bytes) -> list[Part]:
    """The sheets of an OpenDocument workbook, with remarks on what is hidden. Raises UnreadableError."""
    with open_package(content, "open-sheet") as archive:
        if b"encryption-data" in (read_part(archive, "META-INF/manifest.xml") or b""):
            raise refuse_kind("encrypted")
        xml = read_part(archive, "content.xml")
    if xml is None:
        raise damaged_workbook("no content")
    if xml.count(b"<") > _MAX_TAGS:
        raise too_large()
    budget = Budget()
    return [part_of(sheet, budget) for sheet in _Reader(budget).read(xml)]


class _Reader:
    """Reads content.xml in order; tables within cells are part of their cell's text."""

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self.sheets: list[Sheet] = []
        self.hidden_styles: set[str] = set()
        self.style = ""
        self.depth = 0
        self.unseen = 0
        self.row = self.column = 0
        self.row_repeat = 1
        self.columns_seen = 0
        # the cell being read: its attributes, and the lines of its text
        self.cell: dict[str, str] | None = None
        self.lines: list[list[str]] = []
        self.paragraphs = 0
        self.starts: dict[str, Callable[[dict[str, str]], None]] = {
            "style:style": self._start_style,
            "style:table-properties": self._table_properties,
            "table:table": self._start_table,
            "table:table-column": self._column,
            "table:table-row": self._start_row,
            "table:table-cell": self._start_cell,
            "table:covered-table-cell": self._start_cell,
            "text:p": self._start_paragraph,
            "text:h": self._start_paragraph,
            "text:s": self._spaces,
            "text:tab": lambda _a: self._add("\t"),
            "text:line-break": lambda _a: self._add("\n"),
        }
        self.ends: dict[str, Callable[[], None]] = {
            "table:table": self._end_table,
            "table:table-row": self._end_row,
            "table:table-cell": self._end_cell,
            "table:covered-table-cell": self._end_cell,
            "text:p": self._end_paragraph,
            "text:h": self._end_paragraph,
        }

    def read(self, xml: bytes) -> list[Sheet]:
        """The sheets. Raises UnreadableError."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._add
        parser.StartDoctypeDeclHandler = _refuse_doctype
        try:
            parser.Parse(xml, True)
        except (expat.ExpatError, LookupError, ValueError) as error:
            raise damaged_workbook(type(error).__name__) from None
        return self.sheets

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = _short(name)
        if self.unseen or local in _UNSEEN:
            self.unseen += 1
            return
        handler = self.starts.get(local)
        if handler is not None:
            handler({_short(key): value for key, value in attributes.items()})

    def _end(self, name: str) -> None:
        if self.unseen:
            self.unseen -= 1
            return
        handler = self.ends.get(_short(name))
        if handler is not None:
            handler()

    def _add(self, text: str) -> None:
        if self.paragraphs and not self.unseen and self.lines:
            self.lines[-1].append(text)

    def _start_style(self, attributes: dict[str, str]) -> None:
        self.style = attributes.get("style:name", "")

    def _table_properties(self, attributes: dict[str, str]) -> None:
        if attributes.get("table:display") == "false":
            self.hidden_styles.add(self.style)

    def _start_table(self, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > 1:
            return
        if len(self.sheets) >= MAX_SHEETS:
            raise too_large()
        hidden = attributes.get("table:style-name", "") in self.hidden_styles
        self.sheets.append(Sheet(attributes.get("table:name", ""), hidden=hidden))
        self.row = self.columns_seen = 0

    def _end_table(self) -> None:
        self.depth -= 1

    def _column(self, attributes: dict[str, str]) -> None:
        if self.depth != 1:
            return
        number = _count(attributes, "table:number-columns-repeated")
        if attributes.get("table:visibility") in ("collapse", "filter"):
            self.sheets[-1].hidden_columns.append((self.columns_seen, self.columns_seen + number - 1))
        self.columns_seen += number

    def _start_row(self, attributes: dict[str, str]) -> None:
        if self.depth != 1:
            return
        self.column = 0
        self.row_repeat = _count(attributes, "table:number-rows-repeated")
        if attributes.get("table:visibility") in ("collapse", "filter"):
            self.sheets[-1].hidden_rows.append((self.row, self.row + self.row_repeat - 1))

    def _end_row(self) -> None:
        if self.depth == 1:
            self.row += self.row_repeat

    def _start_cell(self, attributes: dict[str, str]) -> None:
        if self.depth == 1:
            self.cell = attributes
            self.lines = []
            self.paragraphs = 0

    def _start_paragraph(self, _attributes: dict[str, str]) -> None:
        if self.cell is not None:
            self.paragraphs += 1
            self.lines.append([])

    def _end_paragraph(self) -> None:
        self.paragraphs = max(self.paragraphs - 1, 0)

    def _spaces(self, attributes: dict[str, str]) -> None:
        # more than a line of them is a page laid out, or an attack
        self._add(" " * min(_count(attributes, "text:c"), 100))

    def _end_cell(self) -> None:
        if self.depth != 1 or self.cell is None:
            return
        attributes, self.cell = self.cell, None
        repeat = _count(attributes, "table:number-columns-repeated")
        text = clean("\n".join(line for pieces in self.lines if (line := "".join(pieces))))
        sheet = self.sheets[-1]
        top, left = self.row, self.column
        self.column += repeat
        if text:
            self.budget.take(min(repeat * self.row_repeat, 10**9))
            if top + self.row_repeat - 1 > _LAST_ROW or left + repeat - 1 > _LAST_COLUMN:
                raise damaged_workbook("a cell that no sheet has")
            for row in range(top, top + self.row_repeat):
                for column in range(left, left + repeat):
                    sheet.texts[row, column] = text
        elif "table:formula" in attributes and not attributes.get("office:value-type"):
            sheet.without_result[top, left] = attributes["table:formula"].removeprefix("of:")
        down = _count(attributes, "table:number-rows-spanned")
        right = _count(attributes, "table:number-columns-spanned")
        if (down > 1 or right > 1) and top <= _LAST_ROW and left <= _LAST_COLUMN:
            self.budget.take(1)
            sheet.merged.append((top, left, min(top + down - 1, _LAST_ROW), min(left + right - 1, _LAST_COLUMN)))


def _short(name: str) -> str:
    namespace, _, local = name.rpartition(" ")
    return f"{_NAMESPACES.get(namespace, '')}:{local}"


def _count(attributes: dict[str, str], name: str) -> int:
    """A positive number of rows, columns or spaces; 1 where it is left out or no number."""
    text = attributes.get(name, "1")
    return max(int(text), 1) if text.isdecimal() and text.isascii() and len(text) < 10 else 1


def _refuse_doctype(*_arguments: Any) -> None:
    raise UnreadableError(
        Text(zh="文件的 XML 含有 DOCTYPE 或实体定义，不予读取", en="the file's XML declares a DOCTYPE or entities"),
        Text(zh="请用表格软件打开后另存一次", en="open it in a spreadsheet program and save it again"),
    )
