"""Printed forms as a workbook (SpreadsheetML, ECMA-376 transitional), a sheet each, without formulas.

A number is a number where a double and a number format show exactly its decimals, otherwise text. Written by hand:
openpyxl states times in the properties, and nothing of its weight is needed.
"""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from lintperf_builtin.renderers.archive import (
    CONTENT_TYPES,
    RELATIONSHIPS,
    content_types,
    escape,
    package,
    quoteattr,
    relationships,
)
from lintperf_builtin.renderers.printed import Box, Printed, Row, shown, starts

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["draw"]

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_TEXT_FORMAT = 49  # `@`: what is typed into the cell later on stays text as well
_FIRST_FORMAT = 164  # the first number of a format of one's own
_DIGITS = 15  # that a double keeps
_MOST_CHARACTERS = 32_767  # of a cell, in units of UTF-16
_TALLEST = 409.0  # points of a row
_LINE, _PADDING = 13.5, 6.0
# tenths of a millimetre: a wide character of 10 points, and what a cell keeps free at its edges
_WIDE, _FREE = 36, 14
_RATE = re.compile(r"-?(?:0|[1-9][0-9]{0,11})(?:\.[0-9]{1,11})?%")
# Where a text that goes on below is cut: behind a sentence that ends its line, else before any character but a blank.
_SENTENCE_ENDS = re.compile(r"(?<=[。；;.!！？?：:”）)>])\n(?=\S)")
_INSIDE = re.compile(r"(?<=[^\s。；;.!！？?：:”）)>])(?=\S)")
_ESCAPES = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_LONGEST_NAME = 31


def draw(forms: Sequence[Printed]) -> bytes:
    """The bytes of an .xlsx file with these forms."""
    styles = _Styles()
    names = _names(form.name for form in forms)
    sheets, titles = [], []
    for at, (form, name) in enumerate(zip(forms, names, strict=True)):
        xml, header = _sheet(form, styles, first=at == 0)
        sheets.append(xml)
        if header:
            quoted = escape(name.replace("'", "''"))
            titles.append(
                f'<definedName name="_xlnm.Print_Titles" localSheetId="{at}">'
                f"'{quoted}'!${header}:${header}</definedName>"
            )
    paths = [f"xl/worksheets/sheet{at}.xml" for at in range(1, len(sheets) + 1)]
    targets = {f"rId{at}": ("worksheet", path.removeprefix("xl/")) for at, path in enumerate(paths, 1)}
    targets[f"rId{len(paths) + 1}"] = ("styles", "styles.xml")
    kinds = {"xl/workbook.xml": f"{_KIND}.sheet.main+xml", "xl/styles.xml": f"{_KIND}.styles+xml"}
    kinds |= dict.fromkeys(paths, f"{_KIND}.worksheet+xml")
    listed = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{at}" r:id="rId{at}"/>' for at, name in enumerate(names, 1)
    )
    defined = f"<definedNames>{''.join(titles)}</definedNames>" if titles else ""
    return package({
        CONTENT_TYPES: content_types(kinds),
        "_rels/.rels": relationships({"rId1": ("officeDocument", "xl/workbook.xml")}),
        "xl/_rels/workbook.xml.rels": relationships(targets),
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{RELATIONSHIPS}"><bookViews><workbookView/></bookViews>'
        f"<sheets>{listed}</sheets>{defined}</workbook>",
        "xl/styles.xml": styles.xml(),
        **dict(zip(paths, sheets, strict=True)),
    })  # fmt: skip


def _names(wanted: Iterable[str]) -> list[str]:
    """Names of sheets: at most 31 units of UTF-16, none of the characters that Excel refuses, no two alike."""
    names: list[str] = []
    for name in wanted:
        base = _NOT_IN_NAMES.sub("", name).strip("' \n") or "自评表"
        if base.lower() == "history":
            base = f"{base}1"
        chosen, number = _cut(base, _LONGEST_NAME), 1
        while chosen.lower() in (known.lower() for known in names):
            number += 1
            chosen = _cut(base, _LONGEST_NAME - len(f" ({number})")) + f" ({number})"
        names.append(chosen)
    return names


def _units(text: str) -> int:
    return len(text) + sum(character > "\uffff" for character in text)


def _cut(name: str, most: int) -> str:
    while _units(name) > most:
        name = name[:-1]
    return name.strip("' ")


@dataclass(slots=True)
class _Styles:
    """The cell formats in use: (look, number format, line above, line below) → its index."""

    formats: dict[str, int] = field(default_factory=dict)
    known: dict[tuple[str, int, bool, bool], int] = field(default_factory=lambda: {("default", 0, False, False): 0})

    def of(self, look: str, number_format: str | None, above: bool, below: bool) -> int:
        """The index of a cell format; without a number format one for text."""
        number = _TEXT_FORMAT
        if number_format is not None:
            number = self.formats.setdefault(number_format, _FIRST_FORMAT + len(self.formats))
        return self.known.setdefault((look, number, above, below), len(self.known))

    def xml(self) -> str:
        """The part of the styles."""
        fonts = {"default": ("仿宋", 10, False), "title": ("宋体", 18, True), "caption": ("仿宋", 12, False)}
        fonts |= {"label": ("宋体", 10, True)}
        order = list(fonts)
        font_of = {"corner": "caption", "side": "label"}
        borders: dict[tuple[bool, bool] | None, int] = {None: 0}
        formats = []
        for look, number, above, below in self.known:
            boxed = look not in ("default", "title", "caption", "corner")
            border = borders.setdefault((above, below) if boxed else None, len(borders))
            font = order.index(font_of.get(look, look if look in fonts else "default"))
            fill = 2 if look == "label" else 0
            across = "left" if look in ("text", "corner") else "center"
            # A number too wide for its cell would show as ####; text goes on in the next line.
            fits = "" if look == "default" else (' shrinkToFit="1"' if number >= _FIRST_FORMAT else ' wrapText="1"')
            formats.append(
                f'<xf numFmtId="{number}" fontId="{font}" fillId="{fill}" borderId="{border}" xfId="0"'
                ' applyNumberFormat="1" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1">'
                f'<alignment horizontal="{across}" vertical="center"{fits}/></xf>'
            )
        numbers = "".join(
            f'<numFmt numFmtId="{number}" formatCode={quoteattr(code)}/>' for code, number in self.formats.items()
        )
        return (
            f'<styleSheet xmlns="{_MAIN}">'
            + (f'<numFmts count="{len(self.formats)}">{numbers}</numFmts>' if numbers else "")
            + f'<fonts count="{len(fonts)}">{"".join(_font(*font) for font in fonts.values())}</fonts>'
            '<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/>'
            '</fill><fill><patternFill patternType="solid"><fgColor rgb="FFF2F2F2"/><bgColor indexed="64"/>'
            "</patternFill></fill></fills>"
            f'<borders count="{len(borders)}">{"".join(map(_border, borders))}</borders>'
            '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
            f'<cellXfs count="{len(formats)}">{"".join(formats)}</cellXfs>'
            '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
        )


def _font(name: str, size: int, bold: bool) -> str:
    weight = "<b/>" if bold else ""
    return f'<font>{weight}<sz val="{size}"/><name val="{name}"/><family val="3"/><charset val="134"/></font>'


def _border(lines: tuple[bool, bool] | None) -> str:
    if lines is None:
        return "<border><left/><right/><top/><bottom/><diagonal/></border>"
    thin = '<{0} style="thin"><color auto="1"/></{0}>'
    above, below = (
        thin.format(edge) if line else f"<{edge}/>" for edge, line in zip(("top", "bottom"), lines, strict=True)
    )
    return f"<border>{thin.format('left')}{thin.format('right')}{above}{below}<diagonal/></border>"


def _sheet(form: Printed, styles: _Styles, first: bool) -> tuple[str, int | None]:
    """The part of a sheet, and the number of the header row that repeats on every page: the last one there is."""
    looks = [line.look for line in form.lines]
    flat = [Row((Box(0, len(form.widths), line.text, "text"),)) for line in form.lines]
    for table in form.tables:
        flat += _split(form, table)
    heights = _heights(form, flat)
    for at, look in enumerate(looks):
        if look == "title":
            heights[at] = max(heights[at] * 1.6, 32.0)
    xml: list[str] = []
    merged: list[str] = []
    header = None
    for at, (row, boxes) in enumerate(zip(flat, starts(tuple(flat)), strict=True)):
        number = at + 1
        cells = []
        for box, begins in boxes.values():
            cells.append(_cells(box, looks[at] if at < len(looks) else box.look, begins, number, styles))
            if begins and (box.rows > 1 or box.columns > 1):
                last = f"{_letters(box.column + box.columns - 1)}{number + box.rows - 1}"
                merged.append(f'<mergeCell ref="{_letters(box.column)}{number}:{last}"/>')
        if row.header:
            header = number
        xml.append(f'<row r="{number}" ht="{heights[at]:.1f}" customHeight="1">{"".join(cells)}</row>')
    corner = f"{_letters(len(form.widths) - 1)}{len(flat)}"
    columns = "".join(
        f'<col min="{at}" max="{at}" width="{_characters(width):.2f}" customWidth="1"/>'
        for at, width in enumerate(form.widths, 1)
    )
    merges = f'<mergeCells count="{len(merged)}">{"".join(merged)}</mergeCells>' if merged else ""
    turned = "landscape" if form.landscape else "portrait"
    selected = ' tabSelected="1"' if first else ""
    return (
        f'<worksheet xmlns="{_MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><dimension ref="A1:{corner}"/>'
        f'<sheetViews><sheetView showGridLines="0"{selected} workbookViewId="0"/></sheetViews>'
        f'<sheetFormatPr defaultRowHeight="15"/><cols>{columns}</cols><sheetData>{"".join(xml)}</sheetData>{merges}'
        '<printOptions horizontalCentered="1"/>'
        '<pageMargins left="0.59" right="0.59" top="0.59" bottom="0.59" header="0.3" footer="0.3"/>'
        f'<pageSetup paperSize="9" orientation="{turned}" fitToWidth="1" fitToHeight="0"/>'
        "<headerFooter><oddFooter>&amp;C— &amp;P —</oddFooter></headerFooter>"
        # A target of 500 is text like all targets; Excel need not mark it.
        f'<ignoredErrors><ignoredError sqref="A1:{corner}" numberStoredAsText="1"/></ignoredErrors></worksheet>',
        header,
    )


def _cells(box: Box, look: str, begins: bool, row: int, styles: _Styles) -> str:
    """The cells of a box in one row: the first has its value, all have its lines."""
    typed = _typed(box) if begins else None
    style = styles.of(look, typed[1] if typed else None, box.above, box.below)
    blank = styles.of(look, None, box.above, box.below)
    text = shown(box) if begins else ""
    first = f"{_letters(box.column)}{row}"
    if typed:
        cells = [f'<c r="{first}" s="{style}"><v>{typed[0]}</v></c>']
    elif text:
        escaped = escape(_ESCAPES.sub("_x005F_", text))
        kept = ' xml:space="preserve"' if text != text.strip() else ""
        cells = [f'<c r="{first}" s="{style}" t="inlineStr"><is><t{kept}>{escaped}</t></is></c>']
    else:
        cells = [f'<c r="{first}" s="{blank}"/>']
    cells += [
        f'<c r="{_letters(column)}{row}" s="{blank}"/>' for column in range(box.column + 1, box.column + box.columns)
    ]
    return "".join(cells)


def _typed(box: Box) -> tuple[str, str] | None:
    """The number of a box and the format that shows it as written; None for what has to stay text."""
    value = box.value
    suffix = ""
    if isinstance(value, str):
        if box.look != "number" or not _RATE.fullmatch(value):
            return None
        number, suffix = Decimal(value[:-1]), "%"
    else:
        number = value
    plain = f"{number:f}"
    digits = plain.lstrip("-0.").replace(".", "")
    decimals = len(plain.partition(".")[2])
    if len(digits) > _DIGITS or decimals > _DIGITS or (number.is_zero() and number.is_signed()):
        return None
    whole = "#,##0" if box.grouped else "0"
    code = (f"{whole}.{'0' * decimals}" if decimals else whole) + suffix
    return f"{number.scaleb(-2):f}" if suffix else plain, code


# --- sizes ---------------------------------------------------------------------------------------------------------


def _letters(column: int) -> str:
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def _characters(tenths: int) -> float:
    """The width of a column in characters of the default font (7 pixels, 5 for the edges) at 96 dots per inch."""
    return max((tenths * 96 / 254 - 5) / 7, 0.5)


def _lines(text: str, width: int) -> int:
    """How many lines a text takes in a box that is `width` tenths of a millimetre wide."""
    usable = max(width - _FREE, _WIDE)
    lines = 0
    for line in text.split("\n"):
        wide = sum(unicodedata.east_asian_width(character) in "WFA" for character in line)
        lines += max(math.ceil((wide * _WIDE + (len(line) - wide) * _WIDE * 0.55) / usable), 1)
    return lines


def _width(form: Printed, box: Box) -> int:
    return sum(form.widths[box.column : box.column + box.columns])


def _height(text: str, width: int) -> float:
    return _lines(text, width) * _LINE + _PADDING


def _heights(form: Printed, rows: Sequence[Row]) -> list[float]:
    """The heights of rows in points: Excel does not fit rows to merged cells by itself."""
    heights = [21.0] * len(rows)
    tall = []
    for at, row in enumerate(rows):
        for box in row.boxes:
            needed = _height(shown(box), _width(form, box))
            if box.rows == 1:
                heights[at] = max(heights[at], needed)
            else:
                tall.append((at, box.rows, needed))
    for at, count, needed in tall:
        missing = needed - sum(heights[at : at + count])
        if missing > 0:
            heights[at + count - 1] += missing
    return [min(height, _TALLEST) for height in heights]


def _split(form: Printed, rows: Sequence[Row]) -> list[Row]:
    """The rows, with those that may go on below cut into as many as their texts need."""
    result: list[Row] = []
    places: list[int] = []  # of each row in the result, its first one where it was cut
    for at, row in enumerate(rows):
        places.append(len(result))
        pieces = [_pieces(shown(box), _width(form, box)) if row.splits else [] for box in row.boxes]
        count = max([1, *map(len, pieces)])
        if count == 1:
            result.append(row)
            continue
        for above in range(at):
            reaching = {box.column for box in rows[above].boxes if above + box.rows > at}
            place = places[above]
            taller = tuple(
                box._replace(rows=box.rows + count - 1) if box.column in reaching else box
                for box in result[place].boxes
            )
            result[place] = result[place]._replace(boxes=taller)
        for number in range(count):
            boxes = tuple(
                box._replace(value=texts[number] if number < len(texts) else "")
                for box, texts in zip(row.boxes, pieces, strict=True)
            )
            result.append(Row(boxes))
    return result


def _pieces(text: str, width: int) -> list[str]:
    """A text in pieces that a row has room for; a reader that joins them again gets the text."""
    room = int((_TALLEST - _PADDING) / _LINE)
    if _lines(text, width) <= room and _units(text) <= _MOST_CHARACTERS:
        return [text]
    most = max((width - _FREE) * room // _WIDE, 1)
    pieces = []
    while text and (_lines(text, width) > room or _units(text) > _MOST_CHARACTERS):
        window = text[:most]
        while len(window) > 2 and _lines(window, width) > room:
            window = window[: len(window) * 9 // 10]
        lines = list(_SENTENCE_ENDS.finditer(text, 1, len(window)))
        places = [lines[-1]] if lines else list(_INSIDE.finditer(text, len(window) // 2 + 1, len(window)))[-1:]
        start, end = places[0].span() if places else (len(window), len(window))
        pieces.append(text[:start])
        text = text[end:]
    return [*pieces, text]
