"""Web pages (.html, .htm): paragraphs and tables, with rowspan and colspan, in the encoding the page declares.

Rows that a page hides are read and said, as those of a workbook are; cells and pieces of text that it hides take no
place in the table, so they are said and not read.
"""

from __future__ import annotations

import codecs
import html
import re
from typing import TYPE_CHECKING

from lintperf.extension import UnreadableError
from lintperf.model import CellPlace, ParagraphPlace, Remark, Text
from lintperf_builtin.importers.grid import Block, Budget, Cell, Grid, Paragraph, Part, cell_text, clean
from lintperf_builtin.importers.package import kind_of, refuse_kind
from lintperf_builtin.readers.text import check_size, decode

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["read_html"]

_MAX_BYTES = 8 * 1024 * 1024
_MAX_NESTED = 50
_MAX_SPAN = 1000
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]+)", re.IGNORECASE)
# HTML's white space; a non-breaking space is text.
_SPACE = re.compile(r"[ \t\n\r\f]+")
# Where `<br>` stood, marked by a character that pages do not contain.
_BREAK = re.compile(r" ?\v ?")
# Blanks and tabs within <pre>, which are kept, stand for themselves as characters that pages do not contain either.
_KEPT = str.maketrans({" ": "\x1c", "\t": "\x1d", "\n": "\v", "\r": None})
_MARKS = str.maketrans("\v\x1c\x1d", "   ")
_UNMARKED = str.maketrans("\x1c\x1d", " \t")
# A tag with its attributes; possessive, so that no text makes it try twice.
_TAG = re.compile(r"""<(/?)([A-Za-z][^\s/>]*+)((?:[^>"']++|"[^"]*+"|'[^']*+')*+)>""")
_SPAN = re.compile(r"""(?<![\w-])(rowspan|colspan)\s*=\s*["']?\s*([0-9]{1,6})""", re.IGNORECASE)
# No character has a number as long as this.
_LONG_REFERENCE = re.compile(r"&#[0-9]{20,};?")
_DISPLAY_NONE = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_QUOTED = re.compile(r"""\"[^\"]*\"|'[^']*'""")
_HIDDEN = re.compile(r"(?:^|\s)hidden(?=[\s=/]|$)", re.IGNORECASE)
_ATTRIBUTE = r"""(?:^|\s){name}\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))"""
_INPUT = {name: re.compile(_ATTRIBUTE.format(name=name), re.IGNORECASE) for name in ("type", "value")}
_CHECKED = re.compile(r"(?:^|\s)checked(?=[\s=/]|$)", re.IGNORECASE)
# What a remark quotes of hidden text.
_QUOTED_LENGTH = 60
# Without content of their own, or too much of it to be told from a page's parts that a click opens.
_NEVER_HIDDEN = {
    "html", "body", "table", "thead", "tbody", "tfoot", "col", "colgroup", "br", "img", "hr", "input", "link", "meta",
}  # fmt: skip
_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_STRUCTURE = {"table", "tr", "td", "th", "thead", "tbody", "tfoot"}
# Their content is no markup.
_RAW = ("script", "style")
_SKIPPED = {"script", "style", "head", "template", "noscript", "svg", "xml"}
_BLOCKS = {
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "div", "dl", "dt", "fieldset",
    "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "legend", "li", "main", "nav",
    "ol", "option", "p", "pre", "section", "ul",
}  # fmt: skip


def read_html(content: bytes) -> list[Part]:
    """The paragraphs and tables of a web page, in order. Raises UnreadableError."""
    check_size(content, _MAX_BYTES)
    text = _decode(content)
    reader = _Reader()
    for kind, value, attributes in _tokens(text):
        if kind == "text":
            reader.text(value)
        elif kind == "start":
            reader.start(value, attributes)
        else:
            reader.end(value)
    return [Part(reader.finish(), reader.remarks())]


def _decode(content: bytes) -> str:
    kind = kind_of(content)
    if kind not in ("html", "other"):
        raise refuse_kind(kind)
    found = _CHARSET.search(content[:16384])
    if found and not content.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        name = found[1].decode("ascii").lower()
        # Pages that declare GB2312 use the characters of its successors, as browsers know.
        encoding = "gb18030" if name in ("gb2312", "gbk", "gb_2312-80", "x-gbk") else name
        try:
            # Only what pages are written in; a codec such as `idna` or `punycode` decodes anything to anything.
            if encoding in ("gb18030", "utf-8", "utf8", "big5"):
                return content.decode(encoding).replace("\x00", "\ufffd")
        except UnicodeDecodeError:
            pass  # pages do declare the wrong one: the content decides
    return decode(content)


def _tokens(text: str) -> Iterator[tuple[str, str, str]]:
    """The texts, start tags (with the text of their attributes) and end tags of a page.

    Not html.parser: its time grows with the square of a page that repeats an unfinished tag.
    """
    position = 0
    while (at := text.find("<", position)) >= 0:
        if at > position:
            yield "text", _unescape(text[position:at]), ""
        if text.startswith("<!--", at):
            end, after = text.find("-->", at + 4), 3
        elif text.startswith(("<!", "<?"), at):
            end, after = text.find(">", at), 1
        elif not _opens_tag(text, at):
            yield "text", "<", ""
            position = at + 1
            continue
        elif (tag := _TAG.match(text, at)) is not None:
            name = tag[2].lower()
            yield ("end" if tag[1] else "start"), name, tag[3]
            position = tag.end()
            if not tag[1] and name in _RAW:
                closing = re.compile(rf"</{name}\b", re.IGNORECASE).search(text, position)
                position = closing.start() if closing else len(text)
            continue
        else:
            end, after = text.find(">", at), 1  # a quote that is never closed
        if end < 0:
            return  # browsers drop what the end of the page cuts off
        position = end + after
    if position < len(text):
        yield "text", _unescape(text[position:]), ""


def _unescape(text: str) -> str:
    """The text with its character references resolved; html.unescape fails on numbers of thousands of digits."""
    return html.unescape(_LONG_REFERENCE.sub("\ufffd", text))


def _opens_tag(text: str, at: int) -> bool:
    after = text[at + 1 : at + 3].removeprefix("/")[:1]
    return after.isascii() and after.isalpha()


class _Container:
    """What collects text: the page or a cell."""

    __slots__ = ("blocks", "level", "pieces")

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.pieces: list[str] = []
        # of the heading that is open
        self.level: int | None = None

    def line_break(self) -> None:
        """Ends a paragraph."""
        text = clean(_BREAK.sub("\n", _SPACE.sub(" ", "".join(self.pieces))).translate(_UNMARKED))
        self.pieces.clear()
        if text:
            self.blocks.append(Paragraph(text, level=self.level))


class _Table:
    """A table being read, by the algorithm of the HTML standard: cells that span rows hold their columns below."""

    __slots__ = ("cell", "column", "hanging", "index", "rows", "width")

    def __init__(self, index: int) -> None:
        self.index = index
        self.rows: list[dict[int, Cell]] = []
        # column → the cell that reaches down into it, and for how many rows still
        self.hanging: dict[int, tuple[Cell, int]] = {}
        self.column = 0
        self.cell: Cell | None = None
        self.width = 0

    def start_row(self) -> None:
        """Opens a row that already holds what hangs into it."""
        row: dict[int, Cell] = {}
        for column, (cell, left) in list(self.hanging.items()):
            row[column] = cell
            if column == cell.column:
                cell.row_span += 1
            if left == 1:
                del self.hanging[column]
            else:
                self.hanging[column] = (cell, left - 1)
        self.rows.append(row)
        self.column = 0

    def add(self, row_span: int, column_span: int) -> Cell:
        """Opens a cell at the row's first free column; it ends where another cell is in its way."""
        row = self.rows[-1]
        while self.column in row:
            self.column += 1
        at = len(self.rows) - 1
        cell = Cell("", at, self.column, place=CellPlace(self.index, at, self.column))
        end = self.column + 1
        while end < self.column + column_span and end not in row:
            end += 1
        cell.column_span = end - self.column
        for column in range(self.column, end):
            row[column] = cell
            if row_span > 1:
                self.hanging[column] = (cell, row_span - 1)
        self.column = end
        self.width = max(self.width, end)
        self.cell = cell
        return cell


class _Reader:
    def __init__(self) -> None:
        self.budget = Budget()
        self.tables: list[_Table] = []
        self.tables_seen = 0
        self.containers = [_Container()]
        self.skipped: list[str] = []
        self.within_pre = False
        # the hidden element that is passed over, and its text; what was hidden within tables; rows that are hidden
        self.hidden: list[str] = []
        self.hidden_pieces: list[str] = []
        self.hidden_cells: list[Cell] = []
        self.hidden_texts: list[tuple[CellPlace | None, str]] = []
        self.hidden_rows: list[tuple[int, int]] = []
        self.grids: dict[int, Grid] = {}

    def remarks(self) -> list[Remark]:
        """What is hidden in the page's tables: rows, which are read, and texts, which are not."""
        remarks = []
        for index, number in self.hidden_rows:
            grid = self.grids.get(index)
            cells = [cell for cell in grid.own(number) if cell.text] if grid and number < len(grid.rows) else []
            if cells:
                where = Text(zh=f"表{index + 1} 第 {number + 1} 行", en=f"row {number + 1} of table {index + 1}")
                arguments = {"where": where, "text": cells[0].text[:_QUOTED_LENGTH]}
                remarks.append(Remark("unmapped-content", arguments, place=cells[0].place, variant="hidden"))
        if self.hidden_texts:
            place, text = self.hidden_texts[0]
            number = len(self.hidden_texts)
            where = Text(zh=f"网页表格中 {number} 处", en=f"{number} places in the page's tables")
            arguments = {"where": where, "text": text[:_QUOTED_LENGTH]}
            remarks.append(Remark("unmapped-content", arguments, place=place, variant="concealed"))
        return remarks

    def finish(self) -> list[Block]:
        """The blocks of the page; tables that it left open are closed."""
        while self.tables:
            self._end_table()
        self.containers[0].line_break()
        blocks = self.containers[0].blocks
        for number, paragraph in enumerate(block for block in blocks if isinstance(block, Paragraph)):
            paragraph.place = ParagraphPlace(number)
        return blocks

    def start(self, tag: str, attributes: str) -> None:
        """A start tag."""
        if self.skipped:
            if tag == self.skipped[-1]:
                self.skipped.append(tag)
            elif self.skipped == ["head"] and tag in ("body", "table", "div", "p"):
                self.skipped.clear()  # the head's end tag may be left out
            else:
                return
        if self.hidden and self._within_hidden(tag):
            return
        if tag in _SKIPPED and attributes.endswith("/"):
            return
        if _is_hidden(attributes) and tag not in _NEVER_HIDDEN and tag not in ("tr", "td", "th", *_SKIPPED):
            if not attributes.endswith("/"):
                self.hidden.append(tag)
            return
        if tag in _SKIPPED:
            if not self.skipped:
                self.skipped.append(tag)
        elif tag == "table":
            self._start_table()
        elif tag == "tr":
            self._start_row()
            if self.tables and _is_hidden(attributes):
                self.hidden_rows.append((self.tables[-1].index, len(self.tables[-1].rows) - 1))
        elif tag in ("td", "th"):
            self._start_cell(attributes)
        elif tag == "input" and self.tables:
            self.containers[-1].pieces.append(_input_text(attributes))
        elif tag == "br":
            self.containers[-1].pieces.append("\v")
        elif tag in _BLOCKS:
            self.containers[-1].line_break()
            self.containers[-1].level = _HEADINGS.get(tag)
            self.within_pre = tag == "pre"

    def end(self, tag: str) -> None:
        """An end tag."""
        if self.skipped:
            if tag == self.skipped[-1]:
                self.skipped.pop()
            return
        if self.hidden:
            if tag == self.hidden[-1]:
                self.hidden.pop()
                if not self.hidden:
                    self._end_hidden()
                return
            if tag not in _STRUCTURE:
                return
            self._end_hidden()
        if tag == "table":
            self._end_table()
        elif tag in ("td", "th", "tr", "thead", "tbody", "tfoot"):
            self._end_cell()
        elif tag in _BLOCKS:
            self.containers[-1].line_break()
            self.containers[-1].level = None
            self.within_pre = False

    def text(self, text: str) -> None:
        """Text between tags."""
        if self.hidden:
            if not self.skipped and self.tables:
                self.hidden_pieces.append(text)
            return
        # Between the cells of a table it is white space, or belongs before it; browsers move it there as well.
        if not self.skipped and (not self.tables or self.tables[-1].cell is not None or text.strip()):
            text = text.translate(_MARKS)
            self.containers[-1].pieces.append(text.translate(_KEPT) if self.within_pre else text)

    def _within_hidden(self, tag: str) -> bool:
        """Whether a tag belongs to the hidden element that is open. A table, a row or a cell ends it: whatever the page
        meant, tables are read."""
        if tag in _STRUCTURE or (self.hidden[-1] == "p" and tag in _BLOCKS):
            self._end_hidden()
            return False
        if tag == self.hidden[-1]:
            self.hidden.append(tag)
        if tag in _SKIPPED:
            self.skipped.append(tag)
        return True

    def _end_hidden(self) -> None:
        self.hidden.clear()
        self._say_hidden("".join(self.hidden_pieces), self.tables[-1].cell if self.tables else None)
        self.hidden_pieces.clear()

    def _say_hidden(self, text: str, cell: Cell | None) -> None:
        text = clean(_SPACE.sub(" ", text))
        if text:
            place = cell.place if cell is not None else None
            self.hidden_texts.append((place if isinstance(place, CellPlace) else None, text))

    def _start_table(self) -> None:
        if len(self.tables) >= _MAX_NESTED:
            raise UnreadableError(
                Text(zh="表格嵌套过深", en="tables are nested too deeply"),
                Text(zh="请拆开嵌套的表格", en="take the nested tables apart"),
            )
        self.containers[-1].line_break()
        self.tables.append(_Table(self.tables_seen))
        self.tables_seen += 1

    def _start_row(self) -> None:
        self._end_cell()
        if self.tables:
            table = self.tables[-1]
            table.start_row()
            self.budget.take(len(table.rows[-1]) + 1)

    def _start_cell(self, attributes: str) -> None:
        self._end_cell()
        if not self.tables:
            self.containers[-1].line_break()
            return
        table = self.tables[-1]
        if not table.rows:
            self._start_row()
        if _is_hidden(attributes):
            # it takes no place in its row
            at = len(table.rows) - 1
            table.cell = Cell("", at, table.column, place=CellPlace(table.index, at, table.column))
            self.hidden_cells.append(table.cell)
            self.containers.append(_Container())
            return
        # The first of two attributes of one name counts; zero means "to the end" of the table for rows.
        spans = {name.lower(): min(int(span) or _MAX_SPAN, _MAX_SPAN) for name, span in _SPAN.findall(attributes)[::-1]}
        cell = table.add(spans.get("rowspan", 1), spans.get("colspan", 1))
        self.budget.take(cell.column_span)
        self.containers.append(_Container())

    def _end_cell(self) -> None:
        self.within_pre = False
        if self.tables and (cell := self.tables[-1].cell) is not None:
            self.tables[-1].cell = None
            container = self.containers.pop()
            container.line_break()
            cell.text = cell_text(container.blocks)
            if self.hidden_cells and cell is self.hidden_cells[-1]:
                self.hidden_cells.pop()
                self._say_hidden(cell.text, cell)
                return
            if any(isinstance(block, Grid) for block in container.blocks):
                cell.tables = container.blocks

    def _end_table(self) -> None:
        self._end_cell()
        if not self.tables:
            return
        table = self.tables.pop()
        self.containers[-1].line_break()
        if table.width:
            self.budget.take(table.width * len(table.rows) - sum(map(len, table.rows)))
            rows = [[row.get(column) for column in range(table.width)] for row in table.rows]
            grid = self.grids[table.index] = Grid(rows)
            self.containers[-1].blocks.append(grid)


def _is_hidden(attributes: str) -> bool:
    """Whether a tag says that its element does not show."""
    if _DISPLAY_NONE.search(attributes):
        return True
    return "hidden" in attributes.lower() and _HIDDEN.search(_QUOTED.sub('""', attributes)) is not None


def _input_text(attributes: str) -> str:
    """What a field of a form on the page shows."""
    found = {name: pattern.search(attributes) for name, pattern in _INPUT.items()}
    kind, value = (html.unescape(next(filter(None, one.groups()), "")) if one else "" for one in found.values())
    kind = kind.lower()
    if kind in ("checkbox", "radio"):
        return "☑" if _CHECKED.search(_QUOTED.sub('""', attributes)) else "☐"
    return value if kind in ("", "text", "number", "date", "tel") else ""
