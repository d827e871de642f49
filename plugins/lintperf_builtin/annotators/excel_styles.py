"""Fills for cells with findings: each a copy of the cell's own style with another fill, so that its format stays."""

from __future__ import annotations

import re

from lintperf.model import Severity
from lintperf_builtin.annotators.markup import Edits, Node
from lintperf_builtin.annotators.package import XML_HEAD, Package, root_of

__all__ = ["CORRECTED", "FILLS", "HEAD", "Styles"]

# Light enough for black text, in the tones of Excel's own bad, neutral and good.
FILLS = {Severity.error: "FFFFC7CE", Severity.warning: "FFFFEB9C", Severity.note: "FFDDEBF7"}
CORRECTED = "FFC6EFCE"
HEAD = "FFD9D9D9"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_STYLES = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
_MINIMAL = (
    f'<styleSheet xmlns="{_MAIN}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs></styleSheet>'
)
_REPLACED = re.compile(rb"""\s(?:fillId|applyFill)\s*=\s*("[^"]*"|'[^']*')""")


class Styles:
    """The styles of a workbook and those added. A style sheet without fills or cell styles is left alone."""

    def __init__(self, package: Package, book: str) -> None:
        self._package = package
        self._part = next((each.target for each in package.relations(book) if each.kind == "styles"), "")
        if not self._part or not package.has(self._part):
            self._part = "xl/styles.xml"
            if package.has(self._part):
                self._part = package.free_name("xl/styles{}.xml")
            package.write(self._part, (XML_HEAD + _MINIMAL).encode())
            package.declare(self._part, _STYLES)
            package.relate(book, "styles", self._part)
        self._xml = package.read(self._part)
        self._edits = Edits(self._xml)
        root = root_of(self._xml)
        self._fills, self._cells = root.child("fills"), root.child("cellXfs")
        self._own = self._cells.children if self._cells is not None else []
        self._new_fills: dict[str, int] = {}
        self._new_cells: dict[tuple[int, str, bool], int] = {}

    def filled(self, style: int, color: str, wraps: bool = False) -> int | None:
        """The number of the style that is as `style` with a fill; None where there can be none.

        color  ARGB as hexadecimal digits; "" leaves the fill as it is
        wraps  also set the text at the top and in several lines: for cells of our own
        """
        if self._fills is None or self._cells is None or not self._own:
            return None
        base = style if style < len(self._own) else 0
        key = base, color, wraps
        if key not in self._new_cells:
            self._new_cells[key] = len(self._own) + len(self._new_cells)
            self._edits.append(self._cells, self._copy(self._own[base], color, wraps))
        return self._new_cells[key]

    def _fill(self, fills: Node, color: str) -> int:
        if color not in self._new_fills:
            self._new_fills[color] = len(fills.children) + len(self._new_fills)
            p = self._edits.prefix(fills)
            self._edits.append(
                fills,
                f'<{p}fill><{p}patternFill patternType="solid"><{p}fgColor rgb="{color}"/><{p}bgColor indexed="64"/>'
                f"</{p}patternFill></{p}fill>",
            )
        return self._new_fills[color]

    def _copy(self, xf: Node, color: str, wraps: bool) -> bytes:
        """The element of a cell style as it is written, with another fill."""
        start = self._xml[xf.start : xf.inner]
        if color and self._fills is not None:
            name = len(self._edits.tag_name(xf).encode()) + 1
            start = _REPLACED.sub(b"", start)
            fill = self._fill(self._fills, color)
            start = start[:name] + f' fillId="{fill}" applyFill="1"'.encode() + start[name:]
        if not wraps:
            return start + self._xml[xf.inner : xf.end]
        p = self._edits.prefix(xf)
        start = start.removesuffix(b"/>") if xf.is_empty_tag else start.removesuffix(b">")
        start = re.sub(rb"""\sapplyAlignment\s*=\s*("[^"]*"|'[^']*')""", b"", start)
        end = f' applyAlignment="1"><{p}alignment vertical="top" wrapText="1"/></{self._edits.tag_name(xf)}>'
        return start + end.encode()

    def save(self) -> None:
        """Puts the style sheet into the package; without new styles nothing is changed."""
        if not self._new_cells or self._fills is None or self._cells is None:
            return
        for node, more in ((self._fills, self._new_fills), (self._cells, self._new_cells)):
            self._edits.attribute(node, "count", str(len(node.children) + len(more)))
        self._package.write(self._part, self._edits.done())
