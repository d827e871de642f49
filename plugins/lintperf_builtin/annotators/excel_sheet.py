"""The cells of one sheet that are to be changed: their styles, their values, and the drawing of comments."""

from __future__ import annotations

import re
from bisect import bisect_right

from lintperf_builtin.annotators.markup import DEEP, SHALLOW, Edits, Node, escape, scan
from lintperf_builtin.importers.spreadsheet import damaged_workbook

__all__ = ["SheetCells", "position"]

_CELL = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")
_LENGTH = re.compile(r"[0-9]{1,4}(?:\.[0-9]*)?")
_TRUE = ("1", "true")
# In pixels, where the sheet says nothing; and between a cell and its comment.
_COLUMN_WIDTH, _ROW_HEIGHT, _GAP = 64, 20, 12
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
# What stands before the drawing of comments in a sheet, by the order of its schema.
_BEFORE_DRAWING = {
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr", "sheetProtection",
    "protectedRanges", "scenarios", "autoFilter", "sortState", "dataConsolidate", "customSheetViews", "mergeCells",
    "phoneticPr", "conditionalFormatting", "dataValidations", "hyperlinks", "printOptions", "pageMargins", "pageSetup",
    "headerFooter", "rowBreaks", "colBreaks", "customProperties", "cellWatches", "ignoredErrors", "smartTags",
    "drawing",
}  # fmt: skip
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships"


def position(cell: str) -> tuple[int, int]:
    """Row and column of `G12`, from 1; (0, 0) for what names no cell."""
    found = _CELL.fullmatch(cell)
    if found is None:
        return 0, 0
    column = 0
    for letter in found[1].upper():
        column = column * 26 + ord(letter) - 64
    return int(found[2]), column


class SheetCells:
    """Changes to some cells of a sheet. Cells and rows that its part lacks are made where they belong."""

    def __init__(self, xml: bytes, wanted: set[str]) -> None:
        """`wanted`: the cells that will be asked for. Raises UnreadableError."""
        self._edits = Edits(xml)
        self._wanted = {position(cell): cell for cell in wanted}
        self._rows: dict[int, Node] = {}
        self._row_starts: list[tuple[int, int]] = []
        self._cells: dict[str, Node] = {}
        self._top: list[Node] = []
        self._columns: list[Node] = []
        self._heights: dict[int, int] = {}
        self._read(xml)
        self._styles: dict[str, int] = {}
        # kind of value and the element that holds it, for cells that get a new one
        self._values: dict[str, tuple[str, str]] = {}
        self._drawing: str | None = None

    def _read(self, xml: bytes) -> None:
        rows = {row for row, _ in self._wanted}
        number = 0
        numbers: dict[int, int] = {}

        def watch(name: str, attributes: dict[str, str], offset: int, depth: int) -> int:
            nonlocal number
            local = name.rpartition(" ")[2]
            if depth <= 1:
                return DEEP if local == "cols" else SHALLOW
            if depth == 2 and local == "row":
                given = attributes.get("r", "")
                number = int(given) if given.isdecimal() else number + 1
                self._row_starts.append((number, offset))
                if "ht" in attributes or "hidden" in attributes:
                    self._heights[number] = (
                        0 if attributes.get("hidden") in _TRUE else _pixels(attributes.get("ht"), 96, 72)
                    )
                if number in rows:
                    numbers[offset] = number
                    return DEEP
            return 0

        kept = scan(xml, watch)
        self._root = kept[0]
        if self._root.local != "worksheet":
            raise damaged_workbook("a sheet that is none")
        for node in kept[1:]:
            if node.start in numbers:
                self._take_row(numbers[node.start], node)
            else:
                self._top.append(node)
                if node.local == "cols":
                    self._columns = node.children

    def _take_row(self, number: int, row: Node) -> None:
        self._rows.setdefault(number, row)
        column = 0
        for cell in row.children:
            if cell.local != "c":
                continue
            at = position(cell.attributes.get("r", ""))
            column = at[1] if at[1] else column + 1
            name = self._wanted.get((at[0] or number, column))
            if name is not None:
                self._cells.setdefault(name, cell)

    @property
    def drawing(self) -> str | None:
        """The id of the relation to the drawing of comments that the sheet has already."""
        node = next((node for node in self._top if node.local == "legacyDrawing"), None)
        return node.attribute("id") if node is not None else None

    def cell(self, name: str) -> Node | None:
        """The element of a cell, None where the part has none."""
        return self._cells.get(name)

    def style(self, name: str) -> int:
        """The number of a cell's style: its own, else that of its row or column."""
        row, column = position(name)
        cell = self._cells.get(name)
        if cell is not None:
            return _number(cell.attributes.get("s"))
        node = self._rows.get(row)
        if node is not None and node.attributes.get("customFormat") in _TRUE:
            return _number(node.attributes.get("s"))
        for each in self._columns:
            if _number(each.attributes.get("min")) <= column <= _number(each.attributes.get("max")):
                return _number(each.attributes.get("style"))
        return 0

    def anchor(self, name: str, width: int, height: int) -> str:
        """Where a comment of so many pixels stands beside its cell: column, pixels, row, pixels of both its corners."""
        row, column = position(name)
        form = next((node.attributes for node in self._top if node.local == "sheetFormatPr"), {})
        column_width = _pixels(form.get("defaultColWidth"), 7, 1) or _COLUMN_WIDTH
        row_height = _pixels(form.get("defaultRowHeight"), 96, 72) or _ROW_HEIGHT
        right, below = column + 1, row
        width, height = width + _GAP, height + _GAP
        while (size := self._width(right, column_width)) < width and right < _LAST_COLUMN:
            width, right = width - size, right + 1
        while (size := self._heights.get(below, row_height)) < height and below < _LAST_ROW:
            height, below = height - size, below + 1
        return f"{column}, {_GAP}, {row - 1}, {_GAP}, {right - 1}, {width}, {below - 1}, {height}"

    def _width(self, column: int, default: int) -> int:
        for each in self._columns:
            if _number(each.attributes.get("min")) <= column <= _number(each.attributes.get("max")):
                if each.attributes.get("hidden") in _TRUE:
                    return 0
                return _pixels(each.attributes.get("width"), 7, 1) or default
        return default

    def set_style(self, name: str, style: int) -> None:
        """Give a cell another style."""
        self._styles[name] = style

    def set_number(self, name: str, number: str) -> None:
        """Put a number into a cell in the place of what it holds."""
        self._values[name] = "n", f"<{{p}}v>{escape(number)}</{{p}}v>"

    def set_text(self, name: str, text: str) -> None:
        """Put a text into a cell in the place of what it holds."""
        shown = escape(text).replace("{", "{{").replace("}", "}}")
        self._values[name] = "inlineStr", f'<{{p}}is><{{p}}t xml:space="preserve">{shown}</{{p}}t></{{p}}is>'

    def set_drawing(self, relation: str) -> None:
        """Let the sheet show the drawing with this relation's id, in which the comments' shapes are."""
        self._drawing = relation

    def done(self) -> bytes:
        """The part with all changes made."""
        missing: dict[int, list[str]] = {}
        for place, name in sorted(self._wanted.items()):
            if name not in self._styles and name not in self._values:
                continue
            if name in self._cells:
                self._change(name, self._cells[name])
            else:
                missing.setdefault(place[0], []).append(name)
        for row, names in sorted(missing.items()):
            self._add(row, names)
        if self._drawing is not None and self.drawing is None:
            before = [node for node in self._top if node.local in _BEFORE_DRAWING]
            namespace = _STRICT if "purl.oclc.org" in self._root.namespace else _RELATIONS
            prefix = self._edits.prefix(self._root)
            text = f'<{prefix}legacyDrawing xmlns:r="{namespace}" r:id="{escape(self._drawing)}"/>'
            self._edits.insert(before[-1].end, text) if before else self._edits.prepend(self._root, text)
        return self._edits.done()

    def _change(self, name: str, cell: Node) -> None:
        if name in self._styles:
            self._edits.attribute(cell, "s", str(self._styles[name]))
        if name not in self._values:
            return
        kind, value = self._values[name]
        value = value.format(p=self._edits.prefix(cell))
        if cell.attributes.get("t", "n") != kind:
            self._edits.attribute(cell, "t", kind)
        held = [child for child in cell.children if child.local in ("v", "is")]
        if held:
            self._edits.replace(held[0].start, held[-1].end, value)
        else:
            self._edits.prepend(cell, value)

    def _add(self, row: int, names: list[str]) -> None:
        prefix = self._edits.prefix(self._root)
        cells = {name: self._new_cell(name, prefix) for name in names}
        known = self._rows.get(row)
        if known is not None:
            self._into_row(known, cells)
            return
        text = f'<{prefix}row r="{row}">{"".join(cells.values())}</{prefix}row>'
        after = bisect_right([number for number, _ in self._row_starts], row)
        if after < len(self._row_starts):
            self._edits.insert(self._row_starts[after][1], text)
        else:
            data = next((node for node in self._top if node.local == "sheetData"), None)
            if data is not None:
                self._edits.append(data, text)

    def _into_row(self, node: Node, cells: dict[str, str]) -> None:
        column = 0
        behind: list[tuple[int, int]] = []
        for cell in node.children:
            if cell.local == "c":
                at = position(cell.attributes.get("r", ""))
                column = at[1] if at[1] else column + 1
                behind.append((column, cell.start))
        for name, text in cells.items():
            after = next((start for other, start in behind if other > position(name)[1]), None)
            if after is not None:
                self._edits.insert(after, text)
            else:
                self._edits.append(node, text)

    def _new_cell(self, name: str, prefix: str) -> str:
        kind, value = self._values.get(name, ("n", ""))
        style = f' s="{self._styles[name]}"' if name in self._styles else ""
        start = f'<{prefix}c r="{name}"{style}' + (f' t="{kind}"' if kind != "n" else "")
        return f"{start}>{value.format(p=prefix)}</{prefix}c>" if value else f"{start}/>"


def _pixels(text: str | None, numerator: int, denominator: int) -> int:
    """A length in characters or points as pixels; 0 for what is none."""
    found = _LENGTH.match(text or "")
    return int(found[0].partition(".")[0]) * numerator // denominator if found is not None else 0


def _number(text: str | None) -> int:
    return int(text) if text is not None and text.isdecimal() else 0
