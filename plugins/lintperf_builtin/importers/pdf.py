"""PDF files: ruled tables and the text between them, pages joined.

A PDF knows glyphs and strokes, no tables: what is read is a reconstruction, so that no layout is recognised with high
confidence, and cells that had to be pieced together are marked `unsure`.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING

from lintperf.extension import UnreadableError
from lintperf.model import PagePlace, ParagraphPlace, Remark, Text
from lintperf_builtin.importers.grid import Budget, Cell, Grid, Paragraph, Part, cell_text
from lintperf_builtin.importers.pdf_columns import aligned_tables
from lintperf_builtin.importers.pdf_joins import join_tables
from lintperf_builtin.importers.pdf_pages import read_pages
from lintperf_builtin.importers.pdf_tables import Table, fill, holds, ruled_tables
from lintperf_builtin.importers.pdf_text import PADDING, Line, join_lines, lines_of, padding

if TYPE_CHECKING:
    from lintperf_builtin.importers.grid import Block
    from lintperf_builtin.importers.pdf_pages import Glyph, Page
    from lintperf_builtin.importers.pdf_tables import Piece

__all__ = ["read_pdf"]

# A picture that covers this share of a page is the page: a scan.
_SCAN = 0.4
# A page with fewer glyphs and more curved shapes than this has its text as outlines.
_FEW_GLYPHS = 20
_MANY_SHAPES = 200
# The share of glyphs without a known character from which a page counts as unreadable.
_UNMAPPED = 0.3

# The strips at the top and bottom of a page where running headers, footers and page numbers stand.
_MARGIN = 0.15
_EDGE_LINES = 2
# Running headers are no larger than the text; titles, which may stand at one place on many pages as well, are.
_LARGER = 1.15
_ON_MOST = 0.6
# Lines of a title and its table are no further from each other than this, in sizes of the text; headers are.
_BLOCK = 2.0
_PAGE_NUMBER = re.compile(
    r"[\s\-–—－―_·•~～|]*(?:(?:第|共|page|p\.)?\s*[0-9０-９]{1,4}\s*(?:页|/|of|[,，、;；]|(?=$|[\s\-–—－―_·•~～|第共])))"
    r"(?:\s*(?:第|共)?\s*[0-9０-９]{1,4}\s*页?)?[\s\-–—－―_·•~～|]*",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"[0-9０-９]+")
# What stands above the second part of a table that goes on over a page.
_CONTINUED = re.compile(r"[（(\[【]?(?:接上页|接上表|续上表|续上页|续表|续)[0-9一二三四五六七八九十]*[)）\]】]?")

_SCANNED = Text(
    zh="第 {pages} 页是扫描图片，没有可读取的文字", en="page {pages}: a scanned picture without text that could be read"
)
_OUTLINES = Text(
    zh="第 {pages} 页的文字已转为曲线或没有字符编码，无法读取",
    en="page {pages}: the text is drawn as outlines or without character codes and cannot be read",
)
_ORIGINAL = Text(
    zh="请提供 Word 或 Excel 原件，或先用文字识别（OCR）软件转换",
    en="use the Word or Excel original, or run text recognition (OCR) first",
)
_NOTHING = Text(zh="PDF 中没有文字", en="the PDF holds no text")


@dataclass(slots=True)
class _Layout:
    """A page as lines of text and tables, and how its text was read."""

    page: Page
    lines: list[Line]
    tables: list[Table] = field(default_factory=list)

    def items(self) -> list[Line | Table]:
        """Lines and tables from top to bottom."""
        found: list[tuple[float, Line | Table]] = [(line.top, line) for line in self.lines]
        found += [(table.ys[0], table) for table in self.tables]
        return [item for _, item in sorted(found, key=lambda pair: pair[0])]


def read_pdf(content: bytes) -> tuple[list[Part], list[Remark]]:
    """The paragraphs and tables of a PDF as one part, in order, and what is to be said of pages without text.

    Raises UnreadableError: damaged, protected by a password, beyond the limits, or nothing but scanned pages.
    """
    pages = read_pages(content)
    remarks = _unreadable_pages(pages)
    budget = Budget()
    layouts = [_layout(page, budget) for page in pages]
    _drop_running_lines(layouts)
    return [Part(_blocks(layouts))], remarks


def _unreadable_pages(pages: list[Page]) -> list[Remark]:
    """Remarks on pages whose text cannot be read. Raises UnreadableError when no page has any."""
    scans, outlines, readable = [], [], []
    for page in pages:
        glyphs = sum(1 for glyph in page.glyphs if not glyph.text.isspace())
        if glyphs and page.unmapped > _UNMAPPED * glyphs:
            outlines.append(page)
            page.glyphs, page.level, page.upright = [], [], []
        elif glyphs < _FEW_GLYPHS and page.pictures >= _SCAN:
            scans.append(page)
        elif glyphs < _FEW_GLYPHS and page.shapes >= _MANY_SHAPES:
            outlines.append(page)
        elif glyphs:
            readable.append(page)
    problems = [_on_pages(text, found) for text, found in ((_SCANNED, scans), (_OUTLINES, outlines)) if found]
    if not readable:
        if not problems:
            raise UnreadableError(_NOTHING, _ORIGINAL)
        raise UnreadableError(problems[0], _ORIGINAL)
    return [
        Remark(
            "unrecognised-table",
            {"reason": Text(zh=f"{problem.zh}；{_ORIGINAL.zh}", en=f"{problem.en}; {_ORIGINAL.en}")},
        )
        for problem in problems
    ]


def _on_pages(text: Text, pages: list[Page]) -> Text:
    """The text with the page numbers, stretches of pages as 3–7."""
    runs: list[list[int]] = []
    for page in pages:
        if runs and runs[-1][-1] == page.index:
            runs[-1][-1] += 1
        else:
            runs.append([page.index + 1, page.index + 1])
    shown = [str(start) if start == end else f"{start}–{end}" for start, end in runs]
    return Text(zh=text.zh.format(pages="、".join(shown)), en=text.en.format(pages=", ".join(shown)))


def _layout(page: Page, budget: Budget) -> _Layout:
    """The tables of a page, inner ones in the cells that hold them, and the lines around them."""
    found = ruled_tables(page, budget)
    for table, glyphs in found:
        fill(table, glyphs)
    tables = [table for number, (table, _) in enumerate(found) if not _into_holder(table, found[number + 1 :])]
    lines = lines_of(page.glyphs)
    if not tables:
        tables, lines = aligned_tables(page.index, lines, budget)
    if page.pictures >= _SCAN:
        # Text over a picture of the page comes from text recognition.
        for table in tables:
            for piece in table.pieces:
                piece.unsure = True
    return _Layout(page, lines, tables)


def _into_holder(table: Table, larger: list[tuple[Table, list[Glyph]]]) -> bool:
    """Puts a table into the cell that surrounds it; whether there is one."""
    for other, _ in larger:
        for piece in other.pieces:
            if holds(piece.box, table.box):
                piece.inner.append(table)
                return True
    return False


def _drop_running_lines(layouts: list[_Layout]) -> None:
    """Drops page numbers, and headers and footers that repeat: all but the first."""
    sizes = [line.size for layout in layouts for line in layout.lines]
    sizes += [line.size for layout in layouts for table in layout.tables for p in table.pieces for line in p.lines]
    usual = median(sizes) if sizes else 0.0
    counts: Counter[tuple[str, int, int]] = Counter()
    edges = [_edge_lines(layout) for layout in layouts]
    for lines in edges:
        counts.update({_stamp(line) for line in lines})
    seen: dict[tuple[str, int, int], _Layout] = {}
    for layout, lines in zip(layouts, edges, strict=True):
        for line in lines:
            stamp = _stamp(line)
            repeats = counts[stamp] > 1 and counts[stamp] >= _ON_MOST * len(layouts) and line.size <= _LARGER * usual
            first = seen.setdefault(stamp, layout)
            if _PAGE_NUMBER.fullmatch(line.text().strip()) or (
                repeats and first is not layout and not _begin_alike(first, layout, line)
            ):
                layout.lines.remove(line)


def _begin_alike(first: _Layout, layout: _Layout, line: Line) -> bool:
    """Whether a line heads a form on two pages, as its title: forms of one office often have the same.

    Then it stands close above a table, as many lines above it as on the first page, and both tables begin alike.
    """
    if not (first.tables and layout.tables):
        return False
    tables = [min(one.tables, key=lambda table: table.ys[0]) for one in (first, layout)]
    above = [
        [one for one in page.lines if one.top < table.ys[0]]
        for page, table in zip((first, layout), tables, strict=True)
    ]
    if len(above[0]) != len(above[1]) or line not in above[1]:
        return False
    tops = [one.top for one in above[1]] + [tables[1].ys[0]]
    lines = above[1][above[1].index(line) :]
    if any(top - one.bottom > _BLOCK * line.size for one, top in zip(lines, tops[-len(lines) :], strict=True)):
        return False
    corners = ["".join(_plain(one) for one in table.pieces[0].lines) for table in tables]
    return corners[0] == corners[1] != ""


def _edge_lines(layout: _Layout) -> list[Line]:
    """The first and last lines of a page that stand in its margins, outside of tables."""
    height = layout.page.height
    first = min((table.ys[0] for table in layout.tables), default=height)
    last = max((table.ys[-1] for table in layout.tables), default=0.0)
    above = [line for line in layout.lines if line.bottom < _MARGIN * height and line.bottom <= first]
    below = [line for line in layout.lines if line.top > (1 - _MARGIN) * height and line.top >= last]
    return above[:_EDGE_LINES] + below[-_EDGE_LINES:]


def _stamp(line: Line) -> tuple[str, int, int]:
    """What a running line has in common on all pages: its text but for numbers, and where it stands."""
    return _DIGITS.sub("0", line.text().strip()), round(line.top / 4), round(line.size)


def _blocks(layouts: list[_Layout]) -> list[Block]:
    """The blocks of the file in order, tables over several pages joined."""
    joiner = _Joiner()
    for layout in layouts:
        joiner.page(layout)
    blocks: list[Block] = []
    tables = paragraphs = 0
    for item, (left, right), page in joiner.items:
        if isinstance(item, Table):
            blocks.append(_grid(item, tables))
            tables += 1
        elif item:
            for text in join_lines(item, left, right, tabs=True).split("\n"):
                blocks.append(Paragraph(text, ParagraphPlace(paragraphs, page=page)))
                paragraphs += 1
    return blocks


class _Joiner:
    """Puts the pages' lines and tables in order and joins tables that go on over a page.

    items    tables and stretches of lines, each with the edges of the text of its page and the page's index
    open     the table that ends its page, so that the next page may go on with it
    caption  the lines above it on its first page, without white space
    """

    def __init__(self) -> None:
        self.items: list[tuple[Table | list[Line], tuple[float, float], int]] = []
        self.open: Table | None = None
        self.caption: list[str] = []

    def page(self, layout: _Layout) -> None:
        """Adds a page."""
        area = _text_area(layout)
        items = layout.items()
        while items and isinstance(items[0], Line) and _CONTINUED.fullmatch(items[0].text().strip()):
            items = items[1:]
        items = self._joined(items)
        lines: list[Line] = []
        for item in items:
            if isinstance(item, Table) and (len(item.pieces) > 1 or item.pieces[0].inner):
                self.caption = [_plain(line) for line in lines]
                self.items += [(lines, area, layout.page.index), (item, area, layout.page.index)]
                self.open, lines = item, []
                continue
            self.open = None
            # A cell alone is a frame around text.
            lines += item.pieces[0].lines if isinstance(item, Table) else [item]
        self.items.append((lines, area, layout.page.index))

    def _joined(self, items: list[Line | Table]) -> list[Line | Table]:
        """What is left of a page after its first table went to the one before it, if that is where it belongs.

        Lines above it that are those above the whole table are print titles, if the header repeats as well.
        """
        first = next((number for number, item in enumerate(items) if isinstance(item, Table)), None)
        if self.open is None or first is None:
            return items
        part = items[first]
        assert isinstance(part, Table)
        above = [_plain(item) for item in items[:first] if isinstance(item, Line)]
        if above and above != self.caption:
            return items
        return items[first + 1 :] if join_tables(self.open, part, only_repeating=bool(above)) else items


def _plain(line: Line) -> str:
    return "".join(line.text().split())


def _text_area(layout: _Layout) -> tuple[float, float]:
    """Between which edges the text of a page runs, taken as the edges of a cell."""
    left = [line.left for line in layout.lines] + [table.xs[0] for table in layout.tables]
    right = [line.right for line in layout.lines] + [table.xs[-1] for table in layout.tables]
    return min(left, default=0.0) - PADDING, max(right, default=layout.page.width) + PADDING


def _grid(table: Table, index: int) -> Grid:
    """The table as a grid of cells with their places."""
    rows: list[list[Cell | None]] = [[None] * (len(table.xs) - 1) for _ in range(table.height)]
    distance = padding((one.lines, one.box[0], one.box[2]) for one in table.pieces)
    for piece in table.pieces:
        cell = _cell(piece, index, distance)
        for row in rows[piece.row : piece.end_row]:
            row[piece.column : piece.column + piece.column_span] = [cell] * piece.column_span
    return Grid(rows)


def _cell(piece: Piece, index: int, distance: float) -> Cell:
    pieces = [piece, *piece.more]
    runs: list[list[Line]] = [[]]
    for one in pieces:
        if one.breaks:
            runs.append([])
        runs[-1] += one.lines
    text = "\n".join(join_lines(run, piece.box[0], piece.box[2], distance) for run in runs if run)
    shown = next((one for one in pieces if one.lines), piece)
    left, top, right, bottom = (round(edge) for edge in shown.box)
    place = PagePlace(shown.page, (left, top, right, bottom), index, piece.row, piece.column)
    cell = Cell(text, piece.row, piece.column, piece.row_span, piece.column_span, place, unsure=piece.unsure)
    if piece.inner:
        # Tables in a cell stand after its text: what matters is that nothing of them is lost.
        cell.tables = [Paragraph(text), *(_grid(inner, index) for inner in piece.inner)]
        cell.text = cell_text(cell.tables)
    return cell
