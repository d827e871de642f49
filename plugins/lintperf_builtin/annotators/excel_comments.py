"""The comments of one sheet: their texts, and the shapes in which Excel shows them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lintperf_builtin.annotators.excel_sheet import SheetCells, position
from lintperf_builtin.annotators.markup import Edits, Node, escape
from lintperf_builtin.annotators.notes import AUTHOR, Note
from lintperf_builtin.annotators.package import XML_HEAD, Package, root_of
from lintperf_builtin.importers.spreadsheet import damaged_workbook
from lintperf_builtin.reporters.layout import display_width

__all__ = ["Comments"]

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_COMMENTS = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_VML = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_NAMESPACES = {
    "v": "urn:schemas-microsoft-com:vml",
    "o": "urn:schemas-microsoft-com:office:office",
    "x": "urn:schemas-microsoft-com:office:excel",
}
_SHAPE_TYPE = (
    '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe"{declared}>'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_SHAPE = (
    '<v:shape id="_x0000_s{number}" type="#_x0000_t202" style="position:absolute;margin-left:60pt;margin-top:2pt;'
    'width:{width}pt;height:{height}pt;z-index:{order};visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto"'
    '{declared}><v:fill color2="#ffffe1"/><v:shadow color="black" obscured="t"/><v:path o:connecttype="none"/>'
    '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
    '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{anchor}</x:Anchor>'
    "<x:AutoFill>False</x:AutoFill>"
    "<x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
)
_ROOT = re.compile(rb"<xml\b[^>]*>")
_SHAPE_ID = re.compile(rb"_x0000_s([0-9]{1,9})\b")
# Shapes are numbered in blocks, one for each drawing.
_BLOCK = 1024
# In points, for text of 9 points; a Chinese character is as wide as high and takes two columns.
_WIDTH, _TALLEST, _LINE, _COLUMN = 260, 420, 13, 4.6


class Comments:
    """The comments of a sheet: those it has, and the ones to add. A cell has one comment; more text is joined to it."""

    def __init__(self, package: Package, sheet: str, cells: SheetCells) -> None:
        """`cells`: of the same sheet; they know its drawing, if it has one, and the widths of its columns."""
        self._package = package
        self._sheet = sheet
        self._cells = cells
        relations = package.relations(sheet)
        part = next((each.target for each in relations if each.kind == "comments"), None)
        self._part = part if part is not None and package.has(part) else None
        shapes = next((each.target for each in relations if each.id == cells.drawing), None)
        self._drawing = shapes if shapes is not None and package.has(shapes) else None
        self._edits: Edits | None = None
        self._authors: Node | None = None
        self._list: Node | None = None
        self._known: dict[str, Node] = {}
        self._author = 0
        if self._part is not None:
            self._read(self._part)
        self._texts: list[str] = []
        self._shapes: list[tuple[str, Sequence[Note]]] = []
        self._changed = False

    def _read(self, part: str) -> None:
        xml = self._package.read(part)
        root = root_of(xml)
        self._authors, self._list = root.child("authors"), root.child("commentList")
        if self._authors is None or self._list is None:
            raise damaged_workbook("comments without a list of authors")
        self._edits = Edits(xml)
        self._known = {node.attributes.get("ref", ""): node for node in self._list.children if node.local == "comment"}
        names = [node.text for node in self._authors.children]
        self._author = names.index(AUTHOR) if AUTHOR in names else len(names)

    def add(self, cell: str, notes: Sequence[Note]) -> None:
        """Write these notes on a cell."""
        self._changed = True
        known = self._known.get(cell)
        if known is not None and self._edits is not None:
            self._join(known, notes, self._edits)
            return
        p = self._prefix()
        self._texts.append(
            f'<{p}comment ref="{cell}" authorId="{self._author}"><{p}text>{_runs(notes, p)}</{p}text></{p}comment>'
        )
        self._shapes.append((cell, notes))

    def _prefix(self) -> str:
        return self._edits.prefix(self._list) if self._edits is not None and self._list is not None else ""

    def _join(self, comment: Node, notes: Sequence[Note], edits: Edits) -> None:
        """Puts the notes behind the text of a comment that is there."""
        p = edits.prefix(comment)
        text = comment.child("text")
        if text is None:
            edits.prepend(comment, f"<{p}text>{_runs(notes, p)}</{p}text>")
            return
        plain = text.child("t")
        if plain is not None:
            # Excel shows either the one text or the runs
            edits.insert(plain.start, f"<{p}r>")
            edits.insert(plain.end, f"</{p}r>")
        runs = f'<{p}r><{p}t xml:space="preserve">\n\n</{p}t></{p}r>{_runs(notes, p)}'
        aid = text.child("rPh", "phoneticPr")
        edits.insert(aid.start, runs) if aid is not None else edits.append(text, runs)

    def save(self) -> str | None:
        """Puts the comments into the package; returns the id of the relation to a drawing that is new."""
        if not self._changed:
            return None
        if self._edits is not None and self._part is not None and self._authors is not None and self._list is not None:
            if self._texts and self._author == len(self._authors.children):
                p = self._edits.prefix(self._authors)
                self._edits.append(self._authors, f"<{p}author>{AUTHOR}</{p}author>")
            self._edits.append(self._list, "".join(self._texts))
            self._package.write(self._part, self._edits.done())
        else:
            part = self._package.free_name("xl/comments{}.xml")
            text = (
                f'{XML_HEAD}<comments xmlns="{self._package.spreadsheet}"><authors><author>{AUTHOR}</author></authors>'
                f"<commentList>{''.join(self._texts)}</commentList></comments>"
            )
            self._package.write(part, text.encode())
            self._package.declare(part, _COMMENTS)
            self._package.relate(self._sheet, "comments", part)
        return self._draw() if self._shapes else None

    def _draw(self) -> str | None:
        if self._drawing is not None:
            xml = self._package.read(self._drawing)
            at = xml.rfind(b"</")
            if at < 0:
                raise damaged_workbook("a drawing of comments that has no end")
            numbers = [int(found) for found in _SHAPE_ID.findall(xml)]
            # this text is not always well-formed, so it is only searched
            root = _ROOT.search(xml)
            known = root[0] if root is not None else b""
            missing = "".join(
                f' xmlns:{prefix}="{name}"'
                for prefix, name in _NAMESPACES.items()
                if f"xmlns:{prefix}=".encode() not in known
            )
            kind = "" if b'"_x0000_t202"' in xml else _SHAPE_TYPE.format(declared=missing)
            text = kind + self._shape_texts(max(numbers, default=_BLOCK) + 1, missing)
            self._package.write(self._drawing, xml[:at] + text.encode() + xml[at:])
            return None
        part = self._package.free_name("xl/drawings/vmlDrawing{}.vml")
        block = int("".join(filter(str.isdecimal, part)))
        declared = "".join(f' xmlns:{prefix}="{name}"' for prefix, name in _NAMESPACES.items())
        text = (
            f'<xml{declared}><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="{block}"/></o:shapelayout>'
            f"{_SHAPE_TYPE.format(declared='')}{self._shape_texts(block * _BLOCK + 1, '')}</xml>"
        )
        self._package.write(part, text.encode())
        self._package.declare_suffix("vml", _VML)
        return self._package.relate(self._sheet, "vmlDrawing", part)

    def _shape_texts(self, first: int, declared: str) -> str:
        shapes = []
        for order, (cell, notes) in enumerate(self._shapes):
            row, column = position(cell)
            height = _height(notes)
            shapes.append(
                _SHAPE.format(
                    number=first + order,
                    order=order + 1,
                    width=_WIDTH,
                    height=height,
                    anchor=self._cells.anchor(cell, _WIDTH * 96 // 72, height * 96 // 72),
                    declared=declared,
                    row=row - 1,
                    column=column - 1,
                )
            )
        return "".join(shapes)


def _height(notes: Sequence[Note]) -> int:
    """Points that the notes need at the width of a comment, within reason: longer ones can be pulled open."""
    columns = int(_WIDTH / _COLUMN)
    lines = sum(1 + display_width(line) // columns for note in notes for line in (note.head, *note.lines, ""))
    return min(lines * _LINE, _TALLEST)


def _runs(notes: Sequence[Note], p: str) -> str:
    """The notes as runs of a comment's text, their heads bold, a blank line between them."""
    runs = []
    for number, note in enumerate(notes):
        head = ("\n\n" if number else "") + note.head
        body = "".join(f"\n{line}" for line in note.lines)
        for text, bold in ((head, f"<{p}b/>"), (body, "")):
            runs.append(
                f'<{p}r><{p}rPr>{bold}<{p}sz val="9"/><{p}color indexed="81"/><{p}rFont val="Tahoma"/>'
                f'<{p}family val="2"/></{p}rPr><{p}t xml:space="preserve">{escape(text)}</{p}t></{p}r>'
            )
    return "".join(runs)
