"""Places counted from 1: in a few characters, the same in every language and read back; and in words for people."""

from __future__ import annotations

import re

from lintperf.model import CellPlace, Lang, PagePlace, ParagraphPlace, Place, SheetPlace, TextPlace
from lintperf.patterns import pattern

__all__ = ["in_words", "read_place", "short", "whole"]

_PAGE = pattern(r"页([0-9]{1,7})\[(-?[0-9]{1,7}),(-?[0-9]{1,7}),(-?[0-9]{1,7}),(-?[0-9]{1,7})\]!(.+)")
_CELL = pattern(r"表([0-9]{1,7})!R([0-9]{1,7})C([0-9]{1,7})")
_PARAGRAPH = pattern(r"(?:页([0-9]{1,7})!)?段([0-9]{1,7})(?::([0-9]{1,9})-([0-9]{0,9}))?")
_LINE = pattern(r"([0-9]{1,9}):([0-9]{1,9})")
_SHEET = pattern(r"(.+)!([A-Z]{1,3}[0-9]{1,7})", re.DOTALL)


def short(place: Place) -> str:
    """`12:5`, `表1!R6C5`, `Sheet1!G12`, `页2!表1!R6C5`, `段12`, `页2!段12`; a stretch of a paragraph `段12:5-20`."""
    if isinstance(place, SheetPlace):
        return f"{place.sheet}!{place.cell}"
    if isinstance(place, TextPlace):
        return f"{place.line + 1}:{place.column + 1}"
    if isinstance(place, ParagraphPlace):
        page = "" if place.page is None else f"页{place.page + 1}!"
        stretch = "" if (place.start, place.end) == (0, None) else f":{place.start + 1}-{place.end or ''}"
        return f"{page}段{place.paragraph + 1}{stretch}"
    cell = f"表{place.table + 1}!R{place.row + 1}C{place.column + 1}"
    return f"页{place.page + 1}!{cell}" if isinstance(place, PagePlace) else cell


def in_words(place: Place, lang: Lang, column: bool = True) -> str:
    """`第12行第5列`, `表1 第6行第5列`, `第2页 表1 第6行第5列`, `Sheet1!G12`, `第12段`, `第2页 第12段`.

    `column=False` leaves out the column of a table's cell.
    """
    if isinstance(place, SheetPlace):
        return f"{place.sheet}!{place.cell}"
    if isinstance(place, TextPlace):
        line, col = place.line + 1, place.column + 1
        return f"第{line}行第{col}列" if lang == "zh" else f"line {line} column {col}"
    if isinstance(place, ParagraphPlace):
        number = place.paragraph + 1
        page = None if place.page is None else place.page + 1
        if lang == "zh":
            return f"第{number}段" if page is None else f"第{page}页 第{number}段"
        return f"paragraph {number}" if page is None else f"page {page} paragraph {number}"
    table, row, col = place.table + 1, place.row + 1, place.column + 1
    page = place.page + 1 if isinstance(place, PagePlace) else None
    if lang == "zh":
        where = f"表{table} 第{row}行" + (f"第{col}列" if column else "")
        return f"第{page}页 {where}" if page else where
    where = f"table {table} row {row}" + (f" column {col}" if column else "")
    return f"page {page} {where}" if page else where


def whole(place: Place) -> str:
    """As `short`, with the box of a place on a page: `页2[72,100,310,128]!表1!R6C5`."""
    if not isinstance(place, PagePlace):
        return short(place)
    page, _, cell = short(place).partition("!")
    return f"{page}[{','.join(str(edge) for edge in place.box)}]!{cell}"


def read_place(text: str) -> Place | None:
    """The place that `whole` wrote; None for a text that is none. Of a text file only the beginning is known."""
    if found := _PAGE.fullmatch(text):
        cell = read_place(found[6])
        if not isinstance(cell, CellPlace):
            return None
        left, top, right, bottom = (int(edge) for edge in found.groups()[1:5])
        return PagePlace(int(found[1]) - 1, (left, top, right, bottom), cell.table, cell.row, cell.column)
    if found := _CELL.fullmatch(text):
        table, row, column = (int(number) - 1 for number in found.groups())
        return CellPlace(table, row, column)
    if found := _PARAGRAPH.fullmatch(text):
        page, paragraph, start, end = (int(number) if number else None for number in found.groups())
        return ParagraphPlace(
            (paragraph or 1) - 1, start - 1 if start else 0, end, page - 1 if page is not None else None
        )
    if found := _LINE.fullmatch(text):
        line, column = int(found[1]) - 1, int(found[2]) - 1
        return TextPlace(line, column, line, column, 0, 0)
    found = _SHEET.fullmatch(text)
    return SheetPlace(found[1], found[2]) if found else None
