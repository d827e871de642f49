"""Word files (.docx): paragraphs and tables of the main part, read straight from its XML.

Streams through expat, so memory stays small and neither depth nor size of a hostile file matters.
"""

from __future__ import annotations

import html
import posixpath
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from xml.parsers import expat

from lintperf.extension import UnreadableError
from lintperf.model import CellPlace, ParagraphPlace, Text
from lintperf_builtin.importers.grid import Block, Budget, Cell, Grid, Paragraph, Part, cell_text
from lintperf_builtin.importers.package import open_package, read_part

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Callable, Iterator, Mapping

    from lintperf.model import Place

__all__ = ["cell_offsets", "footnote_texts", "heading_levels", "main_part", "read_word"]

_MAIN = re.compile(rb'<Relationship\b[^>]*/officeDocument"[^>]*>')
_TARGET = re.compile(rb'\bTarget="([^"]+)"')
# A form has ten thousand or so, a long report a few hundred thousand.
_MAX_TAGS = 1_500_000
_MAX_NESTED = 50
# The outline level of plain text; those of headings count from 0.
_BODY_LEVEL = 9
# Styles and footnotes are read without a parser, which would take as long as the text itself; all stretches are
# bounded, so that no file makes a pattern try again and again.
_STYLE = re.compile(rb"<(?:\w{1,20}:)?style\b([^>]{0,400})>")
_STYLE_END = re.compile(rb"</(?:\w{1,20}:)?style>")
_STYLE_ID = re.compile(rb"""\bstyleId=["']([^"']{0,200})""")
_STYLE_NAME = re.compile(rb"""<(?:\w{1,20}:)?name\b[^>]{0,200}?\bval=["']([^"']{0,200})""")
_STYLE_BASE = re.compile(rb"""<(?:\w{1,20}:)?basedOn\b[^>]{0,200}?\bval=["']([^"']{0,200})""")
_STYLE_OUTLINE = re.compile(rb"""<(?:\w{1,20}:)?outlineLvl\b[^>]{0,200}?\bval=["']([^"']{0,20})""")
_NOTE = re.compile(rb"<(?:\w{1,20}:)?footnote\b([^>]{0,400})>")
_NOTE_END = re.compile(rb"</(?:\w{1,20}:)?footnote>")
_NOTE_ID = re.compile(rb"""\bid=["']([^"']{0,20})""")
_NOTE_TEXT = re.compile(rb"<(?:\w{1,20}:)?t(?:\s[^>]{0,200})?>([^<]*)<")
_LONGEST_PART = 4_000_000
_LONGEST_ELEMENT = 50_000
_HEADING_NAME = re.compile(r"(?:heading|标题)\s*([1-9])")
# Styles that rest on each other in a file that somebody damaged may do so in a circle.
_MOST_BASES = 20
# Word itself allows 63.
_MAX_COLUMNS = 1000

_WORD = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main ",
    "http://purl.oclc.org/ooxml/wordprocessingml/main ",
)
_MATH = (
    "http://schemas.openxmlformats.org/officeDocument/2006/math ",
    "http://purl.oclc.org/ooxml/officeDocument/math ",
)
_FALLBACK = "http://schemas.openxmlformats.org/markup-compatibility/2006 Fallback"
# What stands in the file and not on the page: deleted and moved text, the reading aid above characters,
# the definitions of tab stops; and the copy of a drawing's text for old programs.
_UNSEEN = {"Fallback", "del", "moveFrom", "rt", "delText", "instrText", "tabs"}
_CHARACTERS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
# Characters of the Symbol and Wingdings fonts that forms use, by their code there.
_SYMBOLS = {
    "symbol": {0xA3: "≤", 0xB3: "≥", 0xB1: "±", 0xB4: "×", 0xB8: "÷", 0xB9: "≠", 0xBB: "≈", 0xA5: "∞", 0xB7: "·"},
    "wingdings": {0x52: "☑", 0xFE: "☑", 0xFC: "✓", 0xA8: "☐", 0x6F: "☐", 0xFD: "☒", 0xFB: "✗", 0xD8: "➢", 0x6C: "●"},
}

_HANDLED = (
    "p", "pStyle", "outlineLvl", "footnoteReference", "t", "sym", "tbl", "tr", "trPr", "gridBefore", "tc", "gridSpan",
    "vMerge", "hMerge", *_CHARACTERS, *_UNSEEN,
)  # fmt: skip
# expat's name of an element → its name here; all other elements are transparent
_NAMES = {
    **{f"{namespace}{name}": name for namespace in _WORD for name in _HANDLED},
    **{f"{namespace}t": "t" for namespace in _MATH},
    _FALLBACK: "Fallback",
}


def read_word(content: bytes) -> list[Part]:
    """The paragraphs and tables of a Word file, in order. Raises UnreadableError."""
    with open_package(content, "word") as archive:
        name = main_part(archive)
        xml = read_part(archive, name)
        folder = posixpath.dirname(name)
        styles = _optional(archive, posixpath.join(folder, "styles.xml"))
        footnotes = _optional(archive, posixpath.join(folder, "footnotes.xml"))
    if xml is None:
        raise _no_xml()
    return [Part(_Reader(heading_levels(styles), footnote_texts(footnotes)).read(xml))]


def _optional(archive: zipfile.ZipFile, name: str) -> bytes:
    """A part that the text can be read without; empty where it lacks or is damaged."""
    try:
        return read_part(archive, name) or b""
    except UnreadableError:
        return b""


def main_part(archive: zipfile.ZipFile) -> str:
    """The name of the part that holds the document itself. Raises UnreadableError."""
    relations = read_part(archive, "_rels/.rels") or b""
    found = _MAIN.search(relations)
    target = _TARGET.search(found[0]) if found else None
    name = posixpath.normpath(target[1].decode("utf-8", "replace")).lstrip("/") if target else ""
    return name if name in archive.namelist() else "word/document.xml"


def cell_offsets(xml: bytes) -> dict[Place, int]:
    """The byte where each cell (`tc`) and each whole paragraph of the body (`p`) begins, by the walk of reading.

    Raises UnreadableError.

    A cell that continues the one above has a place of its own here, which no value of a document has.
    """
    reader = _Reader()
    reader.read(xml)
    return reader.offsets


def _no_xml() -> UnreadableError:
    return UnreadableError(
        Text(zh="Word 文件的正文已损坏", en="the main part of the Word file is damaged"),
        Text(zh="请用 Word 打开后另存一次", en="open it in Word and save it again"),
    )


@dataclass(slots=True)
class _Row:
    """A row being read: cells by column, and which continue the cell above."""

    column: int = 0
    cells: list[Cell] = field(default_factory=list)
    continued: list[Cell] = field(default_factory=list)
    deleted: bool = False


@dataclass(slots=True)
class _Table:
    index: int
    rows: list[list[Cell | None]] = field(default_factory=list)
    row: _Row = field(default_factory=_Row)
    cell: Cell | None = None
    vertical: str | None = None
    horizontal: str | None = None


@dataclass(slots=True)
class _Container:
    """What collects blocks: the body or a cell."""

    blocks: list[Block] = field(default_factory=list)


class _Reader:
    def __init__(self, levels: Mapping[str, int] | None = None, footnotes: Mapping[str, str] | None = None) -> None:
        # style → the level of its headings; the level of the paragraph at hand; paragraphs of the body so far
        self.levels = levels or {}
        self.level: int | None = None
        self.body_paragraphs = 0
        # the texts of footnotes by their identifiers, and those that the block at hand refers to
        self.footnotes = footnotes or {}
        self.referred: list[str] = []
        self.budget = Budget()
        self.tables_seen = 0
        self.tables: list[_Table] = []
        self.containers = [_Container()]
        self.paragraphs: list[list[str]] = []
        self.unseen = 0
        self.in_text = False
        self.in_row_properties = False
        self.offsets: dict[Place, int] = {}
        self.starts: dict[str, Callable[[dict[str, str]], None]] = {
            "p": self._start_paragraph,
            "pStyle": self._style,
            "outlineLvl": self._outline_level,
            "footnoteReference": lambda attributes: self.referred.append(_attribute(attributes, "id") or ""),
            "t": self._start_text,
            "sym": self._symbol,
            "tbl": self._start_table,
            "tr": self._start_row,
            "trPr": self._start_row_properties,
            "gridBefore": self._grid_before,
            "tc": self._start_cell,
            "gridSpan": self._grid_span,
            "vMerge": self._vertical_merge,
            "hMerge": self._horizontal_merge,
        }
        ends: dict[str, Callable[[], None]] = {
            "p": self._end_paragraph,
            "t": self._end_text,
            "trPr": self._end_row_properties,
            "tc": self._end_cell,
            "tr": self._end_row,
            "tbl": self._end_table,
        }
        self.ends = {name: ends[local] for name, local in _NAMES.items() if local in ends}

    def read(self, xml: bytes) -> list[Block]:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        self.parser = parser
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.StartDoctypeDeclHandler = self._doctype
        if xml.count(b"<") > _MAX_TAGS:
            raise UnreadableError(
                Text(zh="Word 文件过大", en="the Word file is too large"),
                Text(zh="请只保留自评表后再检查", en="keep only the forms and check again"),
            )
        try:
            parser.Parse(xml, True)
        except (expat.ExpatError, LookupError, ValueError):  # ValueError: an encoding that expat cannot take
            raise _no_xml() from None
        return self.containers[0].blocks

    def _doctype(self, *_arguments: Any) -> None:
        raise UnreadableError(
            Text(zh="文件的 XML 含有 DOCTYPE 或实体定义，不予读取", en="the file's XML declares a DOCTYPE or entities"),
            Text(zh="请用 Word 打开后另存一次", en="open it in Word and save it again"),
        )

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        # Within unseen text only depth counts, so that its own tables and paragraphs do no harm.
        if self.unseen:
            self.unseen += 1
            return
        local = _NAMES.get(name)
        if local is None:
            return
        if local in _UNSEEN and not self.in_row_properties:
            self.unseen = 1
            return
        if self.in_row_properties and local == "del":
            self.tables[-1].row.deleted = True
        elif local in _CHARACTERS and self.paragraphs:
            self.paragraphs[-1].append(_CHARACTERS[local])
        elif local in self.starts:
            self.starts[local](attributes)

    def _end(self, name: str) -> None:
        if self.unseen:
            self.unseen -= 1
            return
        handler = self.ends.get(name)
        if handler is not None:
            handler()

    def _characters(self, text: str) -> None:
        if self.in_text and not self.unseen and self.paragraphs:
            self.paragraphs[-1].append(text)

    def _start_text(self, _attributes: dict[str, str]) -> None:
        self.in_text = True

    def _end_text(self) -> None:
        self.in_text = False

    def _symbol(self, attributes: dict[str, str]) -> None:
        font = (_attribute(attributes, "font") or "").lower()
        code = _integer(_attribute(attributes, "char"), 16) or 0xFFFD
        known = next((table for start, table in _SYMBOLS.items() if font.startswith(start)), {})
        # Symbol fonts use a private area whose lower byte is the character's code in the font.
        private = 0xF000 <= code <= 0xF0FF
        character = known.get(code & 0xFF) if known and (private or code <= 0xFF) else None
        if character is None:
            character = "\ufffd" if private or not 0x20 <= code <= 0xFFFF or 0xD800 <= code <= 0xDFFF else chr(code)
        if self.paragraphs:
            self.paragraphs[-1].append(character)

    def _start_paragraph(self, _attributes: dict[str, str]) -> None:
        if not self.paragraphs and len(self.containers) == 1:
            self.offsets[ParagraphPlace(self.body_paragraphs)] = self.parser.CurrentByteIndex
            self.body_paragraphs += 1
        self.level = None
        self.paragraphs.append([])

    def _style(self, attributes: dict[str, str]) -> None:
        if self.level is None:
            self.level = self.levels.get(_attribute(attributes, "val") or "")

    def _outline_level(self, attributes: dict[str, str]) -> None:
        level = _integer(_attribute(attributes, "val"), 10)
        if level is not None:
            self.level = level + 1 if level < _BODY_LEVEL else None

    def _end_paragraph(self) -> None:
        if not self.paragraphs:
            return
        text = "".join(self.paragraphs.pop())
        body = len(self.containers) == 1
        place = ParagraphPlace(self.body_paragraphs - 1) if body else None
        self.containers[-1].blocks.append(Paragraph(text, place, self.level if body else None))
        self.level = None
        if body and not self.paragraphs:
            self._end_block()

    def _end_block(self) -> None:
        """Puts the footnotes that a block of the body refers to behind it; they have the place of the paragraph."""
        for name in self.referred:
            if text := self.footnotes.get(name):
                place = ParagraphPlace(max(self.body_paragraphs - 1, 0))
                self.containers[0].blocks.append(Paragraph(text, place, footnote=True))
        self.referred.clear()

    def _start_table(self, _attributes: dict[str, str]) -> None:
        if len(self.tables) >= _MAX_NESTED:
            raise UnreadableError(
                Text(zh="表格嵌套过深", en="tables are nested too deeply"),
                Text(zh="请拆开嵌套的表格", en="take the nested tables apart"),
            )
        self.tables.append(_Table(self.tables_seen))
        self.tables_seen += 1

    def _start_row(self, _attributes: dict[str, str]) -> None:
        if self.tables:
            self.tables[-1].row = _Row()

    def _start_row_properties(self, _attributes: dict[str, str]) -> None:
        self.in_row_properties = bool(self.tables)

    def _end_row_properties(self) -> None:
        self.in_row_properties = False

    def _grid_before(self, attributes: dict[str, str]) -> None:
        if self.tables:
            self.tables[-1].row.column += _count(attributes, 0)

    def _start_cell(self, _attributes: dict[str, str]) -> None:
        if self.tables:
            table = self.tables[-1]
            row = len(table.rows)
            place = CellPlace(table.index, row, table.row.column)
            table.cell = Cell("", row, table.row.column, place=place)
            self.offsets[place] = self.parser.CurrentByteIndex
            table.vertical = table.horizontal = None
            self.containers.append(_Container())

    def _grid_span(self, attributes: dict[str, str]) -> None:
        if self.tables and (cell := self.tables[-1].cell) is not None:
            cell.column_span = max(_count(attributes, 1), 1)

    def _vertical_merge(self, attributes: dict[str, str]) -> None:
        if self.tables:
            self.tables[-1].vertical = _attribute(attributes, "val") or "continue"

    def _horizontal_merge(self, attributes: dict[str, str]) -> None:
        if self.tables:
            self.tables[-1].horizontal = _attribute(attributes, "val") or "continue"

    def _end_cell(self) -> None:
        if not self.tables or self.tables[-1].cell is None:
            return
        table = self.tables[-1]
        cell, table.cell = table.cell, None
        assert cell is not None
        blocks = self.containers.pop().blocks
        cell.text = cell_text(blocks)
        if any(isinstance(block, Grid) for block in blocks):
            cell.tables = blocks
        row = table.row
        row.column += cell.column_span
        if row.column > _MAX_COLUMNS:
            self.budget.take(row.column * _MAX_COLUMNS)
        if table.horizontal == "continue" and row.cells:
            row.cells[-1].column_span += cell.column_span
            return
        row.cells.append(cell)
        if table.vertical == "continue":
            row.continued.append(cell)

    def _end_row(self) -> None:
        if not self.tables:
            return
        table = self.tables[-1]
        row = table.row
        if row.deleted:
            return
        self.budget.take(row.column + 1)
        above = table.rows[-1] if table.rows else []
        spread: list[Cell | None] = [None] * row.column
        for cell in row.cells:
            owner = cell
            if cell in row.continued and cell.column < len(above):
                upper = above[cell.column]
                if upper is not None and (upper.column, upper.column_span) == (cell.column, cell.column_span):
                    owner = upper
                    owner.row_span += 1
            spread[cell.column : cell.end] = [owner] * cell.column_span
        table.rows.append(spread)

    def _end_table(self) -> None:
        if not self.tables:
            return
        table = self.tables.pop()
        width = max((len(row) for row in table.rows), default=0)
        self.budget.take(sum(width - len(row) for row in table.rows))
        for row in table.rows:
            row.extend([None] * (width - len(row)))
        if width:
            self.containers[-1].blocks.append(Grid(table.rows))
        if not self.tables:
            self._end_block()


def heading_levels(xml: bytes) -> dict[str, int]:
    """The styles of headings, by their identifiers: level from 1, 0 for the title.

    The outline level of a style counts, else its built-in name, else what the style is that it rests on.
    """
    levels: dict[str, int] = {}
    bases: dict[str, str] = {}
    for attributes, content in _elements(xml, _STYLE, _STYLE_END):
        name = _value(_STYLE_ID, attributes)
        own = _value(_STYLE_NAME, content).lower()
        outline = _value(_STYLE_OUTLINE, content)
        bases[name] = _value(_STYLE_BASE, content)
        if found := _HEADING_NAME.fullmatch(own):
            levels[name] = int(found[1])
        elif own == "title":
            levels[name] = 0
        elif outline.isdecimal() and int(outline) < _BODY_LEVEL:
            levels[name] = int(outline) + 1
    for name in bases:
        base = name
        for _ in range(_MOST_BASES):
            if base in levels or base not in bases:
                break
            base = bases[base]
        if base in levels:
            levels.setdefault(name, levels[base])
    return levels


def footnote_texts(xml: bytes) -> dict[str, str]:
    """The footnotes by their identifiers."""
    return {
        _value(_NOTE_ID, attributes): html.unescape(
            b"".join(text[1] for text in _NOTE_TEXT.finditer(content)).decode("utf-8", "replace")
        ).strip()
        for attributes, content in _elements(xml, _NOTE, _NOTE_END)
    }


def _elements(xml: bytes, start: re.Pattern[bytes], end: re.Pattern[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """The attributes and the content of elements that do not contain each other."""
    *pieces, _ = end.split(xml[:_LONGEST_PART])
    for piece in pieces:
        found = start.search(piece)
        if found:
            yield found[1], piece[found.end() : found.end() + _LONGEST_ELEMENT]


def _value(pattern: re.Pattern[bytes], content: bytes) -> str:
    found = pattern.search(content)
    return found[1].decode("utf-8", "replace") if found else ""


def _attribute(attributes: dict[str, str], name: str) -> str | None:
    return next((value for key, value in attributes.items() if key.rpartition(" ")[2] == name), None)


def _count(attributes: dict[str, str], default: int) -> int:
    """A number of columns; beyond _MAX_COLUMNS it is only known to be too large."""
    value = _integer(_attribute(attributes, "val"), 10)
    return default if value is None else min(max(value, 0), _MAX_COLUMNS + 1)


def _integer(text: str | None, base: int) -> int | None:
    try:
        return int((text or "")[:8], base)
    except ValueError:
        return None
