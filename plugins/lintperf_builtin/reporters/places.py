"""Places as people and formats count them: from 1. With `lintperf.document.places` the only modules that add 1."""

from __future__ import annotations

from typing import Any

from lintperf.document.places import short
from lintperf.model import CellPlace, Finding, Lang, PagePlace, ParagraphPlace, Place, Related, SheetPlace, TextPlace

__all__ = [
    "MOST_RELATED",
    "field_path",
    "in_words",
    "location",
    "origin_in_words",
    "related_in_short",
    "related_in_words",
]

MOST_RELATED = 3


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


def origin_in_words(finding: Finding, lang: Lang) -> str:
    """`form.docx 表1 第6行第5列`: where the value stood before it was converted; "" for what never was."""
    if finding.origin is None:
        return ""
    return f"{finding.origin.file} {in_words(finding.origin.place, lang)}"


def related_in_words(related: Related, title: str, lang: Lang, path: str | None = None) -> str:
    """`表1 第6行第5列 得分`; of another document `b.docx 表1 第6行第5列 得分`.

    title  that of the field; path: the file that was named just before, which need not be named again
    """
    place = in_words(related.place, lang) if related.place is not None else ""
    file = related.path if related.path is not None and related.path != path else ""
    return " ".join(part for part in (file, place, title) if part)


def related_in_short(finding: Finding, lang: Lang) -> str:
    """`表1!R6C5、表1!R7C5`, for findings that one place does not explain: of a sentence, or of two documents.

    "" for all others: what a cell is held against mostly stands in its own row.
    """
    if not isinstance(finding.place, ParagraphPlace) and all(each.path is None for each in finding.related):
        return ""
    places = dict.fromkeys((each.path, short(each.place)) for each in finding.related if each.place is not None)
    named = []
    before = None
    for path, place in places:
        named.append(place if path is None or path == before else f"{path}:{place}")
        before = path
    joint = "、" if lang == "zh" else ", "
    if len(named) <= MOST_RELATED:
        return joint.join(named)
    more = len(named) - MOST_RELATED
    return joint.join(named[:MOST_RELATED]) + (f" 等 {len(named)} 处" if lang == "zh" else f" and {more} more")


def location(place: Place | None, exact: bool) -> dict[str, Any] | None:
    """The place as JSON gives it, None where it is unknown; `enclosing` where only a value around it has a place."""
    members: dict[str, Any]
    match place:
        case None:
            return None
        case TextPlace():
            members = {
                "line": place.line + 1,
                "column": place.column + 1,
                "end_line": place.end_line + 1,
                "end_column": place.end_column + 1,
            }
        case CellPlace():
            members = {"table": place.table + 1, "row": place.row + 1, "column": place.column + 1}
        case SheetPlace():
            members = {"sheet": place.sheet, "cell": place.cell}
        case ParagraphPlace():
            members = {"paragraph": place.paragraph + 1}
            if (place.start, place.end) != (0, None):
                members |= {"start": place.start + 1, "end": place.end}
            if place.page is not None:
                members |= {"page": place.page + 1}
        case PagePlace():
            members = {
                "page": place.page + 1,
                "box": place.box,
                "table": place.table + 1,
                "row": place.row + 1,
                "column": place.column + 1,
            }
    return members if exact else members | {"enclosing": True}


def field_path(pointer: str) -> str:
    """The field that a pointer speaks of, without the rows' numbers: `funds.rows.rate` for `/funds/rows/0/rate`."""
    steps = (step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:])
    return ".".join(step for step in steps if not step.isdecimal())
